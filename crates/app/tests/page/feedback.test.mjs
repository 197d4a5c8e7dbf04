// What people say of answers, from the thumb to the answer that it changes; and words that count as
// soon as they are saved.

import assert from "node:assert/strict";
import { test } from "node:test";

import { asked, askView } from "./asking.mjs";
import { LONG, visit, withPage } from "./browser.mjs";
import { folded } from "./paper.mjs";
import { serve, until } from "./server.mjs";
import { filled, texts } from "./texts.mjs";

const server = await serve();
const [ask, review, picker, words, common] = (await Promise.all(
  ["ask", "review", "correction", "words", "common"].map(texts))).map((one) => one.zh);

/** @param {string} question */
const answerTo = (question) => server.post("/kbs/samples/ask", { question });

test("a thumb down with the right text changes the answer, and is looked into", LONG, withPage(server, {}, async (page) => {
  const question = "松涛岛的海缆是什么时候修复的？";
  const right = "9时20分";
  const view = askView(page);
  await visit(page, asked(question));
  await view.answered(question);
  await page.getByRole("button", { name: ask.wrong }).click();
  const dialog = page.getByRole("dialog");
  await dialog.locator("details").evaluateAll((/** @type {HTMLDetailsElement[]} */ all) => all.forEach((one) => (one.open = true)));
  await dialog.locator("label.pick").filter({ hasText: right }).first().getByRole("checkbox").check();
  await dialog.getByText(filled(picker.picked, { n: 1 })).waitFor();
  await dialog.getByLabel(ask.comment).fill("问的是修复的时间");
  await dialog.getByRole("button", { name: ask.send, exact: true }).click();
  await page.getByText(ask.correctedSaved).waitFor();
  const after = await answerTo(question);
  assert.ok(after.found && after.answer.includes(right), after.answer);
  await page.reload();
  await view.answered(question);
  assert.deepEqual((await view.quotes()).map(folded), after.blocks.map((/** @type {any} */ one) => folded(one.text)));

  await visit(page, "#/kb/samples/review");
  const item = page.locator(".feedback-item").filter({ hasText: question });
  await item.getByText("问的是修复的时间").waitFor();
  await item.getByText(review.corrected).waitFor();
  await item.getByRole("link").first().click();
  await page.locator("main h1").filter({ hasText: question }).waitFor();
  await page.getByRole("button", { name: common.save }).click();
  await page.getByText(review.savedFixed).waitFor();
  await visit(page, "#/kb/samples/review");
  assert.equal(await item.count(), 0);
  await visit(page, "#/kb/samples/review?state=fixed");
  await item.waitFor();
}));

test("a thumb down alone is corrected on the review list", LONG, withPage(server, {}, async (page) => {
  const question = "远山通信面临的主要风险有哪些？";
  const view = askView(page);
  await visit(page, asked(question));
  await view.answered(question);
  await page.getByRole("button", { name: ask.wrong }).click();
  await page.getByRole("dialog").getByRole("button", { name: ask.send, exact: true }).click();
  await page.getByText(ask.rejected).waitFor();
  await visit(page, "#/kb/samples/review");
  await page.locator(".feedback-item").filter({ hasText: question }).getByRole("link").first().click();
  const search = page.getByLabel(picker.searchLabel);
  await search.fill("研发投入占营业收入的比例");
  await search.press("Enter");
  const found = page.locator("label.pick").filter({ hasText: "3.79亿元" }).first();
  await found.waitFor({ state: "attached" });
  await page.locator(".picker details").evaluateAll((/** @type {HTMLDetailsElement[]} */ all) => all.forEach((one) => (one.open = true)));
  await found.getByRole("checkbox").check();
  await page.getByRole("button", { name: common.save }).click();
  await page.getByText(review.savedFixed).waitFor();
  const { answer } = await answerTo(question);
  assert.ok(answer.includes("3.79亿元"), answer);

  // And taken back: as if nothing had been said.
  await page.getByRole("button", { name: review.takeBack }).click();
  await page.getByRole("dialog").getByRole("button", { name: review.takeBack }).click();
  await page.getByText(review.takenBack).waitFor();
  assert.ok(!(await answerTo(question)).answer.includes("3.79亿元"));
}));

test("a thumb up is kept, and can be taken back at once", LONG, withPage(server, {}, async (page) => {
  const question = "远山通信的公司代码是多少？";
  const view = askView(page);
  await visit(page, asked(question));
  await view.answered(question);
  await page.getByRole("button", { name: ask.right }).click();
  const toast = page.locator(".toast").filter({ hasText: ask.rated });
  // As long as it is pointed at it stays.
  await toast.hover();
  assert.equal((await server.get("/kbs/samples/feedback?verdict=confirmed")).total, 1);
  await toast.getByRole("button", { name: common.undo }).click();
  await page.getByText(ask.takenBack).waitFor();
  assert.equal((await server.get("/kbs/samples/feedback?verdict=confirmed")).total, 0);
}));

test("words are tried before they are saved, and count at once when they are", LONG, withPage(server, {}, async (page) => {
  const question = "远山通信万物互联业务的毛利率是多少？";
  await visit(page, "#/kb/samples/words");
  const editor = page.getByLabel(filled(words.editor, { name: words.synonyms }));
  const preview = page.locator(".preview");
  await preview.getByLabel(words.question).fill(question);
  await preview.getByText(words.nowSaved).waitFor();
  await editor.fill("万物互联 物联网\n单独");
  await preview.getByText(words.nowEdited).waitFor();
  await preview.getByText("物联网").first().waitFor();
  await page.getByText(words.problemGroup).first().waitFor();
  await page.getByRole("button", { name: filled(words.line, { n: 2 }) }).waitFor();
  assert.ok(!JSON.stringify(await server.post("/kbs/samples/explain", { question })).includes("物联网"), "it counts before it is saved");

  await editor.fill("万物互联 物联网\n");
  const card = page.locator("section.card").filter({ has: editor });
  await card.getByRole("button", { name: common.save }).click();
  await page.getByText(filled(words.saved, { name: words.synonyms })).waitFor();
  const view = askView(page);
  await visit(page, asked(question));
  await view.answered(question);
  assert.match((await view.quotes()).join(""), /物联网.*21\.0/);

  await visit(page, "#/kb/samples/words");
  await editor.fill("");
  await card.getByRole("button", { name: common.save }).click();
  await until(async () => (await server.get("/kbs/samples/synonyms")) === "", "they are not taken back");
}));
