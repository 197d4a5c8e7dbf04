// The questions that one evaluation answers better or worse than another, greatest change first.

import { h, put } from "../core/dom.js";
import { number } from "../core/format.js";
import { speaks } from "../core/text.js";
import { button } from "../parts/button.js";
import texts from "../text/measure.js";
import { score100, signed } from "./figures.js";
import { textPair, toQuestion } from "./pair.js";

const t = speaks(texts);

/** @typedef {import("./compare.js").Change} Change */
/** @typedef {import("./figures.js").Run} Run */

/** So many are shown at first, and more each time. */
const PAGE = 10;

/** @param {string} kb @param {Run} now @param {Run} before @param {Change[]} changes greatest gain first, greatest loss last */
export function changeLists(kb, now, before, changes) {
  const wins = changes.filter((change) => change.after > change.before);
  const losses = changes.filter((change) => change.after < change.before).reverse();
  const rows = [now, before].map((run) => new Map(run.report.rows.map((row) => [row.id, row])));
  const draw = (/** @type {Change} */ change) => changed(kb, change, rows[0].get(change.id), rows[1].get(change.id));
  return h("div", { class: "changes" }, list(t("losses"), losses, t("noLosses"), draw), list(t("wins"), wins, t("noWins"), draw));
}

/** @param {string} title @param {Change[]} changes @param {string} none @param {(change: Change) => HTMLElement} draw */
function list(title, changes, none, draw) {
  const place = h("ul", { class: "change-list" });
  const more = h("div", { class: "row" });
  /** @param {number} from */
  function add(from) {
    place.append(...changes.slice(from, from + PAGE).map(draw));
    const left = changes.length - from - PAGE;
    put(more, left > 0 && button(t("moreChanges", { n: Math.min(left, PAGE) }), () => {
      add(from + PAGE);
      place.children[from + PAGE]?.querySelector("summary")?.focus();
    }, { small: true }));
  }
  add(0);
  return h("section", { class: "card stack is-tight" }, h("h2", null, `${title} (${number(changes.length)})`),
    changes.length ? place : h("p", { class: "muted" }, none), more);
}

/** @param {string} kb @param {Change} change @param {import("./figures.js").Row | undefined} now @param {import("./figures.js").Row | undefined} before */
function changed(kb, change, now, before) {
  const gain = change.after - change.before;
  const box = h("details", { class: "change" }, h("summary", null,
    h("span", { class: `change-value figure ${gain > 0 ? "is-gain" : "is-loss"}` }, signed(gain * 100, 0)),
    h("span", { class: "grow" }, change.question,
      h("span", { class: "faint figure" }, t("fromTo", { before: score100(change.before), after: score100(change.after) })))));
  box.addEventListener("toggle", () => {
    // The texts of hundreds of questions are laid out when somebody wants to see them.
    box.append(h("div", { class: "stack is-tight" },
      textPair([[t("now"), now?.answer], [t("before"), before?.answer], [t("expected"), now?.expected ?? before?.expected]]), toQuestion(kb, change.question)));
  }, { once: true });
  return h("li", null, box);
}
