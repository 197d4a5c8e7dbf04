// Puts a question to the service. With a language model the answer comes event by event; either way
// whoever shows it is told each time when there is more of it.

import { events, path, post } from "../core/api.js";
import { me } from "../core/state.js";

/**
 * @typedef {import("../parts/quote.js").Piece} Piece
 * @typedef {import("../parts/sheet.js").Mark} Mark
 * @typedef {{ doc: string, document?: string, path?: string, also?: string[], page: number | null, headings?: string[], text: string,
 *   title?: string | null, published?: string | null, format?: string, layout?: Piece[], marks?: Mark[],
 *   cells?: { sheet: string, range: string }[] }} Block
 * @typedef {{ doc: string, document: string | null, ordinal: number, path?: string | null, format?: string | null, page: number | null, headings?: string[], text: string,
 *   title?: string | null, published?: string | null, period?: string | null, score: number, layout?: Piece[],
 *   signals?: { name: string, value: number, weight: number, contribution: number }[] }} Passage
 * @typedef {{ text: string, citations: number[], supported: boolean, missing: { kind: string, text: string }[], opens_line?: boolean }} Sentence
 * @typedef {{ model: string, complete: boolean, error?: string, sentences: Sentence[], sources: Source[] }} Written
 * @typedef {{ number: number, is_answer: boolean, doc: string, title: string | null, page: number | null, text: string }} Source
 * @typedef {{ question: string, completed?: string | null, corrected?: { from: string, to: string }[], found: boolean | null, answer: string,
 *   blocks: Block[], passages: Passage[], confidence: number, ms: number, sentences: Sentence[], sources?: Source[], llm?: Written | null, done: boolean }} Answer
 */

/**
 * @param {string} kb
 * @param {{ question: string, after: string[], as_of?: string }} asked
 * @param {(answer: Answer) => void} each
 * @param {AbortSignal} signal
 */
export async function ask(kb, asked, each, signal) {
  const address = path`/kbs/${kb}/ask`;
  const body = { question: asked.question, after: asked.after, as_of: asked.as_of || undefined, layout: true, explain: false, top: 10 };
  if (!me().llm) {
    const answer = await post(address, body, signal);
    return each({ ...answer, sentences: [], done: true });
  }
  /** @type {Answer} */
  const answer = { question: asked.question, found: null, answer: "", blocks: [], passages: [], confidence: 0, ms: 0, sentences: [], done: false };
  await events(address, body, (name, data) => {
    if (name === "understood") Object.assign(answer, data);
    if (name === "block") answer.blocks.push(data);
    if (name === "passages") Object.assign(answer, data);
    if (name === "sources") answer.sources = data.sources;
    if (name === "sentence") answer.sentences.push(data);
    if (name === "done") Object.assign(answer, data, { done: true });
    if (name !== "block" && name !== "understood") each(answer);
  }, signal);
}
