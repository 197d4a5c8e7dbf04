// Keys: the first one, and what the page shows to whom.

import assert from "node:assert/strict";
import { test } from "node:test";

import { asked, askView } from "./asking.mjs";
import { LONG, settled, visit, withPage } from "./browser.mjs";
import { serve } from "./server.mjs";
import { QUESTIONS } from "./stations.mjs";
import { texts } from "./texts.mjs";

const bare = await serve();
const closed = await serve({ kbs: ["samples", "formats"] });
closed.key = await closed.newKey("admin", ["--name", "管理"]);
const reader = await closed.newKey("read", ["--name", "客服", "--only", "samples"]);
const writer = await closed.newKey("write", ["--name", "编辑"]);
const [shell, ask, admin, documents] = (await Promise.all(
  ["shell", "ask", "admin", "documents"].map(texts))).map((one) => one.zh);

/** @param {any} page */
const ways = (page) => page.locator("#side nav a").allInnerTexts();

test("after the first key is made the page goes on with it", LONG, withPage(bare, {}, async (page) => {
  await visit(page, "#/keys");
  await page.getByRole("button", { name: admin.newKey }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(admin.keyName).fill("第一个");
  await dialog.getByRole("button", { name: admin.makeKey }).click();
  const shown = dialog.getByRole("textbox", { name: admin.keyIs });
  await shown.waitFor();
  const key = (await shown.innerText()).trim();
  assert.match(key, /^yw_/);
  await dialog.getByRole("button", { name: admin.done }).click();
  await page.locator("main").getByText("第一个").waitFor();
  await page.getByText(admin.yours).waitFor();
  const refused = await fetch(`${bare.url}/api/v1/kbs`);
  assert.equal(refused.status, 401);
  await visit(page, asked(QUESTIONS.text));
  await askView(page).answered(QUESTIONS.text);
  assert.ok((await askView(page).quotes()).length > 0);
  await page.reload();
  await askView(page).answered(QUESTIONS.text);
}));

test("without a key the page asks for one, and says when it is wrong", LONG, withPage(closed, { expected: [/^401: GET/] }, async (page) => {
  await page.goto(`/${asked(QUESTIONS.text)}`);
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(shell.key, { exact: true }).fill("yw_wrong_1234567890");
  await dialog.getByRole("button", { name: shell.useKey }).click();
  await dialog.getByText(shell.wrongKey).waitFor();
  await dialog.getByLabel(shell.key, { exact: true }).fill(reader);
  await dialog.getByRole("button", { name: shell.useKey }).click();
  await dialog.waitFor({ state: "detached" });
  await askView(page).answered(QUESTIONS.text);
  await page.reload();
  await askView(page).answered(QUESTIONS.text);
  assert.equal(await page.getByRole("dialog").count(), 0);
}));

test("who may read sees nothing that changes anything", LONG, withPage(closed, { key: reader }, async (page) => {
  await visit(page, asked(QUESTIONS.text));
  await askView(page).answered(QUESTIONS.text);
  assert.equal(await page.getByRole("button", { name: ask.right }).count(), 0);
  assert.equal(await page.getByRole("button", { name: ask.wrong }).count(), 0);
  const shown = await ways(page);
  for (const name of [shell.bases, shell.keys, shell.system]) assert.ok(!shown.includes(name), name);
  assert.equal(await page.locator(".side-kb select").count(), 0);
  assert.equal(await page.locator(".sheet img").first().evaluate((/** @type {HTMLImageElement} */ one) => one.naturalWidth > 0), true);

  await visit(page, "#/kb/samples/documents");
  assert.ok(await page.locator(".docs-table tbody tr").count() > 0);
  assert.equal(await page.getByRole("button", { name: documents.chooseFiles }).count(), 0);
  assert.equal(await page.locator(".docs-table input[type=checkbox], [data-act]").count(), 0);
  await page.locator(".docs-table a").first().click();
  await page.locator(".sheet").first().waitFor();
  await settled(page);
  assert.equal(await page.getByRole("button", { name: documents.remove, exact: true }).count(), 0);

  for (const view of ["measure", "explain", "review", "words", "settings"]) {
    await visit(page, `#/kb/samples/${view}`);
    const changing = await page.locator("main").getByRole("button", { name: /保存|删除|新建|开始评测|撤回/ }).filter({ visible: true }).count();
    assert.equal(changing, 0, view);
  }
  await visit(page, "#/kb/samples/words");
  for (const area of await page.locator("main textarea").all()) assert.equal(await area.getAttribute("readonly"), "");
  for (const view of ["bases", "keys", "system"]) await visit(page, `#/${view}`);
  await page.goto("/#/kb/formats/ask");
  await page.getByText(shell.noSuchKb).waitFor();
}));

test("who may write changes documents, not the service", LONG, withPage(closed, { key: writer }, async (page) => {
  await visit(page, "#/kb/samples/documents");
  assert.ok(await page.getByRole("button", { name: documents.chooseFiles }).first().isVisible());
  const shown = await ways(page);
  for (const name of [shell.keys, shell.system]) assert.ok(!shown.includes(name), name);
  await visit(page, asked(QUESTIONS.row));
  await askView(page).answered(QUESTIONS.row);
  assert.equal(await page.getByRole("button", { name: ask.wrong }).count(), 1);
}));

test("a key that is revoked while the page is open is asked for again", LONG, async (t) => {
  const key = await closed.newKey("read", ["--name", "短期"]);
  await withPage(closed, { key, expected: [/^401: /] }, async (page) => {
    await visit(page, "#/kb/samples/ask");
    await closed.ask("DELETE", `/keys/${key.split("_")[1]}`);
    await askView(page).box.fill(QUESTIONS.text);
    await askView(page).box.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(shell.key, { exact: true }).fill(reader);
    await dialog.getByRole("button", { name: shell.useKey }).click();
    await askView(page).answered(QUESTIONS.text);
  })(t);
});

test("an administrator makes a key for one knowledge base and revokes it", LONG, async (t) => {
  await withPage(closed, { key: /** @type {string} */ (closed.key) }, async (page) => {
    await visit(page, "#/keys");
    await page.getByRole("button", { name: admin.newKey }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(admin.keyName).fill("部门网页");
    await dialog.getByRole("radio", { name: admin.onlySome }).check();
    await dialog.getByRole("button", { name: admin.makeKey }).click();
    await dialog.getByText(admin.onlyNone).waitFor();
    await dialog.getByRole("checkbox", { name: "远山通信" }).check();
    await dialog.getByRole("button", { name: admin.makeKey }).click();
    const shown = dialog.getByRole("textbox", { name: admin.keyIs });
    await shown.waitFor();
    const key = (await shown.innerText()).trim();
    const me = async () => (await fetch(`${closed.url}/api/v1/me`, { headers: { authorization: `Bearer ${key}` } }));
    const about = await (await me()).json();
    assert.deepEqual([about.scope, about.only, about.key], ["read", ["samples"], "部门网页"]);
    await dialog.getByRole("button", { name: admin.done }).click();
    await page.getByRole("button", { name: `${admin.revoke}: 部门网页` }).click();
    await page.getByRole("dialog").getByRole("button", { name: admin.revoke, exact: true }).click();
    await page.getByText(admin.revokedNow).waitFor();
    assert.equal((await me()).status, 401);
  })(t);
});
