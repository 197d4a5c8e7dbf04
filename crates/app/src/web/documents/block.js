// A block of a document as it was read: a heading, running text, an item, a table with its spans and
// header rows; furniture, which is kept and not searched, says what it is.

import { h } from "../core/dom.js";
import { speaks } from "../core/text.js";
import { table } from "../parts/quote.js";
import texts from "../text/documents.js";

const t = speaks(texts);

/** @typedef {import("./types.js").Block} Block */

/**
 * The text of a block, shaped by what it is.
 * @param {Block} block
 * @param {{ headings?: boolean, others?: Set<string> }} [how] `headings`: whether they are ones of the page;
 *   `others`: texts that are shown besides, which a table need not repeat above itself
 */
export function blockText(block, { headings = false, others = new Set() } = {}) {
  if (block.table) return table(piece(block.text, block.table, others));
  if (block.kind === "heading" && !block.furniture) {
    const level = Math.min(6, (block.level ?? 1) + 1);
    return h(headings ? `h${level}` : "p", { class: `block-heading is-${Math.min(4, block.level ?? 1)}` }, block.text);
  }
  return h("p", { class: `block-${block.kind}` }, block.text);
}

/** What a block is called. @param {Block} block */
export function blockKind(block) {
  if (block.furniture) return t(/** @type {any} */ (`furniture_${block.furniture}`));
  if (block.kind === "heading") return t("block_heading", { n: block.level ?? 1 });
  return t(/** @type {any} */ (`block_${block.kind}`));
}

/**
 * @param {string} text @param {import("./types.js").BlockTable} about @param {Set<string>} others
 * @returns {import("../parts/quote.js").TablePiece}
 */
function piece(text, { rows, columns, header_rows: heads, caption, unit, cells }, others) {
  const bytes = new TextEncoder().encode(text);
  const decoder = new TextDecoder();
  const all = Array.from({ length: rows }, (_, row) => ({
    header: row < heads, cells: /** @type {import("../parts/quote.js").Cell[]} */ ([]),
  }));
  const covered = all.map(() => new Set());
  for (const cell of cells) {
    const { column, row, row_span, column_span } = cell;
    // A header row does not reach into the body of the table.
    const span = row < heads ? Math.min(row_span, heads - row) : row_span;
    all[row]?.cells.push({ column, column_span, row_span: span, text: decoder.decode(bytes.subarray(cell.start, cell.end)) });
    for (let down = 0; down < row_span; down += 1) {
      for (let across = 0; across < column_span; across += 1) covered[row + down]?.add(column + across);
    }
  }
  // Cells without text are not listed; without them the others would move to the left.
  all.forEach((line, row) => {
    for (let column = 0; column < columns; column += 1) {
      if (!covered[row].has(column)) line.cells.push({ column, column_span: 1, row_span: 1, text: "" });
    }
    line.cells.sort((one, other) => one.column - other.column);
  });
  const once = (/** @type {string | null} */ said) => (said && others.has(said) ? null : said);
  return { kind: "table", caption: once(caption), unit: once(unit), columns, rows: all };
}
