// Original text as the service lays it out: running text and rows of tables, with the words of the
// question set off. `highlight` counts characters, not UTF-16 units.

import { h } from "../core/dom.js";

/**
 * @typedef {[start: number, end: number]} Range
 * @typedef {{ column: number, column_span: number, row_span: number, text: string, highlight?: Range[] }} Cell
 * @typedef {{ kind: "text", text: string, highlight?: Range[] }} TextPiece
 * @typedef {{ kind: "table", caption: string | null, unit: string | null, columns: number, rows: { header: boolean, cells: Cell[] }[] }} TablePiece
 * @typedef {TextPiece | TablePiece} Piece
 */

/** @param {Piece[] | undefined} layout @param {string} text what to show where there is no layout @param {{ small?: boolean }} [how] */
export function quote(layout, text, { small = false } = {}) {
  const pieces = layout?.length ? layout.filter(isOwn) : [{ kind: /** @type {const} */ ("text"), text }];
  return h("blockquote", { class: `quote${small ? " is-small" : ""}` },
    ...pieces.map((piece) => (piece.kind === "table" ? table(piece) : h("p", null, ...marked(piece.text, piece.highlight)))));
}

/** Whether a piece says something that the table behind it does not show itself. @param {Piece} piece @param {number} at @param {Piece[]} all */
function isOwn(piece, at, all) {
  const next = all[at + 1];
  return piece.kind !== "text" || next?.kind !== "table" || ![next.unit, next.caption].includes(piece.text);
}

/** A text with ranges of it set off. @param {string} text @param {Range[]} [ranges] sorted, apart from each other */
export function marked(text, ranges = []) {
  const characters = Array.from(text);
  const parts = [];
  let at = 0;
  for (const [start, end] of ranges) {
    parts.push(characters.slice(at, start).join(""), h("mark", null, characters.slice(start, end).join("")));
    at = end;
  }
  return [...parts, characters.slice(at).join("")];
}

/** The words that are set off, each once. @param {Piece[] | undefined} layout @returns {string[]} */
export function wordsOf(layout) {
  const words = new Set();
  /** @param {string} text @param {Range[] | undefined} ranges */
  const take = (text, ranges) => {
    const characters = ranges?.length ? Array.from(text) : [];
    ranges?.forEach(([start, end]) => words.add(characters.slice(start, end).join("")));
  };
  for (const piece of layout ?? []) {
    if (piece.kind === "text") take(piece.text, piece.highlight);
    else piece.rows.forEach((row) => row.cells.forEach((cell) => take(cell.text, cell.highlight)));
  }
  return [...words];
}

const FIGURE = /^[\s()（）+\-−–,.，%％‰\d]+$/;

/** @param {TablePiece} piece */
export function table(piece) {
  const heads = piece.rows.filter((row) => row.header);
  const rest = piece.rows.filter((row) => !row.header);
  return h("div", null,
    (piece.caption || piece.unit) && h("div", { class: "cells-about" }, h("span", null, piece.caption ?? ""), h("span", null, piece.unit ?? "")),
    h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": piece.caption || piece.unit || heads[0]?.cells[0]?.text || "table" },
      h("table", { class: "cells" },
        heads.length > 0 && h("thead", null, ...heads.map((row) => line(row.cells, true))),
        h("tbody", null, ...rest.map((row) => line(row.cells, false))))));
}

/** @param {Cell[]} cells @param {boolean} isHead */
function line(cells, isHead) {
  return h("tr", null, ...cells.map((cell) => h(isHead ? "th" : "td", {
    colspan: cell.column_span > 1 ? cell.column_span : undefined,
    rowspan: cell.row_span > 1 ? cell.row_span : undefined,
    scope: isHead ? (cell.column_span > 1 ? "colgroup" : "col") : undefined,
    class: !isHead && FIGURE.test(cell.text) ? "is-number" : undefined,
  }, ...marked(cell.text, cell.highlight))));
}
