// One question explained stage by stage: how it is read, which passages are considered, what is
// chosen. The address holds the question, so that a link shows the same again.

import { path, post } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { go, link } from "../core/router.js";
import { speaks } from "../core/text.js";
import { button, linkButton } from "../parts/button.js";
import { areaField, field, textField } from "../parts/field.js";
import { empty, load, notice } from "../parts/notice.js";
import texts from "../text/explain.js";
import { chosenStage } from "./chosen.js";
import { passagesStage } from "./considered.js";
import { readStage } from "./read.js";

const t = speaks(texts);

/** What the service takes as a date: a year, a month or a day. */
const DATE = /^(19|20)\d{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;

/** @typedef {import("../shell/views.js").Context} Context */
/** @typedef {{ question: string, asOf: string, after: string[] }} Asked */

/** Whether the view is shown because its own form was sent: the focus stays in it then. */
let sent = false;

/** @param {HTMLElement} main @param {Context} context */
export async function show(main, context) {
  const { kb, params, signal } = context;
  const asked = { question: (params.get("q") ?? "").trim(), asOf: (params.get("as_of") ?? "").trim(), after: params.getAll("after").filter(Boolean) };
  const stages = h("div", { class: "stack is-wide" });
  const form = questionForm(kb, asked);
  put(main, h("div", { class: "view explain" },
    h("div", { class: "view-head" }, h("div", null, h("h1", { tabindex: -1 }, t("title")), h("p", { class: "reading" }, t("intro")))),
    form, stages));
  if (sent) form.querySelector("input")?.focus();
  sent = false;
  if (!asked.question) return put(stages, empty(t("start"), t("startHelp")));
  if (asked.asOf && !DATE.test(asked.asOf)) return put(stages, notice("warning", t("asOfWrong")));
  await explained(stages, kb, asked, signal);
}

/** @param {string} kb @param {Asked} asked */
function address(kb, { question, asOf, after }) {
  /** @type {[string, string][]} */
  const params = [["q", question], ["as_of", asOf], ...after.map((one) => /** @type {[string, string]} */ (["after", one]))];
  return { explain: link(["kb", kb, "explain"], params), ask: link(["kb", kb, "ask"], params) };
}

/** @param {string} kb @param {Asked} asked @returns {HTMLElement} */
function questionForm(kb, asked) {
  const question = h("input", { type: "text", name: "q", required: true, maxlength: 2000, autocomplete: "off", value: asked.question, placeholder: t("placeholder") });
  const more = h("details", { open: Boolean(asked.asOf || asked.after.length) }, h("summary", { class: "small" }, t("more")),
    h("div", { class: "explain-more" },
      textField(t("asOf"), { help: t("asOfHelp"), about: { name: "as_of", value: asked.asOf, pattern: DATE.source, title: t("asOfWrong"), placeholder: "2024-05-04" } }),
      areaField(t("after"), { help: t("afterHelp"), about: { name: "after", rows: 3 } })));
  /** @type {HTMLTextAreaElement} */ (more.querySelector("textarea")).value = asked.after.join("\n");
  /** @param {SubmitEvent} event */
  function onsubmit(event) {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const given = (/** @type {string} */ name) => String(data.get(name) ?? "").trim();
    sent = true;
    go(address(kb, { question: given("q"), asOf: given("as_of"), after: given("after").split("\n").map((one) => one.trim()).filter(Boolean) }).explain);
  }
  return h("form", { class: "card stack", onsubmit },
    h("div", { class: "explain-ask" }, field(t("question"), question),
      h("div", { class: "row" }, button(t("run"), null, { look: "primary", submit: true, icon: "explain" }),
        asked.question && linkButton(t("ask"), address(kb, asked).ask, { icon: "ask" }))),
    more);
}

/** @param {HTMLElement} place @param {string} kb @param {Asked} asked @param {AbortSignal} signal */
async function explained(place, kb, { question, asOf, after }, signal) {
  const body = { question, after, as_of: asOf || undefined };
  /** Asked for once; anew where that failed. @type {Promise<any> | null} */
  let asking = null;
  const answer = () => (asking ??= post(path`/kbs/${kb}/ask`, { ...body, explain: true, layout: true, llm: false, top: 10 }, signal)
    .catch((error) => {
      asking = null;
      throw error;
    }));
  /** @param {number} number @param {string} title @param {string} about @param {() => Promise<any>} work */
  const stage = (number, title, about, work) => {
    const body = h("div", { class: "stack" });
    const name = `stage-${number}`;
    place.append(h("section", { class: "card stage", "aria-labelledby": name },
      h("header", null, h("span", { class: "stage-number", "aria-hidden": "true" }, number), h("div", null, h("h2", { id: name }, title), h("p", { class: "help" }, about))), body));
    return load(body, work);
  };
  await Promise.all([
    stage(1, t("read"), t("readAbout"), async () => {
      const [read, asked] = await Promise.all([post(path`/kbs/${kb}/explain`, body, signal), answer().catch(() => null)]);
      return readStage(kb, read, asked?.corrected ?? []);
    }),
    stage(2, t("passages"), t("passagesAbout"), async () => passagesStage(kb, await answer())),
    stage(3, t("answer"), t("confidenceAbout"), async () => chosenStage(kb, await answer())),
  ]);
}
