// What a language model says, sentence by sentence: each shows its sources when it is pointed at,
// and is marked where they do not support it.

import { h } from "../core/dom.js";
import { speaks } from "../core/text.js";
import { notice } from "../parts/notice.js";
import texts from "../text/ask.js";

const t = speaks(texts);

/** @typedef {import("./asking.js").Answer} Answer @typedef {import("./asking.js").Sentence} Sentence @typedef {import("./asking.js").Source} Source */

/** @param {Answer} answer @param {ReturnType<typeof import("./viewer.js").viewer>} page */
export function writtenPart(answer, page) {
  const { llm } = answer;
  const sentences = llm?.sentences ?? answer.sentences;
  if (!sentences.length && !llm?.error) return null;
  const sources = llm?.sources ?? [];
  return h("section", { class: "ask-written", "aria-label": t("written", { model: llm?.model ?? "" }) },
    h("h2", { class: "faint" }, llm ? t("written", { model: llm.model }) : t("writing")),
    h("p", { class: "ask-sentences" }, ...sentences.flatMap((one) => sentence(one, sources, answer, page))),
    llm?.error ? notice("warning", t("llmFailed", { reason: llm.error })) : h("p", { class: "faint" }, t("writtenHelp")),
    answer.blocks.length > 0 && h("h2", { class: "faint" }, t("original")));
}

/** @param {Sentence} one @param {Source[]} sources @param {Answer} answer @param {ReturnType<typeof import("./viewer.js").viewer>} page */
function sentence(one, sources, answer, page) {
  const cited = one.citations.map((number) => sources.find((source) => source.number === number)).filter(Boolean);
  const text = one.text.replace(/\[\d+\](?=[\s，。；！？,.;!?]*)/g, "").trim();
  const marks = one.citations.map((number) => cite(number, sources, answer, page));
  const lacks = one.supported ? null : h("span", { class: "badge is-warning" }, `${t("unsupported")}：${one.missing.map(missing).join("；")}`);
  const hover = cited.map((source) => `[${source?.number}] ${source?.text}`).join("\n\n");
  return [one.opens_line && h("br"), h("span", { class: one.supported ? "is-supported" : "is-unsupported", title: hover || undefined }, text), ...marks, lacks, " "];
}

/** @param {number} number @param {Source[]} sources @param {Answer} answer @param {ReturnType<typeof import("./viewer.js").viewer>} page */
function cite(number, sources, answer, page) {
  const source = sources.find((one) => one.number === number);
  const at = source ? answer.blocks.findIndex((block) => block.doc === source.doc && block.text.startsWith(source.text)) : -1;
  const about = { class: "ask-cite", title: source?.text, "aria-label": t("source", { n: number }) };
  if (at < 0) return h("sup", about, `[${number}]`);
  return h("button", { ...about, type: "button", onclick: () => page.show(at, true) }, `[${number}]`);
}

/** @param {{ kind: string, text: string }} lack */
function missing(lack) {
  if (lack.kind === "citation") return t("missingCitation");
  return lack.kind === "source" ? t("missingSource", lack) : t("missingFact", lack);
}
