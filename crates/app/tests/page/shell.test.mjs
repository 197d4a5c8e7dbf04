// What stands around all views: navigation, languages, colours, the menu of narrow windows, and what
// is said where there is nothing to show.

import assert from "node:assert/strict";
import { test } from "node:test";

import { LONG, PHONE, settled, visit, withPage } from "./browser.mjs";
import { serve } from "./server.mjs";
import { texts } from "./texts.mjs";

const server = await serve({ kbs: ["samples", "formats"] });
const empty = await serve({ kbs: [] });
const { zh, en } = await texts("shell");
const common = await texts("common");
const errors = await texts("errors");

const OF_KB = ["ask", "documents", "measure", "explain", "review", "words", "settings"];
const OF_ALL = ["bases", "keys", "system"];

/** @param {any} page @param {string} name */
const way = (page, name) => page.locator("#side nav").getByRole("link", { name, exact: true });

test("it begins with asking, and each view is a link away", LONG, withPage(server, {}, async (page) => {
  await page.goto("/");
  await settled(page);
  assert.match(page.url(), /#\/kb\/(samples|formats)\/ask$/);
  for (const view of [...OF_KB, ...OF_ALL]) {
    await way(page, zh[view]).click();
    await page.waitForFunction((/** @type {string} */ name) => document.querySelector("main")?.dataset.view === name, view);
    await settled(page);
    assert.equal(await page.locator("#side nav [aria-current=page]").innerText(), zh[view]);
    assert.ok((await page.title()).startsWith(`${zh[view]} · `), await page.title());
    assert.equal(await page.locator("main h1").count(), 1, view);
  }
  await page.goBack();
  await page.waitForFunction(() => document.querySelector("main")?.dataset.view === "keys");
  await page.goForward();
  await page.waitForFunction(() => document.querySelector("main")?.dataset.view === "system");
  await page.reload();
  await settled(page);
  assert.equal(await page.locator("main").getAttribute("data-view"), "system");
}));

test("another knowledge base is chosen at the side, and remembered", LONG, withPage(server, {}, async (page) => {
  await visit(page, "#/kb/samples/documents");
  await page.locator(".side-kb select").selectOption("formats");
  await page.waitForURL(/#\/kb\/formats\/documents/);
  await settled(page);
  await page.goto("/");
  await page.waitForURL(/#\/kb\/formats\/ask/);
}));

test("the language changes at once, and stays", LONG, withPage(server, {}, async (page) => {
  await visit(page, "#/kb/samples/ask");
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-Hans");
  await page.getByRole("button", { name: "English" }).click();
  await way(page, en.ask).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  assert.ok((await page.title()).startsWith(en.ask));
  await page.reload();
  await way(page, en.ask).waitFor();
  await page.getByRole("button", { name: "中文" }).click();
  await way(page, zh.ask).waitFor();
}));

for (const scheme of /** @type {const} */ (["light", "dark"])) {
  test(`the colours follow a system that is ${scheme} until somebody chooses`, LONG, withPage(server, { scheme }, async (page) => {
    const isDark = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme === "dark");
    await visit(page, "#/kb/samples/ask");
    assert.equal(await isDark(), scheme === "dark");
    await page.getByRole("button", { name: zh.theme }).click();
    assert.equal(await isDark(), scheme !== "dark");
    await page.reload();
    await settled(page);
    assert.equal(await isDark(), scheme !== "dark");
  }));
}

test("the first key stop leads past the navigation", LONG, withPage(server, {}, async (page) => {
  // A view without a field that takes the focus.
  await visit(page, "#/system");
  await page.reload();
  await settled(page);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.className), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
  assert.match(page.url(), /#\/system$/);
}));

test("a narrow window has a menu", LONG, withPage(server, { size: PHONE }, async (page) => {
  await visit(page, "#/kb/samples/ask");
  const menu = page.getByRole("button", { name: zh.menu });
  const side = page.locator("#side");
  assert.equal(await side.isVisible(), false);
  await menu.click();
  await side.waitFor({ state: "visible" });
  assert.equal(await menu.getAttribute("aria-expanded"), "true");
  assert.ok(await side.evaluate((/** @type {Element} */ element) => element.contains(document.activeElement)));
  await page.keyboard.press("Escape");
  await side.waitFor({ state: "hidden" });
  assert.ok(await menu.evaluate((/** @type {Element} */ element) => element === document.activeElement));
  await menu.click();
  await side.waitFor({ state: "visible" });
  await page.mouse.click(PHONE.width - 10, PHONE.height / 2);
  await side.waitFor({ state: "hidden" });
  await menu.click();
  await way(page, zh.documents).click();
  await page.waitForURL(/#\/kb\/samples\/documents/);
  await side.waitFor({ state: "hidden" });
}));

test("without knowledge bases it says what to do", LONG, withPage(empty, {}, async (page) => {
  await page.goto("/");
  await page.getByText(zh.noKbs).waitFor();
  await page.locator("main").getByRole("link", { name: zh.bases }).click();
  await page.waitForURL(/#\/bases/);
}));

test("an address of no knowledge base or view is no dead end", LONG, withPage(server, {}, async (page) => {
  await page.goto("/#/kb/none/ask");
  await page.getByText(zh.noSuchKb).waitFor();
  await page.goto("/#/nowhere/at/all%");
  await page.waitForURL(/#\/kb\/(samples|formats)\/ask/);
}));

test("where nothing answers it says so, and tries again", LONG, withPage(server, { expected: [/ERR_FAILED/] }, async (page) => {
  await page.route("**/api/v1/me", (/** @type {any} */ route) => route.abort());
  await page.goto("/");
  await page.getByText(errors.zh.offline).waitFor();
  await page.unroute("**/api/v1/me");
  await page.getByRole("button", { name: common.zh.again }).click();
  await settled(page);
  await way(page, zh.ask).waitFor();
}));
