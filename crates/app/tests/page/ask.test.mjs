// Asking: the answer as the interface gives it, its citations, what can be done with it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { asked, askView } from "./asking.mjs";
import { LONG, settled, visit, withPage } from "./browser.mjs";
import { folded } from "./paper.mjs";
import { serve } from "./server.mjs";
import { QUESTIONS, twoCitations } from "./stations.mjs";
import { texts } from "./texts.mjs";

const server = await serve({ kbs: ["samples", "formats"] });
const { zh } = await texts("ask");
const common = (await texts("common")).zh;

/** @param {string} question @param {Record<string, any>} [more] */
const answerTo = (question, more = {}) => server.post("/kbs/samples/ask", { question, layout: true, ...more });

/** The text of a layout as it is shown: what stands over a table stands there once. @param {any[]} layout */
function laidOut(layout) {
  const over = layout.filter(({ kind }) => kind === "table").flatMap(({ caption, unit }) => [caption, unit]);
  return layout.filter(({ kind, text }) => kind === "table" || !over.includes(text)).map((piece) => piece.kind === "text" ? piece.text
    : [piece.caption, piece.unit, ...piece.rows.flatMap((/** @type {any} */ row) => row.cells.map((/** @type {any} */ cell) => cell.text))].join("")).join("");
}

for (const [kind, question] of /** @type {const} */ ([["text", QUESTIONS.text], ["row", QUESTIONS.row], ["list", QUESTIONS.list]])) {
  test(`an answer is original text, word for word: ${kind}`, LONG, withPage(server, {}, async (page) => {
    const view = askView(page);
    await visit(page, "#/kb/samples/ask");
    await view.ask(question);
    const answer = await answerTo(question);
    assert.equal(answer.found, true);
    const shown = await view.quotes();
    assert.equal(shown.length, answer.blocks.length);
    for (const [at, block] of answer.blocks.entries()) {
      assert.equal(folded(shown[at]), folded(laidOut(block.layout)));
      for (const cell of block.text.split(/[\n\t]/)) assert.ok(folded(shown[at]).includes(folded(cell)), cell);
      if (kind === "text") assert.equal(shown[at], block.text);
      const source = await view.blocks.nth(at).locator(".ask-source").innerText();
      assert.ok(source.includes(block.doc), source);
      assert.ok(source.includes(zh.page.replace("{n}", block.page)), source);
      for (const heading of block.headings) assert.ok(source.includes(heading), `${source}: ${heading}`);
    }
  }));
}

test("the words of the question are set off", LONG, withPage(server, {}, async (page) => {
  const answer = await answerTo(QUESTIONS.text);
  await visit(page, asked(QUESTIONS.text));
  await askView(page).answered(QUESTIONS.text);
  const expected = answer.blocks.flatMap((/** @type {any} */ block) => block.layout.flatMap((/** @type {any} */ piece) => {
    const characters = Array.from(piece.text);
    return piece.highlight.map(([start, end]) => characters.slice(start, end).join(""));
  }));
  assert.ok(expected.length > 0);
  const shown = await page.locator(".ask-block .quote mark").allInnerTexts();
  assert.deepEqual(shown, expected);
  for (const word of shown) assert.ok(QUESTIONS.text.includes(word), word);
}));

test("it is said how sure an answer is", LONG, withPage(server, {}, async (page) => {
  const { confidence } = await answerTo(QUESTIONS.text);
  const view = askView(page);
  await visit(page, asked(QUESTIONS.text));
  await view.answered(QUESTIONS.text);
  const word = confidence >= 0.8 ? zh.sure : confidence >= 0.6 ? zh.likely : zh.unsure;
  assert.equal(await view.status.innerText(), word);
  const share = new RegExp(`${Math.round(confidence * 100)}%`);
  assert.match(await view.status.getAttribute("title"), share);
}));

test("what is not found is said, with the nearest passages and why they are near", LONG, withPage(server, {}, async (page) => {
  const answer = await answerTo(QUESTIONS.none);
  assert.equal(answer.found, false);
  const view = askView(page);
  await visit(page, "#/kb/samples/ask");
  await view.ask(QUESTIONS.none);
  await view.notFound.waitFor();
  assert.equal(await view.blocks.count(), 0);
  assert.ok(await view.passages.count() > 0);
  const first = view.passages.first();
  assert.equal(folded(await first.locator(".quote").evaluate((/** @type {Element} */ one) => one.textContent)), folded(answer.passages[0].text));
  assert.ok(await first.locator(".badge").count() > 0, "no reason is given");
}));

test("the passages that were considered are shown, each on its page", LONG, withPage(server, {}, async (page) => {
  const answer = await answerTo(QUESTIONS.text);
  const view = askView(page);
  await visit(page, asked(QUESTIONS.text));
  await view.answered(QUESTIONS.text);
  await page.locator(".ask-considered summary").first().click();
  assert.equal(await view.passages.count(), Math.min(answer.passages.length, 10));
  const other = answer.passages.findIndex((/** @type {any} */ one) => one.page && one.page !== answer.blocks[0].page);
  assert.ok(other > 0, "all passages stand on the same page");
  await view.passages.nth(other).getByRole("button", { name: zh.showOnPage }).click();
  const name = common.page.replace("{n}", answer.passages[other].page);
  await page.locator(`.viewer .sheet img[alt$="${name}"]`).waitFor();
  await settled(page);
  assert.ok(await view.marks.count() > 0);
}));

test("a question that follows leaves out what was said", LONG, withPage(server, {}, async (page) => {
  const view = askView(page);
  const first = "远山通信2023年第三季度的营业收入是多少？";
  await visit(page, asked(first));
  await view.answered(first);
  const next = "那第二季度呢？";
  await view.followBox.fill(next);
  await view.followBox.press("Enter");
  await view.answered(next);
  const answer = await answerTo(next, { after: [first] });
  assert.ok(answer.completed);
  assert.ok((await page.locator(".ask-answer").innerText()).includes(answer.completed));
  assert.match((await view.quotes()).join(), /2,143,870,226\.91/);
  await page.reload();
  await view.answered(next);
  assert.match((await view.quotes()).join(), /2,143,870,226\.91/);
  await page.locator(".ask-before").getByRole("link", { name: first }).click();
  await view.answered(first);
}));

test("a link asks the same again, and an answer is copied with where it stands",
  LONG, withPage(server, { permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    const view = askView(page);
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await visit(page, "#/kb/samples/ask");
    await view.ask(QUESTIONS.text);
    const before = await view.quotes();
    await page.getByRole("button", { name: zh.copyLink }).click();
    await page.getByText(zh.linkCopied).waitFor();
    const link = await copied();
    const other = await page.context().newPage();
    await other.goto(link);
    await askView(other).answered(QUESTIONS.text);
    assert.deepEqual(await askView(other).quotes(), before);
    await other.close();
    await page.bringToFront();
    const { blocks } = await answerTo(QUESTIONS.text);
    await page.getByRole("button", { name: zh.copy, exact: true }).click();
    await page.getByText(common.copied, { exact: true }).waitFor();
    const text = await copied();
    for (const block of blocks) {
      assert.ok(text.includes(block.text), text);
      assert.ok(text.includes(block.doc) && text.includes(zh.page.replace("{n}", block.page)), text);
    }
  }));

test("one goes from citation to citation", LONG, withPage(server, {}, async (page) => {
  const question = await twoCitations(server);
  const answer = await answerTo(question);
  assert.equal(answer.blocks.length, 2);
  const view = askView(page);
  await visit(page, asked(question));
  await view.answered(question);
  const place = (/** @type {number} */ n) => zh.place.replace("{n}", String(n)).replace("{all}", String(answer.blocks.length));
  assert.equal(await view.place.innerText(), place(1));
  assert.ok(await view.previous.isDisabled());
  for (let at = 1; at < answer.blocks.length; at += 1) {
    await view.next.click();
    await settled(page);
    assert.equal(await view.place.innerText(), place(at + 1));
    const name = common.page.replace("{n}", answer.blocks[at].page);
    await page.locator(`.viewer .sheet img[alt$="${name}"]`).first().waitFor();
  }
  assert.ok(await view.next.isDisabled());
  await view.previous.click();
  assert.equal(await view.place.innerText(), place(answer.blocks.length - 1));
  await view.blocks.first().getByRole("button", { name: zh.showOnPage }).click();
  assert.equal(await view.place.innerText(), place(1));
}));

test("a page is shown larger, and sharper for it", LONG, withPage(server, {}, async (page) => {
  const view = askView(page);
  await visit(page, asked(QUESTIONS.text));
  await view.answered(QUESTIONS.text);
  const image = view.sheets.first().locator("img");
  const sizes = () => image.evaluate((/** @type {HTMLImageElement} */ one) => ({ shown: one.clientWidth, drawn: one.naturalWidth }));
  await page.waitForFunction(() => {
    const one = /** @type {HTMLImageElement} */ (document.querySelector(".viewer .sheet img"));
    return one.naturalWidth >= one.clientWidth;
  });
  const before = await sizes();
  assert.ok(await view.smaller.isDisabled());
  while (!(await view.larger.isDisabled())) await view.larger.click();
  await page.waitForFunction((/** @type {any} */ was) => {
    const one = /** @type {HTMLImageElement} */ (document.querySelector(".viewer .sheet img"));
    return one.clientWidth > was.shown * 1.9 && one.naturalWidth > was.drawn;
  }, before);
  while (!(await view.smaller.isDisabled())) await view.smaller.click();
  assert.equal((await sizes()).shown, before.shown);
}));

test("the original file is opened at its page", LONG, withPage(server, {}, async (page) => {
  const { blocks: [block] } = await answerTo(QUESTIONS.text);
  const view = askView(page);
  await visit(page, asked(QUESTIONS.text));
  await view.answered(QUESTIONS.text);
  const [tab] = await Promise.all([page.context().waitForEvent("page"), view.open.click()]);
  await tab.waitForURL((/** @type {URL} */ url) => url.pathname.includes(block.document));
  const url = new URL(tab.url());
  assert.equal(url.pathname, `/api/v1/kbs/samples/documents/${block.document}/content`);
  assert.equal(url.hash, `#page=${block.page}`);
  await tab.close();
  const sent = await fetch(url);
  assert.equal(sent.headers.get("content-type"), "application/pdf");
  assert.match(sent.headers.get("content-disposition") ?? "", /^inline/);
}));

test("where a format has no pages, the passage stands instead", LONG, withPage(server, {}, async (page) => {
  const question = "网络运行简报说了什么？";
  const answer = await server.post("/kbs/formats/ask", { question, layout: true });
  const view = askView(page);
  await visit(page, asked(question, "formats"));
  await view.answered(question);
  const shown = answer.found ? answer.blocks[0] : answer.passages[0];
  if (shown.format === "pdf") assert.ok(await view.sheets.count() > 0);
  else await page.locator(".viewer").getByText(zh.noPicture).waitFor();
}));

test("what was asked is found again, until it is cleared", LONG, withPage(server, {}, async (page) => {
  const view = askView(page);
  await visit(page, asked(QUESTIONS.text));
  await view.answered(QUESTIONS.text);
  await visit(page, "#/kb/samples/ask");
  await page.getByRole("link", { name: QUESTIONS.text }).click();
  await view.answered(QUESTIONS.text);
  await page.goBack();
  await page.getByRole("button", { name: zh.forget }).click();
  assert.equal(await page.getByRole("link", { name: QUESTIONS.text }).count(), 0);
}));
