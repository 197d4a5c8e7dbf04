// Labelled questions as they are uploaded: one JSON object a line. They are checked here as far as
// the service would refuse them, so that a mistake is named with its line before anything is sent.

import { speaks } from "../core/text.js";
import texts from "../text/labels.js";

const t = speaks(texts);

/**
 * @typedef {{ doc: string, page?: number | null, text?: string }} Block
 * @typedef {{ questions: number, unlabelled: number, documents: string[], twice: string[], lines: string }} Labels
 *   `questions` can be scored; `lines` is what to send
 */

/** More questions the service does not ask at once. */
export const MOST_QUESTIONS = 5000;
/** A larger body the service does not take, in bytes; some of it is not the questions. */
const MOST_BYTES = (16 << 20) - 2048;
/** What the service reads of a line; the rest need not be sent. */
const FIELDS = ["id", "question", "type", "difficulty", "kw_weight", "keywords", "blocks", "alternatives"];

/** A file that cannot be used; the message says why. */
export class WrongLabels extends Error {}

/** @param {string} text of the file @returns {Labels} or throws `WrongLabels` */
export function readLabels(text) {
  if (text.includes("\uFFFD")) throw new WrongLabels(t("notUtf8"));
  const questions = text.split("\n").flatMap((line, at) => (line.trim() ? [readLine(line.trim(), at + 1)] : []));
  const labelled = questions.filter((question) => question.blocks?.length);
  if (!questions.length) throw new WrongLabels(t("noLines"));
  if (!labelled.length) throw new WrongLabels(t("noLabels"));
  if (labelled.length > MOST_QUESTIONS) throw new WrongLabels(t("tooMany", { n: labelled.length, most: MOST_QUESTIONS }));
  const lines = questions.map((question) => JSON.stringify(Object.fromEntries(
    FIELDS.filter((name) => question[name] !== undefined).map((name) => [name, question[name]])))).join("\n");
  const size = new Blob([JSON.stringify(lines)]).size;
  if (size > MOST_BYTES) throw new WrongLabels(t("tooLarge", { size: (size / (1 << 20)).toFixed(1) }));
  return {
    questions: labelled.length,
    unlabelled: questions.length - labelled.length,
    documents: [...new Set(labelled.flatMap((question) => [question.blocks, ...(question.alternatives ?? [])].flat()
      .map((/** @type {Block} */ block) => block.doc)))],
    twice: repeated(questions.map((question) => String(question.id).trim())),
    lines,
  };
}

/** @param {string} line @param {number} number from 1 @returns {any} */
function readLine(line, number) {
  const wrong = (/** @type {string} */ reason) => new WrongLabels(t("line", { n: number, reason }));
  let question;
  try {
    question = JSON.parse(line);
  } catch (error) {
    throw wrong(t("notJson"));
  }
  if (typeof question !== "object" || question === null || Array.isArray(question)) throw wrong(t("notObject"));
  const { id, question: text, blocks, alternatives, keywords } = question;
  if (!isId(id)) throw wrong(t("wrongId"));
  if (typeof text !== "string" || !text.trim()) throw wrong(t("noQuestion"));
  for (const name of ["difficulty", "kw_weight"]) {
    if (question[name] !== undefined && typeof question[name] !== "number") throw wrong(t("notNumber", { name }));
  }
  if (question.type !== undefined && question.type !== null && typeof question.type !== "string") throw wrong(t("notText", { name: "type" }));
  if (keywords !== undefined && !isList(keywords, (one) => typeof one === "string")) throw wrong(t("wrongKeywords"));
  if (blocks !== undefined && !isList(blocks, isBlock)) throw wrong(t("wrongBlocks", { name: "blocks" }));
  if (alternatives !== undefined && !isList(alternatives, (one) => isList(one, isBlock))) {
    throw wrong(t("wrongBlocks", { name: "alternatives" }));
  }
  return question;
}

/** @param {any} id */
const isId = (id) => Number.isSafeInteger(id) || (typeof id === "string" && /^\s*[+-]?\d+\s*$/.test(id));

/** @param {any} list @param {(one: any) => boolean} is */
const isList = (list, is) => Array.isArray(list) && list.every(is);

/** @param {any} block */
function isBlock(block) {
  if (typeof block !== "object" || block === null || typeof block.doc !== "string") return false;
  const pageFits = block.page === undefined || block.page === null || (Number.isInteger(block.page) && block.page >= 0);
  return pageFits && (block.text === undefined || typeof block.text === "string");
}

/** Those that stand in a list more than once. @param {string[]} all */
function repeated(all) {
  const seen = new Set();
  const twice = new Set();
  for (const one of all) (seen.has(one) ? twice : seen).add(one);
  return [...twice];
}

/** An invented set to begin with: a figure, a row of a table, and an answer of two places. */
export function example() {
  const doc = "白鹭水务2024年年度报告";
  const lines = [
    { id: 1, question: "白鹭水务2024年的供水量是多少？", difficulty: 1, kw_weight: 0.5, keywords: ["1.26亿立方米"],
      blocks: [{ doc, page: 8, text: "2024年，公司全年供水量1.26亿立方米，同比增长3.2%。" }] },
    { id: 2, question: "白鹭水务东郊水厂的日处理能力有多大？", difficulty: 2, kw_weight: 1, keywords: ["12万吨"],
      blocks: [{ doc, page: 15, text: "水厂 日处理能力 投产年份 东郊水厂 12万吨 2019" }],
      alternatives: [[{ doc, page: 3, text: "东郊水厂日处理能力12万吨。" }]] },
    { id: 3, question: "白鹭水务面临哪些主要风险？", difficulty: 3, kw_weight: 0.5, keywords: ["水源", "管网"],
      blocks: [{ doc, page: 21, text: "一是水源水质波动的风险。" }, { doc, page: 21, text: "二是管网老化带来的漏损风险。" }] },
  ];
  return `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
}
