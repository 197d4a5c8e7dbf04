// The third stage: what was chosen as the answer, and the signs that its confidence is made of.

import { h } from "../core/dom.js";
import { percent } from "../core/format.js";
import { speaks } from "../core/text.js";
import { quote } from "../parts/quote.js";
import { notice } from "../parts/notice.js";
import { evidenceHelp, evidenceName, speaksFor } from "../parts/signals.js";
import texts from "../text/explain.js";
import { source } from "./considered.js";
import { decimal, meter } from "./meter.js";

const t = speaks(texts);

/** @typedef {{ name: string, value: number }} Sign */
/**
 * @typedef {{ found: boolean, confidence: number, explained?: { evidence: Sign[] } | null,
 *   blocks: { doc: string, document?: string | null, title?: string | null, page: number | null, text: string, layout?: import("../parts/quote.js").Piece[] }[] }} Answer
 */

/** @param {string} kb @param {Answer} answer */
export function chosenStage(kb, { found, confidence, blocks, explained }) {
  const signs = explained?.evidence ?? [];
  const side = (/** @type {Sign} */ sign) => (sign.value < 0 ? -speaksFor(sign.name) : speaksFor(sign.name));
  return [
    h("div", { class: "confidence" }, h("p", null, h("b", null, t("confidence", { n: percent(confidence) }))), meter(confidence)),
    notice(found ? "good" : "warning", t(found ? "found" : "notFound")),
    blocks.length ? h("ul", { class: "stack" }, ...blocks.map((block) => h("li", { class: "chosen" },
      quote(block.layout, block.text, { small: true }), h("p", { class: "small" }, source(kb, block))))) : h("p", { class: "muted" }, t("nothing")),
    signs.length > 0 && h("div", { class: "signs" },
      group(t("speakFor"), signs.filter((sign) => side(sign) === 1), ""),
      group(t("speakAgainst"), signs.filter((sign) => side(sign) === -1), " is-loss"),
      group(t("describe"), signs.filter((sign) => side(sign) === 0), " is-hollow")),
  ];
}

/** Signs that are there, and the names of those that are not. @param {string} title @param {Sign[]} signs @param {string} look of the bars */
function group(title, signs, look) {
  const there = signs.filter((sign) => Math.abs(sign.value) >= 0.005);
  const zero = signs.filter((sign) => !there.includes(sign));
  return h("section", { class: "stack is-tight sign-group" }, h("h3", null, title),
    there.length > 0 && h("dl", { class: "sign-list" }, ...there.map((sign) => h("div", { class: "sign" },
      h("dt", null, evidenceName(sign.name)),
      h("dd", { class: "sign-value" }, meter(Math.abs(sign.value), look), h("span", { class: "figure" }, decimal(sign.value))),
      h("dd", { class: "help" }, evidenceHelp(sign.name))))),
    look === " is-loss" && !there.length && h("p", { class: "muted" }, t("noneAgainst")),
    zero.length > 0 && h("p", { class: "help" }, t("alsoZero", { names: zero.map((sign) => evidenceName(sign.name)).join(t("comma")) })));
}
