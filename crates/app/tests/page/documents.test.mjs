// Documents: files in, what becomes of them, the list, one document as it was read, its versions.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { asked, askView } from "./asking.mjs";
import { LONG, settled, visit, withPage } from "./browser.mjs";
import { folded, textIn } from "./paper.mjs";
import { ROOT, serve, until } from "./server.mjs";
import { filled, texts } from "./texts.mjs";

const server = await serve();
const t = (await texts("documents")).zh;
const c = (await texts("common")).zh;
const errors = (await texts("errors")).zh;
const { documents: own } = await server.get("/kbs/samples/documents");
const report = own.find((/** @type {any} */ one) => one.name.includes("年度报告")).id;

/** A file for an input. @param {string} name @param {string | Buffer} content */
const file = (name, content) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) });
/** The input that `choose files` stands for. @param {any} page */
const chooser = (page) => page.locator("main input[type=file]:not([webkitdirectory])").first();
/** @param {any} page @param {string} name */
const row = (page, name) => page.locator(".docs-table tbody tr").filter({ hasText: name });
/** @param {any} page @param {string} name */
const upload = (page, name) => page.locator(".upload").filter({ hasText: name });

/** A knowledge base for one test. @param {string} id */
async function base(id) {
  await server.post("/kbs", { id, name: id });
  return id;
}

test("a file is uploaded, found, deleted, gone, and brought back", LONG, withPage(server, {}, async (page) => {
  const fact = "雪岭驿站的站长是顾长松，于2024年5月上任。";
  const question = "雪岭驿站的站长是谁？";
  const view = askView(page);
  await visit(page, "#/kb/samples/documents");
  await chooser(page).setInputFiles(file("雪岭驿站简介.txt", `雪岭驿站简介\n\n${fact}\n驿站设在海拔三千米处，全年开放。\n`));
  await row(page, "雪岭驿站简介").filter({ hasText: t.state_searchable }).waitFor();
  await visit(page, asked(question));
  await view.answered(question);
  assert.ok((await view.quotes()).join("").includes(fact));

  await visit(page, "#/kb/samples/documents");
  await row(page, "雪岭驿站简介").locator("[data-act=remove]").click();
  const toast = page.locator(".toast").filter({ hasText: "雪岭驿站简介" });
  await toast.hover();
  await row(page, "雪岭驿站简介").waitFor({ state: "detached" });
  const gone = await server.post("/kbs/samples/ask", { question });
  assert.ok(!JSON.stringify(gone).includes("顾长松"));
  await toast.getByRole("button", { name: c.undo }).click();
  await row(page, "雪岭驿站简介").filter({ hasText: t.state_searchable }).waitFor();
  await visit(page, asked(question));
  await view.answered(question);
  assert.ok((await view.quotes()).join("").includes(fact));

  await visit(page, "#/kb/samples/documents");
  await row(page, "雪岭驿站简介").locator("[data-act=remove]").click();
  await row(page, "雪岭驿站简介").waitFor({ state: "detached" });
  await visit(page, asked(question));
  await view.answered(question);
  assert.ok(!(await page.locator("main").innerText()).includes("顾长松"));

  await visit(page, "#/kb/samples/documents?state=removed");
  await row(page, "雪岭驿站简介").locator("[data-act=forget]").click();
  await page.getByRole("dialog").getByRole("button", { name: t.forget, exact: true }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByText(t.noneFit).waitFor();
}));

test("a file that cannot be read says why", LONG, withPage(server, {}, async (page) => {
  const kb = await base("wrong");
  await visit(page, `#/kb/${kb}/documents`);
  await chooser(page).setInputFiles([
    file("坏文件.pdf", "%PDF-1.7\n这不是一个完整的文件"),
    file("程序.bin", Buffer.from([0, 1, 2, 3, 254, 255, 0, 7])),
    file("空文件.txt", ""),
  ]);
  for (const name of ["坏文件.pdf", "程序.bin", "空文件.txt"]) {
    const line = upload(page, name);
    await line.filter({ hasText: t.stage_failed }).waitFor();
    const words = await line.locator(".upload-problem").innerText();
    assert.match(words, /[\p{Script=Han}]{5}/u, name);
    assert.doesNotMatch(words, /[a-z]{4,} [a-z]{3,}/, `${name} is explained in the program's words: ${words}`);
  }
  assert.ok((await upload(page, "空文件.txt").innerText()).includes(errors.empty_body));
  await row(page, "坏文件.pdf").filter({ hasText: t.state_failed }).waitFor();
  assert.ok((await row(page, "坏文件.pdf").locator(".docs-problem").innerText()).length > 5);
  assert.equal(await row(page, "空文件.txt").count(), 0);
}));

test("a folder that is dropped or chosen comes with its paths", LONG, withPage(server, {}, async (page) => {
  const kb = await base("folder");
  const folder = await mkdtemp(join(process.env.PAGE_WORK ?? tmpdir(), "drop-"));
  await mkdir(join(folder, "制度", "二〇二四"), { recursive: true });
  await writeFile(join(folder, "制度", "请假.txt"), "请假须提前三天申请。\n");
  await writeFile(join(folder, "制度", "二〇二四", "差旅.txt"), "差旅费在返回后十天内报销。\n");
  await writeFile(join(folder, "制度", ".隐藏.txt"), "不应上传。\n");
  await visit(page, `#/kb/${kb}/documents`);
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [join(folder, "制度")], dragOperationsMask: 1 };
  const at = { x: 700, y: 500, data };
  await session.send("Input.dispatchDragEvent", { type: "dragEnter", ...at });
  await session.send("Input.dispatchDragEvent", { type: "dragOver", ...at });
  await page.locator(".drop-over").waitFor({ state: "visible" });
  await session.send("Input.dispatchDragEvent", { type: "drop", ...at });
  await page.locator(".drop-over").waitFor({ state: "hidden" });
  for (const name of ["制度/请假.txt", "制度/二〇二四/差旅.txt"]) await row(page, name).filter({ hasText: t.state_searchable }).waitFor();
  assert.equal(await row(page, "隐藏").count(), 0);
  assert.equal((await server.get(`/kbs/${kb}/documents`)).total, 2);

  await writeFile(join(folder, "制度", "考勤.txt"), "考勤以打卡为准。\n");
  await page.locator("main input[type=file][webkitdirectory]").first().setInputFiles(join(folder, "制度"));
  await row(page, "制度/考勤.txt").filter({ hasText: t.state_searchable }).waitFor();
  await server.settled(kb);
  assert.equal((await server.get(`/kbs/${kb}/documents`)).total, 3);
}));

test("a list is ordered, restricted, and continued", LONG, withPage(server, {}, async (page) => {
  const kb = await base("many");
  const count = 60;
  for (let n = 1; n <= count; n += 1) {
    const name = `通知${String(n).padStart(3, "0")}.${n % 3 ? "txt" : "md"}`;
    await server.upload(kb, name, `第${n}号通知\n\n${"本通知自发布之日起执行。".repeat(n % 7 + 1)}\n`);
  }
  await server.settled(kb);
  const names = () => page.locator(".docs-table tbody .docs-path").allInnerTexts();
  const listed = async (/** @type {string} */ query) => (await server.get(`/kbs/${kb}/documents?limit=500&${query}`)).documents.map((/** @type {any} */ one) => one.path);
  const shows = (/** @type {string[]} */ wanted, /** @type {string} */ why) => until(async () => JSON.stringify(await names()) === JSON.stringify(wanted), why);

  await visit(page, `#/kb/${kb}/documents`);
  const byName = await listed("sort=name&order=asc");
  assert.equal(byName.length, count);
  await shows(byName.slice(0, 50), "not by name");
  await page.getByText(filled(t.someOf, { shown: 50, n: count })).waitFor();
  await page.getByRole("button", { name: c.more, exact: true }).click();
  await shows(byName, "not all");
  assert.equal(await page.getByRole("button", { name: c.more, exact: true }).isVisible(), false);

  await page.locator("[data-sort=name]").click();
  await shows((await listed("sort=name&order=desc")).slice(0, 50), "not in the other direction");
  assert.equal(await page.locator("th[aria-sort]").getAttribute("aria-sort"), "descending");
  await page.getByLabel(t.format, { exact: true }).selectOption("markdown");
  const markdown = await listed("sort=name&order=desc&format=markdown");
  assert.equal(markdown.length, 20);
  await shows(markdown, "not markdown alone");
  await page.reload();
  await settled(page);
  await shows(markdown, "the address does not keep it");
  await page.getByLabel(t.q_label, { exact: true }).fill("通知03");
  await shows(markdown.filter((/** @type {string} */ one) => one.includes("通知03")), "not what was looked for");
  await page.getByLabel(t.q_label, { exact: true }).fill("没有这样的");
  await page.getByText(t.noneFit).waitFor();
  await page.getByRole("button", { name: t.clearFilters }).click();
  await shows(byName.slice(0, 50), "not cleared");
}));

test("several documents are deleted at once, and brought back", LONG, withPage(server, {}, async (page) => {
  const kb = await base("several");
  for (const n of [1, 2, 3]) await server.upload(kb, `文件${n}.txt`, `第${n}份文件的内容。\n`);
  await server.settled(kb);
  await visit(page, `#/kb/${kb}/documents`);
  for (const n of [1, 3]) await page.getByLabel(filled(t.select, { name: `文件${n}` })).or(row(page, `文件${n}.txt`).getByRole("checkbox")).first().check();
  await page.locator(".docs-selection").getByRole("button", { name: t.remove, exact: true }).click();
  // As long as it is pointed at it stays.
  await page.locator(".toast").hover();
  await row(page, "文件1.txt").waitFor({ state: "detached" });
  await row(page, "文件3.txt").waitFor({ state: "detached" });
  assert.equal(await row(page, "文件2.txt").count(), 1);
  await page.locator(".toast").getByRole("button", { name: c.undo }).click();
  for (const n of [1, 2, 3]) await row(page, `文件${n}.txt`).filter({ hasText: t.state_searchable }).waitFor();
}));

test("a document gets another name", LONG, withPage(server, {}, async (page) => {
  const kb = await base("rename");
  await server.upload(kb, "草稿.txt", "这是一份草稿。\n");
  await server.settled(kb);
  await visit(page, `#/kb/${kb}/documents`);
  await row(page, "草稿.txt").locator("[data-act=rename]").click();
  await page.getByRole("dialog").getByLabel(t.path).fill("归档/定稿.txt");
  await page.getByRole("dialog").getByRole("button", { name: c.save }).click();
  await row(page, "归档/定稿.txt").waitFor();
  assert.equal(await page.getByRole("dialog").count(), 0);
}));

test("what was read stands beside its page, and each shows the other", LONG, withPage(server, {}, async (page) => {
  await visit(page, `#/kb/samples/documents/${report}?page=3`);
  const items = page.locator(".read-item");
  const marks = page.locator(".sheet-mark:not(.is-outline):not(.is-quiet)");
  const { blocks } = await server.get(`/kbs/samples/documents/${report}/blocks?page=3&limit=500`);
  assert.equal(await items.count(), blocks.length);
  const paragraph = blocks.findIndex((/** @type {any} */ one) => one.kind === "paragraph" && one.boxes.length > 2 && one.boxes.every((/** @type {any} */ box) => box.page === 3));
  assert.ok(paragraph > 0);
  await items.nth(paragraph).hover();
  await marks.first().waitFor();
  const boxes = await page.locator(".sheet").evaluate((/** @type {Element} */ sheet) => {
    const whole = sheet.getBoundingClientRect();
    return [...sheet.querySelectorAll(".sheet-mark:not(.is-outline):not(.is-quiet)")].map((mark) => {
      const box = mark.getBoundingClientRect();
      return [(box.left - whole.left) / whole.width, (box.top - whole.top) / whole.height, (box.right - whole.left) / whole.width, (box.bottom - whole.top) / whole.height];
    });
  });
  const { pages } = await server.get(`/kbs/samples/documents/${report}/pages`);
  const size = pages[2];
  const file = join(ROOT, "samples/docs/远山通信2023年年度报告.pdf");
  let under = "";
  for (const [x0, y0, x1, y1] of boxes) under += await textIn(file, 3, { x0: x0 * size.width + 2, y0: y0 * size.height, x1: x1 * size.width - 2, y1: y1 * size.height });
  assert.equal(folded(under), folded(blocks[paragraph].text));
  assert.ok(await items.nth(paragraph).evaluate((/** @type {Element} */ one) => one.classList.contains("is-lit")));

  // And from the picture to the text.
  await page.locator("h1").hover();
  const { x0, y0, x1, y1 } = blocks[paragraph].boxes[1];
  const sheet = await page.locator(".sheet").boundingBox();
  await page.mouse.move(sheet.x + ((x0 + x1) / 2 / size.width) * sheet.width, sheet.y + ((y0 + y1) / 2 / size.height) * sheet.height);
  await page.waitForFunction((/** @type {number} */ nth) => document.querySelectorAll(".read-item")[nth]?.classList.contains("is-lit"), paragraph);
  assert.ok(await page.locator(".read-item table").count() > 0, "no table is shown as a table");
}));

test("one turns the pages of a document, and sees what is searched", LONG, withPage(server, {}, async (page) => {
  await visit(page, `#/kb/samples/documents/${report}`);
  const field = page.getByLabel(t.pageNumber, { exact: true });
  const shows = (/** @type {number} */ n) => page.locator(`.sheet img[alt$="${filled(c.page, { n })}"]`).waitFor();
  await shows(1);
  await page.getByRole("button", { name: t.nextPage }).click();
  await shows(2);
  await page.locator("main h1").focus();
  await page.keyboard.press("ArrowRight");
  await shows(3);
  await page.keyboard.press("ArrowLeft");
  await shows(2);
  await field.fill("5");
  await field.press("Enter");
  await shows(5);
  assert.ok(await page.getByRole("button", { name: t.nextPage }).isDisabled());
  await settled(page);
  await page.getByRole("button", { name: t.view_passages }).click();
  await page.locator(".read-item.is-passage").first().waitFor();
  await settled(page);
  const { passages } = await server.get(`/kbs/samples/documents/${report}/passages?page=5&limit=500`);
  assert.equal(await page.locator(".read-item.is-passage").count(), passages.length);
  await page.reload();
  await settled(page);
  await shows(5);
  assert.equal(await page.locator(".read-item.is-passage").count(), passages.length);
}));

test("the original is saved", LONG, withPage(server, {}, async (page) => {
  await visit(page, `#/kb/samples/documents/${report}`);
  const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: t.download }).click()]);
  assert.equal(saved.suggestedFilename(), "远山通信2023年年度报告.pdf");
}));

test("versions are compared, and an earlier one is brought back", LONG, withPage(server, {}, async (page) => {
  const kb = await base("versions");
  const text = (/** @type {string} */ limit) => `报销办法\n\n一、适用范围\n\n本办法适用于全体员工。\n\n二、标准\n\n市内交通每天不超过${limit}元。\n`;
  await server.upload(kb, "报销办法.txt", text("八十"));
  await server.settled(kb);
  await server.upload(kb, "报销办法.txt", text("一百二十"));
  await server.settled(kb);
  const { documents: [{ id }] } = await server.get(`/kbs/${kb}/documents`);
  await visit(page, `#/kb/${kb}/documents/${id}`);
  await page.getByRole("tab", { name: t.tab_versions }).click();
  await page.locator("table.versions tbody tr").nth(1).waitFor();
  await settled(page);
  const removed = page.locator(".diff-passage.is-removed");
  const added = page.locator(".diff-passage.is-added");
  await removed.first().waitFor();
  assert.ok((await removed.allInnerTexts()).join("").includes("八十"));
  assert.ok((await added.allInnerTexts()).join("").includes("一百二十"));
  assert.ok((await added.locator("mark").allInnerTexts()).join("").includes("一百二"));
  await page.getByRole("button", { name: t.restoreVersion }).click();
  await until(async () => {
    const answer = await server.post(`/kbs/${kb}/ask`, { question: "市内交通每天不超过多少元？" });
    return JSON.stringify(answer.blocks).includes("八十");
  }, "the earlier version does not come back");
  await page.locator(".toast").waitFor();
  await page.reload();
  await page.locator("table.versions tbody tr").nth(1).waitFor();
}));
