// Chooses the original text that answers a question: sentences and table rows of passages, with tick
// boxes; others can be looked for. Nothing can be typed, as only text of documents becomes an answer.

import { get, path, post } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import texts from "../text/correction.js";
import common from "../text/common.js";
import { button, busy } from "./button.js";
import { textField } from "./field.js";
import { notice } from "./notice.js";
import { quotable, quoted } from "./quotable.js";
import { marked } from "./quote.js";

const t = speaks(texts);
const c = speaks(common);

/** So many passages are shown at first, and so many are looked for. */
const SHOWN = 5;
const FOUND = 8;

/**
 * @typedef {{ document: string, text: string }} Chosen
 * @typedef {{ document?: string | null, doc: string, title?: string | null, page?: number | null, ordinal?: number,
 *   headings?: string[] | null, text: string, layout?: import("./quote.js").Piece[] }} Passage
 * @typedef {import("./quotable.js").Unit} Unit
 * @typedef {{ passage: Passage, groups: import("./quotable.js").Group[], units: Set<Unit>, boxes: Map<Unit, HTMLInputElement[]> }} Choice
 */

/**
 * @param {{ kb: string, question: string, passages: Passage[], before?: (Chosen & { doc?: string })[], onchange?: () => void }} about
 *   `passages` of an answer with `layout: true`; `before` what was chosen earlier
 * @returns {{ element: HTMLElement, chosen: () => Chosen[] }}
 */
export function correction({ kb, question, passages, before = [], onchange = () => {} }) {
  /** @type {Choice[]} */
  const choices = [];
  let kept = [...before];
  const summary = h("div", { class: "picked", "aria-live": "polite" });
  const results = h("div", { class: "stack is-tight", "aria-live": "polite" });
  const list = h("div", { class: "stack is-tight" });

  const field = textField(t("searchLabel"), { about: { type: "search", value: question, maxlength: 500, placeholder: t("searchPlaceholder"), onkeydown } });
  const input = /** @type {HTMLInputElement} */ (field.querySelector("input"));
  const find = button(t("search"), look, { icon: "search" });
  const bar = h("div", { class: "picker-search" }, field, find);

  /** @param {KeyboardEvent} event */
  function onkeydown(event) {
    // Often stands within a form, which Enter would send.
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    look();
  }

  async function look() {
    const query = input.value.trim();
    if (!query) return input.focus();
    try {
      /** @type {Passage[]} */
      const fresh = await busy(find, async () => {
        const found = await post(path`/kbs/${kb}/search`, { query, limit: FOUND });
        const own = found.passages.filter((/** @type {Passage} */ one) => one.document);
        await Promise.all(own.filter((/** @type {Passage} */ one) => one.text.includes("\t")).map(laid));
        return own;
      });
      put(results, h("p", { class: "picker-head" }, t("results")), h("p", { class: "help" }, fresh.length ? t("found", { n: fresh.length }) : t("foundNone")),
        ...fresh.map((one, nth) => card(choiceOf(one), nth === 0)));
    } catch (error) {
      put(results, notice("danger", inWords(error)));
    }
  }

  /** A search gives no layout; without one the rows of a table are lines. @param {Passage} passage */
  async function laid(passage) {
    try {
      passage.layout = (await get(path`/kbs/${kb}/documents/${passage.document}/passages/${passage.ordinal}`)).layout;
    } catch {
      // Lines can be chosen as well.
    }
  }

  /** @param {Passage} passage @returns {Choice} */
  function choiceOf(passage) {
    const known = choices.find((one) => one.passage.document === passage.document && one.passage.text === passage.text);
    if (known) return known;
    const made = { passage, groups: quotable(passage.text, passage.layout), units: new Set(), boxes: new Map() };
    choices.push(made);
    return made;
  }

  /** @param {Choice} choice @param {boolean} open */
  function card(choice, open) {
    const { passage, groups } = choice;
    const where = [passage.title || passage.doc, passage.page && c("page", { n: passage.page })].filter(Boolean).join(" · ");
    const path = passage.headings?.length ? passage.headings.join(" › ") : "";
    return h("details", { class: "picker-passage", open },
      h("summary", null, h("span", { class: "picker-where" }, where), h("span", { class: "picker-lead" }, passage.text.replace(/\s+/g, " ").slice(0, 90))),
      h("div", { class: "picker-body" },
        path && h("p", { class: "faint" }, path),
        passage.document ? groups.map((group) => (group.kind === "table" ? tableOf(choice, group) : sentencesOf(choice, group)))
          : h("p", { class: "help" }, t("gone"))));
  }

  /** @param {Choice} choice @param {Unit} unit @param {string} [name] */
  function box(choice, unit, name) {
    const one = h("input", { type: "checkbox", "aria-label": name, onchange: () => {
      if (one.checked) choice.units.add(unit);
      else choice.units.delete(unit);
      tick(choice);
      told();
    } });
    // A passage may stand among those that were considered and those that were found.
    choice.boxes.set(unit, [...(choice.boxes.get(unit) ?? []), one]);
    tick(choice);
    return one;
  }

  /** @param {Choice} choice */
  function tick(choice) {
    choice.boxes.forEach((boxes, unit) => boxes.forEach((one) => (one.checked = choice.units.has(unit))));
  }

  /** @param {Choice} choice @param {import("./quotable.js").Group} group */
  function sentencesOf(choice, group) {
    return group.units.map((unit) => h("label", { class: "pick" }, box(choice, unit), h("span", null, marked(unit.text.replace(/\t/g, "\u3000"), unit.marks))));
  }

  /** @param {Choice} choice @param {import("./quotable.js").Group} group */
  function tableOf(choice, group) {
    const cells = (/** @type {Unit} */ unit, /** @type {string} */ tag) => (unit.cells ?? []).map((cell) => h(tag, {
      colspan: cell.column_span > 1 ? cell.column_span : undefined,
      rowspan: cell.row_span > 1 ? cell.row_span : undefined,
      scope: tag === "th" ? "col" : undefined,
    }, ...marked(cell.text, cell.highlight)));
    const about = group.about;
    return h("div", null,
      (about?.caption || about?.unit) && h("div", { class: "cells-about" }, h("span", null, about?.caption ?? ""), h("span", null, about?.unit ?? "")),
      h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": about?.caption || t("rows") },
        h("table", { class: "cells is-pickable" },
          group.head.length > 0 && h("thead", null, ...group.head.map((unit) => h("tr", null, h("td", { class: "pick-cell" }), cells(unit, "th")))),
          h("tbody", null, ...group.units.map((unit) => h("tr", null,
            h("td", { class: "pick-cell" }, box(choice, unit, t("row", { text: unit.text }))), cells(unit, "td")))))));
  }

  /** What is chosen, in the order of the passages. */
  function chosen() {
    const made = choices.filter((one) => one.units.size).map((one) => ({
      document: String(one.passage.document), text: quoted(one.passage.text, one.groups, one.units),
    }));
    return [...kept.map(({ document, text }) => ({ document, text })), ...made];
  }

  function told() {
    drawPicked();
    onchange();
  }

  function drawPicked() {
    const made = choices.filter((one) => one.units.size);
    const all = [
      ...kept.map((one) => pickedLine(one.doc ?? "", one.text, () => (kept = kept.filter((other) => other !== one)))),
      ...made.map((one) => pickedLine(one.passage.title || one.passage.doc, quoted(one.passage.text, one.groups, one.units), () => {
        one.units.clear();
        tick(one);
      })),
    ];
    put(summary, h("p", { class: all.length ? "picked-head" : "help" }, all.length ? t("picked", { n: all.length }) : t("pickedNone")),
      all.length > 0 && h("ul", null, ...all));
  }

  /** @param {string} where @param {string} text @param {() => void} drop */
  function pickedLine(where, text, drop) {
    return h("li", null,
      h("div", { class: "grow" }, where && h("p", { class: "faint" }, where), h("p", { class: "picked-text" }, text)),
      button(t("drop"), () => {
        drop();
        told();
        input.focus();
      }, { icon: "close", look: "quiet", small: true, iconOnly: true }));
  }

  const [first, rest] = [passages.slice(0, SHOWN), passages.slice(SHOWN)];
  put(list, passages.length > 0 && h("p", { class: "picker-head" }, t("passages")),
    passages.length ? first.map((one, nth) => card(choiceOf(one), nth === 0)) : h("p", { class: "help" }, t("noPassages")),
    rest.length > 0 && h("details", { class: "picker-more" }, h("summary", null, t("moreOf", { n: rest.length })),
      h("div", { class: "stack is-tight" }, ...rest.map((one) => card(choiceOf(one), false)))));
  const element = h("fieldset", { class: "picker stack is-tight" }, h("legend", null, t("legend")),
    h("p", { class: "help" }, t("help")), summary, list, bar, results);
  drawPicked();
  return { element, chosen };
}
