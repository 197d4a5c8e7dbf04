// One evaluation: its figures, its pictures, its questions.

import { get, path } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { number, time } from "../core/format.js";
import { go, link } from "../core/router.js";
import { may } from "../core/state.js";
import { speaks } from "../core/text.js";
import { button } from "../parts/button.js";
import { icon } from "../parts/icon.js";
import { load } from "../parts/notice.js";
import texts from "../text/measure.js";
import { figureShown, figuresOf, optionNames, runName } from "./figures.js";
import { pictures } from "./pictures.js";
import { questionList } from "./questions.js";
import { askToRemove, downloadButton } from "./runs.js";

const t = speaks(texts);

/** @typedef {import("./figures.js").Run} Run */
/** @typedef {import("../shell/views.js").Context} Context */

/** @param {HTMLElement} view @param {Context} context @param {string} id */
export async function showRun(view, context, id) {
  const { kb, signal } = context;
  const head = h("div", { class: "stack is-tight" }, back(kb), h("h1", { tabindex: -1 }, t("title")));
  const body = h("div", { class: "stack is-wide" });
  put(view, head, body);
  await load(body, async () => {
    const [run, list] = await Promise.all([
      get(path`/kbs/${kb}/evaluations/${id}`, {}, signal), get(path`/kbs/${kb}/evaluations`, {}, signal)]);
    put(head, back(kb), runHead(context, run, list.evaluations));
    document.title = [runName(run), ...document.title.split(" · ").slice(-3)].join(" · ");
    return [
      h("section", { "aria-labelledby": "run-figures" }, h("h2", { class: "unseen", id: "run-figures" }, t("figures")), figureCards(run)),
      h("section", { class: "stack", "aria-labelledby": "run-pictures" }, h("h2", { class: "unseen", id: "run-pictures" }, t("pictures")),
        h("div", { class: "charts" }, ...pictures([run.report], [runName(run)], signal))),
      questionList(context, run),
    ];
  });
}

/** @param {string} kb */
export function back(kb) {
  return h("p", null, h("a", { class: "back", href: link(["kb", kb, "measure"]) }, icon("previous", 16), t("back")));
}

/** @param {Context} context @param {Run} run @param {Run[]} all */
function runHead({ kb }, run, all) {
  const others = all.filter((one) => one.id !== run.id);
  const then = (/** @type {any} */ event) => event.target.value && go(link(["kb", kb, "measure", run.id, event.target.value]));
  return h("div", { class: "view-head" },
    h("div", null, h("h1", { tabindex: -1 }, runName(run)), about(run)),
    h("div", { class: "row" },
      others.length > 0 && h("label", { class: "run-compare" }, h("span", { class: "unseen" }, t("compareWith")),
        h("select", { onchange: then }, h("option", { value: "" }, t("compareWith")),
          ...others.map((one) => h("option", { value: one.id }, `${runName(one)} · ${time(one.created)}`)))),
      downloadButton(kb, run),
      may("write", kb) && button(t("remove"), () => askToRemove(kb, run, () => go(link(["kb", kb, "measure"]))),
        { icon: "trash", small: true })));
}

/** When it was run, with how many questions, answered how. @param {Run} run */
export function about(run) {
  return h("p", { class: "row run-about" }, h("span", { class: "figure" }, time(run.created)),
    h("span", null, t("nQuestions", { n: number(run.report.questions) })),
    ...optionNames(run).map((option) => h("span", { class: "badge" }, option)));
}

/** @param {Run} run */
function figureCards(run) {
  const [first, ...rest] = figuresOf(run.report);
  const card = (/** @type {import("./figures.js").Figure} */ figure, /** @type {string} */ more) =>
    h("div", { class: `figure-card${more}` }, h("dt", null, figure.name), h("dd", { class: "figure-value" }, figureShown(figure)),
      h("dd", { class: "help" }, figure.help));
  return h("dl", { class: "card figure-cards" }, card(first, " is-first"), ...rest.map((figure) => card(figure, "")));
}
