// What was read of a page, one item a block or a passage, with the places that it takes.

import { h } from "../core/dom.js";
import { speaks } from "../core/text.js";
import texts from "../text/documents.js";
import { blockKind, blockText } from "./block.js";

const t = speaks(texts);

/** @typedef {import("./types.js").Box} Box */
/** @typedef {{ key: string, element: HTMLElement, boxes: Box[], quiet: boolean }} Item `boxes` on the page that is shown */

/** @param {import("./types.js").Block} block @param {number | null} page @param {Set<string>} others texts of the page @returns {Item} */
export function blockItem(block, page, others) {
  const here = block.boxes.filter((box) => box.page === page);
  const element = h("li", { class: `read-item is-${block.kind}${block.furniture ? " is-furniture" : ""}` },
    h("span", { class: "read-kind" }, blockKind(block)), h("div", { class: "read-text" }, blockText(block, { others })));
  return { key: `b${block.ordinal}`, element, boxes: block.table ? around(here) : here, quiet: Boolean(block.furniture) };
}

/** @param {import("./types.js").Passage} passage @param {number | null} page @returns {Item} */
export function passageItem(passage, page) {
  const here = (passage.marks ?? []).filter((mark) => mark.page === page);
  const element = h("li", { class: "read-item is-passage" },
    h("div", { class: "read-head" }, h("span", { class: "read-kind" }, t("passageNumber", { n: passage.ordinal + 1 })),
      h("span", { class: "faint" }, passage.headings.join(" › "))),
    h("div", { class: "read-text" }, passageText(passage.text)));
  return { key: `p${passage.ordinal}`, element, boxes: here, quiet: false };
}

/** The text of a passage; lines with tabs are rows of a table. @param {string} text */
export function passageText(text) {
  /** @type {{ isRow: boolean, lines: string[] }[]} */
  const runs = [];
  for (const line of text.split("\n")) {
    const isRow = line.includes("\t");
    const last = runs.at(-1);
    if (last?.isRow === isRow) last.lines.push(line);
    else runs.push({ isRow, lines: [line] });
  }
  return runs.map(({ isRow, lines }) => (isRow
    ? h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": t("block_table") }, h("table", { class: "cells" }, h("tbody", null,
      ...lines.map((line) => h("tr", null, ...line.split("\t").map((cell) => h("td", null, cell)))))))
    : h("p", null, lines.join("\n"))));
}

/** One box around all. @param {Box[]} boxes @returns {Box[]} */
export function around(boxes) {
  if (!boxes.length) return [];
  return [{
    page: boxes[0].page,
    x0: Math.min(...boxes.map((box) => box.x0)), y0: Math.min(...boxes.map((box) => box.y0)),
    x1: Math.max(...boxes.map((box) => box.x1)), y1: Math.max(...boxes.map((box) => box.y1)),
  }];
}
