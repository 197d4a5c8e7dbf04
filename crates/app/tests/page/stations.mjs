// Where the tests of all views and the screenshots go: each view of the page, with something to see
// on it.

import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { settled } from "./browser.mjs";
import { ROOT } from "./server.mjs";

/** Questions to samples/docs: answered by a sentence over lines, a row, a row on the page after its header, a list; not answered. */
export const QUESTIONS = {
  text: "2023年经营活动产生的现金流量净额为什么下降？",
  row: "2022年末远山通信的总资产是多少？",
  pages: "合同负债本期期末数比上期变动了多少，为什么？",
  list: "远山通信面临的主要风险有哪些？",
  none: "边缘算力网络白皮书推荐使用哪种量子加密算法？",
};

/** @typedef {{ document: string, evaluation: string, before: string }} Facts what is in the knowledge base `samples` */

/**
 * Puts into the knowledge base what the views are to show: evaluations, feedback.
 * @param {Awaited<ReturnType<typeof import("./server.mjs").serve>>} server
 * @returns {Promise<Facts>}
 */
export async function ready(server) {
  const { documents } = await server.get("/kbs/samples/documents");
  const report = documents.find((/** @type {any} */ one) => one.name.includes("年度报告"));
  const before = await evaluated(server, { name: "之前" });
  const evaluation = await evaluated(server, { name: "之后" });
  for (const question of [QUESTIONS.list, QUESTIONS.pages]) {
    const { blocks } = await server.post("/kbs/samples/ask", { question });
    const shown = blocks.map((/** @type {any} */ { document, text }) => ({ document, text }));
    await server.post("/kbs/samples/feedback", { question, verdict: "rejected", comment: "不是我要的", blocks: shown });
  }
  return { document: report.id, evaluation, before };
}

/**
 * Has a question answered by two citations on different pages, a sentence and a row, as a person
 * corrects an answer; gives the question.
 * @param {any} server
 */
export async function twoCitations(server) {
  const question = "远山通信的公司代码是多少，董事会秘书是谁？";
  const whole = async (/** @type {string} */ about, /** @type {RegExp} */ text) => {
    const { blocks: [block] } = await server.post("/kbs/samples/ask", { question: about });
    const found = block.text.match(text);
    if (!found) throw new Error(`${about}: ${block.text}`);
    return { document: block.document, text: found[0] };
  };
  const correction = [
    await whole("远山通信的公司代码是多少？", /公司代码：\d+/),
    await whole("远山通信的董事会秘书是谁？", /姓名[^]*董事会秘书.*/),
  ];
  await server.post("/kbs/samples/feedback", { question, verdict: "rejected", blocks: [], correction });
  return question;
}

/** Runs the labelled questions of samples; gives the id. @param {any} server @param {Record<string, any>} more */
export async function evaluated(server, more) {
  const questions = await readFile(join(ROOT, "samples/gold.jsonl"), "utf8");
  return (await server.post("/kbs/samples/evaluations", { questions, ...more })).id;
}

/** @typedef {{ name: string, hash: string, then?: (page: any) => Promise<void> }} Station */

/** @param {Facts} facts @returns {Station[]} */
export function stations({ document, evaluation }) {
  const asked = (/** @type {string} */ question) => `#/kb/samples/ask?${new URLSearchParams({ q: question })}`;
  return [
    { name: "ask", hash: "#/kb/samples/ask" },
    { name: "answer", hash: asked(QUESTIONS.text), then: settled },
    { name: "answer-row", hash: asked(QUESTIONS.row), then: settled },
    { name: "not-found", hash: asked(QUESTIONS.none), then: settled },
    { name: "documents", hash: "#/kb/samples/documents" },
    { name: "documents-formats", hash: "#/kb/formats/documents" },
    { name: "document", hash: `#/kb/samples/documents/${document}` },
    { name: "measure", hash: "#/kb/samples/measure" },
    { name: "evaluation", hash: `#/kb/samples/measure/${evaluation}` },
    { name: "explain", hash: "#/kb/samples/explain" },
    { name: "review", hash: "#/kb/samples/review" },
    { name: "words", hash: "#/kb/samples/words" },
    { name: "settings", hash: "#/kb/samples/settings" },
    { name: "bases", hash: "#/bases" },
    { name: "keys", hash: "#/keys" },
    { name: "system", hash: "#/system" },
  ];
}

/** More to see than an address shows: what opens over a view. @param {Facts} _facts @returns {Station[]} */
export function scenes(_facts) {
  return [
    {
      name: "menu",
      hash: "#/kb/samples/ask",
      then: async (page) => {
        const menu = page.locator(".top button");
        if (await menu.isVisible()) await menu.click();
      },
    },
  ];
}
