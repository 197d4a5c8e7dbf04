// Two evaluations beside each other: which is better, how sure that is, and on which questions.

import { get, path } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { number } from "../core/format.js";
import { link } from "../core/router.js";
import { speaks } from "../core/text.js";
import { linkButton } from "../parts/button.js";
import { load, notice } from "../parts/notice.js";
import texts from "../text/measure.js";
import { changeLists } from "./changes.js";
import { figureShown, figuresOf, runName, signed } from "./figures.js";
import { pictures } from "./pictures.js";
import { about, back } from "./run.js";

const t = speaks(texts);

/** @typedef {import("./figures.js").Run} Run */
/** @typedef {{ id: number, question: string, before: number, after: number }} Change */
/**
 * @typedef {{ questions: number, before: number | null, after: number | null, low: number | null, high: number | null,
 *   wins: number, losses: number, changes: Change[] }} Comparison
 */

/** Of fewer questions an interval says little. */
const FEW = 30;

/** @param {HTMLElement} view @param {import("../shell/views.js").Context} context @param {string} id @param {string} other */
export async function showCompared(view, { kb, signal }, id, other) {
  const body = h("div", { class: "stack is-wide" });
  put(view, h("div", { class: "stack is-tight" }, back(kb),
    h("div", { class: "view-head" }, h("h1", { tabindex: -1 }, t("compareTitle")),
      id !== other && linkButton(t("swap"), link(["kb", kb, "measure", other, id]), { icon: "sort", small: true }))), body);
  if (id === other) return put(body, notice("info", t("pickTwo")));
  await load(body, async () => {
    const [now, before, comparison] = await Promise.all([
      get(path`/kbs/${kb}/evaluations/${id}`, {}, signal),
      get(path`/kbs/${kb}/evaluations/${other}`, {}, signal),
      get(path`/kbs/${kb}/evaluations/${id}/compare/${other}`, {}, signal),
    ]);
    return compared(kb, now, before, comparison, signal);
  });
}

/** @param {string} kb @param {Run} now @param {Run} before @param {Comparison} comparison @param {AbortSignal} signal */
function compared(kb, now, before, comparison, signal) {
  const names = [`${t("now")}: ${runName(now)}`, `${t("before")}: ${runName(before)}`];
  return [
    verdict(kb, now, before, comparison),
    changeLists(kb, now, before, comparison.changes),
    h("section", { class: "card is-flush", "aria-labelledby": "compare-figures" },
      h("h2", { class: "runs-head", id: "compare-figures" }, t("figures")), figureTable(now, before)),
    h("section", { class: "stack", "aria-labelledby": "compare-pictures" }, h("h2", { class: "unseen", id: "compare-pictures" }, t("pictures")),
      h("div", { class: "charts" }, ...pictures([now.report, before.report], names, signal))),
  ];
}

/** @param {string} kb @param {Run} now @param {Run} before @param {Comparison} comparison */
function verdict(kb, now, before, comparison) {
  const { questions, low, high, wins, losses } = comparison;
  const sides = h("div", { class: "sides" }, side(kb, t("now"), now, comparison.after), side(kb, t("before"), before, comparison.before));
  if (!questions || low === null || high === null) return h("section", { class: "card stack" }, sides, notice("warning", t("noCommon")));
  const difference = (comparison.after ?? 0) - (comparison.before ?? 0);
  const sure = low > 0 ? "better" : high < 0 ? "worse" : "unclear";
  const sort = /** @type {const} */ ({ better: "good", worse: "danger", unclear: "info" })[sure];
  const values = { n: number(Math.abs(difference), 1), low: signed(low), high: signed(high) };
  const all = new Set([...now.report.rows, ...before.report.rows].map((row) => row.id)).size;
  const says = /** @type {const} */ ({ better: "betterSays", worse: "worseSays", unclear: "unclearSays" })[sure];
  return h("section", { class: "card stack" }, sides,
    h("div", { class: "verdict" },
      h("p", { class: "verdict-value figure" }, h("span", { class: "unseen" }, t("difference")), signed(difference)),
      notice(sort, h("p", null, h("b", null, t(sure))),
        wins + losses ? h("p", null, t(says, values)) : h("p", null, t("identical")),
        h("p", null, t("common", { n: number(questions), wins, losses, same: questions - wins - losses })),
        questions < FEW && h("p", { class: "help" }, t("few")),
        all > questions && h("p", { class: "help" }, t("onlyOne", { n: number(all - questions) })))));
}

/** @param {string} kb @param {string} label @param {Run} run @param {number | null} score over the common questions */
function side(kb, label, run, score) {
  const which = label === t("now") ? 0 : 1;
  return h("div", { class: `side-card is-${which}` }, h("p", { class: "help" }, label),
    h("h2", null, h("a", { href: link(["kb", kb, "measure", run.id]) }, runName(run))),
    h("p", { class: "side-score figure" }, score === null ? t("notMeasured") : number(score, 1)), about(run));
}

/** @param {Run} now @param {Run} before */
function figureTable(now, before) {
  const others = figuresOf(before.report);
  const line = (/** @type {import("./figures.js").Figure} */ own, /** @type {number} */ at) => {
    const other = others[at];
    const difference = own.value === null || other.value === null ? null : own.value - other.value;
    const gain = difference === null || Math.abs(difference) < 0.05 ? 0 : difference * (own.lowIsGood ? -1 : 1);
    return h("tr", null, h("th", { scope: "row" }, own.name, h("p", { class: "help" }, own.help)),
      h("td", { class: "is-number" }, figureShown(own)), h("td", { class: "is-number" }, figureShown(other)),
      h("td", { class: `is-number${gain > 0 ? " is-gain" : gain < 0 ? " is-loss" : ""}` }, difference === null ? t("notMeasured") : signed(difference)));
  };
  return h("div", { class: "scroll" }, h("table", { class: "list compare-table" },
    h("thead", null, h("tr", null, h("th", { scope: "col" }, t("name")), ...[t("now"), t("before"), t("difference")]
      .map((name) => h("th", { scope: "col", class: "is-number" }, name)))),
    h("tbody", null, ...figuresOf(now.report).map(line))));
}
