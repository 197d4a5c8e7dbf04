// The form that runs an evaluation: with which questions, answered how.

import { get, path, text } from "../core/api.js";
import { h, id, put } from "../core/dom.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import { button } from "../parts/button.js";
import { checkField, textField } from "../parts/field.js";
import { notice } from "../parts/notice.js";
import texts from "../text/measure.js";
import { save } from "../parts/save.js";
import { labelFile } from "./file.js";
import { progress } from "./progress.js";
import { begin, running } from "./running.js";

const t = speaks(texts);

/** @typedef {import("../shell/views.js").Context} Context */

/** @param {Context} context @param {() => Promise<any>} finished */
export function startForm(context, finished) {
  const { kb, signal } = context;
  const place = h("div", { class: "stack" });
  const form = h("section", { class: "card", "aria-labelledby": "measure-new" }, h("h2", { id: "measure-new" }, t("newRun")), place);

  /** What had the focus goes; it stays at the same place. @param {...any} children */
  function swap(...children) {
    const focused = place.contains(document.activeElement);
    put(place, ...children);
    if (focused) place.querySelector("button[type=submit], .running button")?.focus();
  }

  /** @param {any} [said] what came of the last one */
  const showForm = (said) => swap(fields(), said);

  /** Waits for the one that runs, here or since an earlier visit. */
  async function follow() {
    const now = running(kb);
    if (!now) return;
    swap(progress(now, signal));
    try {
      await now.done;
      if (signal.aborted) return;
      showForm();
      await finished();
    } catch (error) {
      if (signal.aborted) return;
      const stopped = /** @type {any} */ (error).code === "aborted";
      showForm(h("div", { role: "alert" }, stopped ? notice("info", t("stopped")) : notice("danger", inWords(error))));
    }
  }

  /** What was filled in stays while one runs and after it failed. @type {HTMLFormElement | null} */
  let made = null;
  function fields() {
    made ??= makeFields(kb, (body, questions) => {
      begin(kb, body, questions);
      follow();
    });
    return made;
  }

  if (running(kb)) follow();
  else showForm();
  return form;
}

/** @param {string} kb @param {(body: Record<string, any>, questions: number) => void} run */
function makeFields(kb, run) {
  const file = labelFile(kb);
  const group = id("source");
  const problem = h("div", { role: "alert" });
  const [byFile, fileRadio] = choice(group, "file", t("ofFile"), t("ofFileHelp"));
  const [byFeedback, feedbackRadio, feedbackHelp] = choice(group, "feedback", t("ofFeedback"), "");
  const feedback = h("div", { hidden: true });
  fileRadio.checked = true;
  let ofFeedback = 0;

  const switched = () => {
    file.element.hidden = !fileRadio.checked;
    feedback.hidden = fileRadio.checked;
    put(problem);
  };
  fileRadio.addEventListener("change", switched);
  feedbackRadio.addEventListener("change", switched);
  const name = textField(t("name"), { about: { name: "name", maxlength: 200, placeholder: t("namePlaceholder") } });
  const embedder = checkField(t("embedder"), { checked: true, help: t("embedderHelp"), about: { name: "embedder" } });
  const reranker = checkField(t("reranker"), { help: t("rerankerNone"), about: { name: "reranker", disabled: true } });
  const rated = checkField(t("rated"), { help: t("ratedHelp"), about: { name: "rated" } });

  feedbackRadio.disabled = true;
  text(path`/kbs/${kb}/feedback/questions`).then((lines) => {
    ofFeedback = lines.split("\n").filter((line) => line.trim()).length;
    feedbackRadio.disabled = !ofFeedback;
    put(feedbackHelp, ofFeedback ? t("ofFeedbackHelp", { n: ofFeedback }) : t("ofFeedbackNone"));
    if (ofFeedback) {
      put(feedback, button(t("downloadFeedback"), () => save(new Blob([lines], { type: "application/x-ndjson" }), "feedback.jsonl"),
        { icon: "download", small: true }));
    }
  }, (error) => put(feedbackHelp, inWords(error)));
  get(path`/kbs/${kb}`).then((about) => {
    if (!about.reranker) return;
    const box = reranker.querySelector("input");
    Object.assign(box, { disabled: false, checked: true });
    put(reranker.querySelector(".help"), t("rerankerHelp", { model: about.reranker }));
  }, () => {});

  /** @param {SubmitEvent} event */
  function onsubmit(event) {
    event.preventDefault();
    const data = new FormData(form);
    const isFile = fileRadio.checked;
    const labels = file.labels();
    if (isFile && !labels) {
      put(problem, notice("warning", t("pickFirst")));
      return;
    }
    put(problem);
    const has = (/** @type {string} */ option) => data.get(option) !== null;
    const options = { rated: has("rated"), embedder: has("embedder"), reranker: has("reranker") };
    const body = { name: String(data.get("name") ?? "").trim(), options, ...(isFile ? { questions: labels?.lines } : {}) };
    run(body, isFile ? (labels?.questions ?? 0) : ofFeedback);
  }

  const form = h("form", { class: "stack start", onsubmit },
    h("fieldset", { class: "stack is-tight" }, h("legend", null, t("source")),
      h("div", { class: "choices" }, byFile, byFeedback), file.element, feedback),
    h("div", { class: "start-rest" }, name,
      h("fieldset", { class: "stack is-tight" }, h("legend", null, t("options")),
        h("div", { class: "options" }, embedder, reranker, rated))),
    problem,
    h("div", { class: "row" }, button(t("run"), null, { look: "primary", submit: true, icon: "play" })));
  return form;
}

/**
 * One of several ways, as a box that is pressed as a whole.
 * @param {string} group @param {string} value @param {string} label @param {string} help
 */
function choice(group, value, label, help) {
  const name = id("choice");
  const helping = h("span", { class: "help", id: `${name}-help` }, help);
  const radio = h("input", { type: "radio", name: group, value, id: name, "aria-describedby": `${name}-help` });
  return [h("label", { class: "choice", for: name }, radio, h("span", null, h("b", null, label), helping)), radio, helping];
}
