// What a language model says, sentence by sentence: each shows its sources when it is pointed at,
// and is marked where they do not support it.

import { h } from "../core/dom.js";
import { speaks } from "../core/text.js";
import { hint } from "../parts/hint.js";
import { notice } from "../parts/notice.js";
import texts from "../text/ask.js";

const t = speaks(texts);

/** @typedef {import("./asking.js").Answer} Answer @typedef {import("./asking.js").Sentence} Sentence @typedef {import("./asking.js").Source} Source */
/** @typedef {ReturnType<typeof import("./viewer.js").viewer>} Viewer */

/** A citation as the model writes it. */
const CITATION = /\s*\[\d+\]/g;

/** @param {Answer} answer @param {Viewer} page */
export function writtenPart(answer, page) {
  const { llm } = answer;
  const sentences = llm?.sentences ?? answer.sentences;
  if (!sentences.length && !llm?.error) return null;
  const sources = llm?.sources ?? answer.sources ?? [];
  const who = llm ? t("written", { model: llm.model }) : t("writing");
  return h("section", { class: "ask-written", "aria-label": who },
    h("h2", { class: "faint" }, who),
    h("p", { class: "ask-sentences" }, ...sentences.map((one, at) => sentence(one, at, { sources, answer, page }))),
    llm?.error ? notice("warning", t("llmFailed", { reason: llm.error })) : h("p", { class: "faint" }, t("writtenHelp")),
    answer.blocks.length > 0 && h("h2", { class: "faint" }, t("original")));
}

/** @typedef {{ sources: Source[], answer: Answer, page: Viewer }} Context */

/** @param {Sentence} one @param {number} at @param {Context} context */
function sentence(one, at, context) {
  const cited = context.sources.filter((source) => one.citations.includes(source.number));
  const text = h("span", { class: one.supported ? "is-supported" : "is-unsupported" }, one.text.replace(CITATION, "").trim());
  if (cited.length) hint(text, cited.map((source) => `[${source.number}] ${source.text}`).join("\n\n"));
  return [
    at > 0 && one.opens_line && h("br"),
    text,
    ...one.citations.map((number) => cite(number, context)),
    !one.supported && h("span", { class: "badge is-warning" }, `${t("unsupported")}：${one.missing.map(missing).join("；")}`),
    " ",
  ];
}

/** The number of a source: leads to it where it is a citation of the answer. @param {number} number @param {Context} context */
function cite(number, { sources, answer, page }) {
  const source = sources.find((one) => one.number === number);
  const at = source ? answer.blocks.findIndex((block) => block.doc === source.doc && block.text.startsWith(source.text)) : -1;
  const mark = h("button", {
    class: "ask-cite", type: "button", "aria-label": t("source", { n: number }),
    onclick: () => at >= 0 && page.show(at, true),
  }, `[${number}]`);
  if (source) hint(mark, source.text);
  return mark;
}

/** @param {{ kind: string, text: string }} lack */
function missing(lack) {
  if (lack.kind === "citation") return t("missingCitation");
  return lack.kind === "source" ? t("missingSource", lack) : t("missingFact", lack);
}
