// What changed between two versions, passage by passage: added and removed ones are told by sign and
// colour, and within two that belong together what differs is set off; unchanged stretches are folded.

import { h } from "../core/dom.js";
import { number } from "../core/format.js";
import { speaks } from "../core/text.js";
import { marked } from "../parts/quote.js";
import { notice } from "../parts/notice.js";
import common from "../text/common.js";
import texts from "../text/documents.js";
import { pairs, ranges } from "./alike.js";

const t = speaks(texts);
const c = speaks(common);

/** @typedef {{ change: "same" | "added" | "removed", page: number | null, text: string }} Compared */
/** @typedef {import("../parts/quote.js").Range} Range */

/** @param {Compared[]} passages */
export function differences(passages) {
  const count = (/** @type {string} */ change) => passages.filter((one) => one.change === change).length;
  const [added, removed] = [count("added"), count("removed")];
  if (!added && !removed) return notice("good", t("noDifference"));
  return h("div", { class: "stack is-tight" },
    h("h2", null, t("compare")),
    h("p", { class: "muted small" }, t("differences", { added: number(added), removed: number(removed), same: number(count("same")) })),
    h("div", { class: `diff${passages.some((one) => one.page !== null) ? " has-pages" : ""}` }, ...runs(passages).map((run) => (run[0].change === "same" ? folded(run) : changed(run)))));
}

/** Stretches of what changed and of what did not. @param {Compared[]} passages */
function runs(passages) {
  /** @type {Compared[][]} */
  const all = [];
  for (const one of passages) {
    const last = all.at(-1);
    if (last && (last[0].change === "same") === (one.change === "same")) last.push(one);
    else all.push([one]);
  }
  return all;
}

/** @param {Compared[]} run */
function folded(run) {
  return h("details", { class: "diff-same" }, h("summary", null, t("unchanged", { n: number(run.length) })),
    ...run.map((one) => passage(one, [])));
}

/** @param {Compared[]} run */
function changed(run) {
  const [gone, come] = [run.filter((one) => one.change === "removed"), run.filter((one) => one.change === "added")];
  const found = pairs(gone.map((one) => one.text), come.map((one) => one.text));
  /** @type {Map<Compared, Range[]>} */
  const marks = new Map();
  for (const [before, after] of found) {
    const [left, right] = ranges(gone[before].text, come[after].text);
    marks.set(gone[before], left);
    marks.set(come[after], right);
  }
  return h("div", { class: "diff-changed" }, ...run.map((one) => passage(one, marks.get(one) ?? [])));
}

/** @param {Compared} one @param {Range[]} marks */
function passage(one, marks) {
  const sign = { same: "", added: "+", removed: "−" }[one.change];
  return h("div", { class: `diff-passage is-${one.change}` },
    h("div", { class: "diff-sign" }, sign && h("span", { "aria-hidden": "true" }, sign),
      one.change !== "same" && h("span", { class: "unseen" }, t(`diff_${one.change}`)), one.page !== null && h("span", { class: "faint nowrap" }, c("page", { n: one.page }))),
    h("div", { class: "diff-text" }, ...marked(one.text, marks)));
}
