// Keeping things in order: feedback is looked into, words are edited beside others, settings change,
// knowledge bases are made and end.

import assert from "node:assert/strict";
import { test } from "node:test";

import { LONG, settled, visit, withPage } from "./browser.mjs";
import { serve, until } from "./server.mjs";
import { QUESTIONS } from "./stations.mjs";

const server = await serve();

/** Rejects the answer to a question; gives the feedback's id. @param {string} question @param {string} [comment] */
async function rejected(question, comment = "") {
  const { blocks } = await server.post("/kbs/samples/ask", { question });
  const shown = blocks.map((/** @type {any} */ { document, text }) => ({ document, text }));
  return (await server.post("/kbs/samples/feedback", { question, verdict: "rejected", comment, blocks: shown })).id;
}

/** @param {any} page */
const tabs = (page) => page.locator("main .tabs").innerText();
/** @param {string} text */
const putText = (text) => fetch(`${server.url}/api/v1/kbs/samples/synonyms`, { method: "PUT", body: text, headers: { "content-type": "text/plain" } });

test("a correction is chosen out of the passages, and given from then on", LONG, withPage(server, {}, async (page) => {
  const id = await rejected(QUESTIONS.row, "要的是另一行");
  await visit(page, "#/kb/samples/review");
  await page.getByRole("link", { name: QUESTIONS.row }).click();
  await page.locator(".picker").waitFor();
  assert.ok(await page.getByText("要的是另一行").isVisible());
  await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
  const row = page.locator("tr:has(input)").first();
  const cells = await row.locator("td:not(.pick-cell)").allTextContents();
  await row.locator("input").check();
  assert.ok((await page.locator(".picked").innerText()).includes(cells[0]));
  await page.getByLabel("处理说明").fill("换了一行");
  await page.getByLabel("处理人").fill("甲");
  await page.getByRole("button", { name: "保存" }).click();
  await page.locator(".notice.is-good").waitFor();
  const kept = await server.get(`/kbs/samples/feedback/${id}`);
  assert.equal(kept.state, "fixed");
  assert.equal(kept.note, "换了一行");
  assert.equal(kept.reviewer, "甲");
  // The header of the table is in front of the row, as in an answer.
  const lines = kept.correction[0].text.split("\n");
  assert.deepEqual(lines.at(-1).split("\t"), cells);
  assert.ok(lines.length > 1);
  const { blocks } = await server.post("/kbs/samples/ask", { question: QUESTIONS.row });
  assert.equal(blocks[0].text, kept.correction[0].text);
}));

test("a sentence of another passage is found and chosen as it stands", LONG, withPage(server, {}, async (page) => {
  const id = await rejected(QUESTIONS.list);
  await visit(page, `#/kb/samples/review/${id}`);
  await page.locator(".picker").waitFor();
  await page.getByLabel("在其他段落里找").fill("松涛岛 海缆 抢修");
  await page.getByLabel("在其他段落里找").press("Enter");
  await page.getByText("查找结果").waitFor();
  const found = page.locator(".picker > [aria-live] details").first();
  const sentence = found.locator(".pick").last();
  const text = await sentence.innerText();
  await sentence.locator("input").check();
  await page.getByRole("button", { name: "不选这一处" }).click();
  assert.equal(await sentence.locator("input").isChecked(), false);
  await sentence.locator("input").check();
  await page.getByRole("button", { name: "保存" }).click();
  await page.locator(".notice.is-good").waitFor();
  assert.equal((await server.get(`/kbs/samples/feedback/${id}`)).correction[0].text, text);
}));

test("feedback is declined, taken back and restored", LONG, withPage(server, {}, async (page) => {
  const id = await rejected(QUESTIONS.pages);
  await visit(page, `#/kb/samples/review/${id}`);
  await page.getByRole("radio", { name: /不予处理/ }).check();
  await page.getByRole("button", { name: "保存" }).click();
  await page.locator(".notice.is-good").waitFor();
  assert.equal((await server.get(`/kbs/samples/feedback/${id}`)).state, "declined");
  await page.getByRole("button", { name: "撤回这条反馈" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "撤回这条反馈" }).click();
  const undo = page.locator(".toast").getByRole("button", { name: "撤销" });
  // As long as it is pointed at it stays.
  await undo.hover();
  const total = async () => (await server.get("/kbs/samples/feedback?state=declined")).total;
  assert.equal(await total(), 0);
  await undo.click();
  await until(async () => (await total()) === 1, "it was not restored");
  await visit(page, "#/kb/samples/review?state=declined");
  await page.getByRole("link", { name: QUESTIONS.pages }).waitFor();
  // The counts come when the list is there already.
  await until(async () => /不予处理\s*1/.test(await tabs(page)), "it is not counted");
}));

test("what others wrote meanwhile is merged, and wrong lines are named", LONG, withPage(server, { expected: [/^412: PUT/] }, async (page) => {
  await putText("# 财务\n营收 营业收入\n");
  await visit(page, "#/kb/samples/words");
  const area = page.getByLabel("同义词，一行一条");
  await area.fill("# 财务\n营收 营业收入\n单独\n");
  await putText("# 财务\n营收 营业收入\n算力 计算能力\n");
  await area.press("Control+s");
  await page.getByText("别人保存了新的内容").waitFor();
  await page.getByRole("button", { name: "合并到我的修改里" }).click();
  assert.equal(await area.inputValue(), "# 财务\n营收 营业收入\n单独\n算力 计算能力\n");
  await area.press("Control+s");
  await page.getByText("有 1 行不能用").waitFor();
  assert.equal(await server.get("/kbs/samples/synonyms"), await area.inputValue());
  await page.getByRole("button", { name: "第 3 行" }).click();
  assert.equal(await area.evaluate((/** @type {HTMLTextAreaElement} */ one) => one.value.slice(one.selectionStart, one.selectionEnd)), "单独");
}));

test("what was not saved is there again, and can be discarded", LONG, withPage(server, {}, async (page) => {
  await putText("营收 营业收入\n");
  await visit(page, "#/kb/samples/words");
  const area = page.getByLabel("同义词，一行一条");
  await area.fill("营收 营业收入\n新词 新语\n");
  await visit(page, "#/kb/samples/review");
  await visit(page, "#/kb/samples/words");
  assert.equal(await area.inputValue(), "营收 营业收入\n新词 新语\n");
  await page.getByRole("button", { name: "放弃修改" }).click();
  assert.equal(await area.inputValue(), "营收 营业收入\n");
}));

test("a question is read with words that are not saved", LONG, withPage(server, {}, async (page) => {
  await putText("");
  await visit(page, "#/kb/samples/words");
  await page.getByLabel("同义词，一行一条").fill("抢修 修复\n");
  await page.getByLabel("专有词，一行一条").fill("松涛岛海缆 2\n云\n");
  await page.getByLabel("问题", { exact: true }).fill("松涛岛海缆的抢修情况如何？");
  await page.locator(".chip.is-different", { hasText: "松涛岛海缆" }).waitFor();
  assert.ok(await page.locator(".chip.is-different", { hasText: "抢修 → 修复" }).isVisible());
  assert.ok(await page.locator(".chip.is-gone").count() > 0);
  await page.getByText("“云”不是两个字以上的词").waitFor();
  assert.match(page.url(), /[?&]q=/);
  assert.equal(await server.get("/kbs/samples/synonyms"), "");
}));

test("settings are changed, checked, and a backup is downloaded", LONG, withPage(server, {}, async (page) => {
  await visit(page, "#/kb/samples/settings");
  await page.evaluate(() => Object.assign(window, { showSaveFilePicker: undefined }));
  await page.getByLabel("每个文档保留的旧版本数").fill("8");
  await page.locator("form", { hasText: "保留多久" }).getByRole("button", { name: "保存" }).click();
  await until(async () => (await server.get("/kbs/samples/settings")).versions === 8, "it was not changed");
  await page.getByRole("button", { name: "检查并修复" }).click();
  await page.getByText("没有问题").waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "下载备份" }).click()]);
  assert.equal(download.suggestedFilename(), "samples.zip");
  await page.getByText("备份已下载").waitFor();
  await page.getByRole("textbox", { name: "名称" }).fill("年度报告");
  await page.locator("form", { hasText: "名称和说明" }).getByRole("button", { name: "保存" }).click();
  await page.locator("#side").getByText("年度报告").waitFor();
}));

test("a knowledge base is made and deleted", LONG, withPage(server, {}, async (page) => {
  await visit(page, "#/bases");
  await page.getByRole("button", { name: "新建知识库" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("名称").fill("试用");
  await dialog.getByLabel("标识").fill("trial");
  await dialog.getByRole("button", { name: "新建", exact: true }).click();
  await page.waitForURL(/#\/kb\/trial\/documents/);
  await visit(page, "#/kb/trial/settings");
  await page.getByRole("button", { name: "删除这个知识库" }).click();
  const end = dialog.getByRole("button", { name: "删除这个知识库" });
  await dialog.getByRole("textbox").fill("tria");
  assert.ok(await end.isDisabled());
  await dialog.getByRole("textbox").fill("trial");
  await end.click();
  await page.waitForURL(/#\/bases$/);
  await settled(page);
  assert.deepEqual((await server.get("/kbs")).kbs.map((/** @type {any} */ one) => one.id), ["samples"]);
}));
