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

/** @typedef {{ document: string, evaluation: string, before: string, feedback: string, two: string }} Facts what is in the knowledge base `samples` */

/**
 * Puts into the knowledge base what the views are to show: evaluations, feedback, a second version.
 * @param {Awaited<ReturnType<typeof import("./server.mjs").serve>>} server
 * @returns {Promise<Facts>}
 */
export async function ready(server) {
  const { documents } = await server.get("/kbs/samples/documents");
  const report = documents.find((/** @type {any} */ one) => one.name.includes("年度报告"));
  const before = await evaluated(server, { name: "只看词语", options: { embedder: false } });
  const evaluation = await evaluated(server, { name: "比较意思" });
  let feedback = "";
  for (const question of [QUESTIONS.list, QUESTIONS.pages]) {
    const { blocks } = await server.post("/kbs/samples/ask", { question });
    const shown = blocks.map((/** @type {any} */ { document, text }) => ({ document, text }));
    feedback = (await server.post("/kbs/samples/feedback", { question, verdict: "rejected", comment: "不是我要的", author: "客服一组", blocks: shown })).id;
  }
  const two = await twoCitations(server);
  const office = (/** @type {string} */ limit) => `差旅办法\n\n一、适用范围\n\n本办法适用于全体员工。\n\n二、标准\n\n市内交通每天不超过${limit}元，住宿每晚不超过四百元。\n`;
  for (const limit of ["八十", "一百二十"]) {
    await server.upload("samples", "差旅办法.txt", office(limit));
    await server.settled("samples");
  }
  return { document: report.id, evaluation, before, feedback, two };
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
export function stations({ document, evaluation, before, feedback, two }) {
  const asked = (/** @type {string} */ question) => `#/kb/samples/ask?${new URLSearchParams({ q: question })}`;
  return [
    { name: "ask", hash: "#/kb/samples/ask" },
    { name: "answer", hash: asked(QUESTIONS.text), then: answered },
    { name: "answer-row", hash: asked(QUESTIONS.row), then: answered },
    { name: "answer-two", hash: asked(two), then: answered },
    { name: "not-found", hash: asked(QUESTIONS.none), then: answered },
    { name: "documents", hash: "#/kb/samples/documents" },
    { name: "documents-formats", hash: "#/kb/formats/documents" },
    { name: "documents-none", hash: "#/kb/samples/documents?q=%E6%B2%A1%E6%9C%89" },
    { name: "document", hash: `#/kb/samples/documents/${document}?page=3` },
    { name: "document-passages", hash: `#/kb/samples/documents/${document}?page=2&view=passages` },
    { name: "document-text", hash: "#/kb/samples/documents", then: (page) => through(page, "差旅办法", ".doc-facts") },
    { name: "versions", hash: "#/kb/samples/documents", then: async (page) => {
      await through(page, "差旅办法", ".doc-facts");
      await page.getByRole("tab").nth(1).click();
      await page.locator(".diff-passage").first().waitFor();
    } },
    { name: "measure", hash: "#/kb/samples/measure" },
    { name: "evaluation", hash: `#/kb/samples/measure/${evaluation}` },
    { name: "compare", hash: `#/kb/samples/measure/${evaluation}/${before}` },
    { name: "explain", hash: "#/kb/samples/explain" },
    { name: "explained", hash: `#/kb/samples/explain?${new URLSearchParams({ q: QUESTIONS.row })}` },
    { name: "review", hash: "#/kb/samples/review" },
    { name: "review-one", hash: `#/kb/samples/review/${feedback}`, then: (page) => page.locator(".picker").waitFor() },
    { name: "words", hash: `#/kb/samples/words?${new URLSearchParams({ q: QUESTIONS.row })}`, then: (page) => page.locator(".preview .chip").first().waitFor() },
    { name: "settings", hash: "#/kb/samples/settings" },
    { name: "bases", hash: "#/bases" },
    { name: "keys", hash: "#/keys" },
    { name: "system", hash: "#/system" },
    { name: "nowhere", hash: "#/kb/none/ask" },
  ];
}

/** What opens over a view. @param {Facts} facts @returns {Station[]} */
export function scenes({ document }) {
  const asked = `#/kb/samples/ask?${new URLSearchParams({ q: QUESTIONS.text })}`;
  /** Presses a button by the picture that it has, as its words depend on the language. @param {any} page @param {string} selector */
  const press = async (page, selector) => {
    await page.locator(selector).first().click();
    await page.getByRole("dialog").waitFor();
  };
  return [
    { name: "dialog-wrong", hash: asked, then: async (page) => {
      await answered(page);
      await press(page, ".ask-answer .row.is-between > .row:last-child button:last-child");
    } },
    { name: "considered", hash: asked, then: async (page) => {
      await answered(page);
      await page.locator(".ask-considered summary").first().click();
    } },
    { name: "dialog-rename", hash: "#/kb/samples/documents", then: (page) => press(page, "[data-act=rename]") },
    { name: "dialog-new-base", hash: "#/bases", then: (page) => press(page, ".view-head button") },
    { name: "dialog-new-key", hash: "#/keys", then: (page) => press(page, "main .empty button, .view-head button") },
    { name: "dialog-delete", hash: "#/kb/samples/settings", then: (page) => press(page, ".is-ending button") },
    { name: "document-lit", hash: `#/kb/samples/documents/${document}?page=3`, then: async (page) => {
      await page.locator(".read-item").first().click();
      await page.locator(".read-item.is-lit").first().waitFor();
    } },
    { name: "menu", hash: "#/kb/samples/ask", then: async (page) => {
      const menu = page.locator(".top button");
      if (await menu.isVisible()) await menu.click();
    } },
  ];
}

/** @param {any} page */
async function answered(page) {
  await page.locator(".ask-answer button, .ask-answer .notice").first().waitFor();
  await settled(page);
}

/** Opens a document out of the list. @param {any} page @param {string} name @param {string} then what is there when it is shown */
async function through(page, name, then) {
  await page.locator(".docs-table tbody a").filter({ hasText: name }).first().click();
  await page.locator(then).first().waitFor();
  await settled(page);
}
