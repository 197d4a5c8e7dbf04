// The page without a mouse: each step is a key, and what has the focus can be seen.

import assert from "node:assert/strict";
import { test } from "node:test";

import { asked, askView } from "./asking.mjs";
import { LONG, PHONE, settled, visit, withPage } from "./browser.mjs";
import { serve } from "./server.mjs";
import { QUESTIONS, twoCitations } from "./stations.mjs";
import { filled, texts } from "./texts.mjs";

const server = await serve();
const two = await twoCitations(server);
const [shell, ask, documents] = (await Promise.all(["shell", "ask", "documents"].map(texts))).map((one) => one.zh);

/** What has the focus: its name, and whether it can be told by sight. @param {any} page */
const focused = (page) => page.evaluate(() => {
  const one = /** @type {HTMLElement} */ (document.activeElement);
  const box = one.getBoundingClientRect();
  const around = one.closest("form.ask-box") ?? one;
  const look = getComputedStyle(one);
  const shows = (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0) || getComputedStyle(around).boxShadow !== "none";
  return {
    tag: one.tagName,
    name: (one.getAttribute("aria-label") ?? one.textContent ?? "").trim(),
    shows,
    inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
  };
});

/** Presses Tab until something of that name has the focus; all on the way can be seen. @param {any} page @param {string} name @param {string} [key] */
async function tabTo(page, name, key = "Tab") {
  const passed = [];
  for (let turn = 0; turn < 120; turn += 1) {
    await page.keyboard.press(key);
    const now = await focused(page);
    passed.push(now.name || now.tag);
    assert.notEqual(now.tag, "BODY", `the focus is lost behind ${passed.at(-2)}, before ${name}`);
    assert.ok(now.shows, `it cannot be seen that ${now.tag} “${now.name}” has the focus`);
    assert.ok(now.inside, `${now.tag} “${now.name}” has the focus out of sight`);
    if (now.name === name) return;
  }
  assert.fail(`“${name}” is not reached: ${passed.slice(0, 60).join(", ")}`);
}

/** @param {any} page @param {string} view */
const shown = (page, view) => page.waitForFunction((/** @type {string} */ name) => document.querySelector("main")?.dataset.view === name, view);

test("a question is asked, read and followed up by keys alone", LONG, withPage(server, {}, async (page) => {
  const view = askView(page);
  await page.goto("/");
  await settled(page);
  // The box has the focus from the beginning.
  await page.keyboard.type(two);
  await page.keyboard.press("Enter");
  await view.answered(two);
  await tabTo(page, ask.copyLink);
  await tabTo(page, ask.showOnPage, "Shift+Tab");
  await page.keyboard.press("Enter");
  await settled(page);
  assert.equal(await view.place.innerText(), filled(ask.place, { n: 2, all: 2 }));
  await tabTo(page, ask.previous);
  await page.keyboard.press("Enter");
  await settled(page);
  assert.equal(await view.place.innerText(), filled(ask.place, { n: 1, all: 2 }));
  await tabTo(page, ask.zoomIn);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".viewer-zoom")?.textContent === "150%");
  await tabTo(page, ask.follow, "Shift+Tab");
  await page.keyboard.type("物联网业务的毛利率是多少？");
  await page.keyboard.press("Enter");
  await view.answered("物联网业务的毛利率是多少？");
  assert.match((await view.quotes()).join(""), /物联网/);
}));

test("Shift and Enter makes a new line, and an input method keeps its Enter", LONG, withPage(server, {}, async (page) => {
  const view = askView(page);
  await visit(page, "#/kb/samples/ask");
  await view.box.focus();
  await page.keyboard.type("甲");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("乙");
  assert.equal(await view.box.inputValue(), "甲\n乙");
  await view.box.evaluate((/** @type {Element} */ one) => one.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true })));
  assert.match(page.url(), /#\/kb\/samples\/ask$/);
}));

test("one goes from view to view by keys alone", LONG, withPage(server, {}, async (page) => {
  await visit(page, "#/kb/samples/ask");
  for (const name of ["documents", "measure", "explain", "review", "words", "settings", "bases", "keys", "system"]) {
    // From the head of the view before, or a field of it that took the focus.
    await tabTo(page, shell[name], "Shift+Tab");
    await page.keyboard.press("Enter");
    await shown(page, name);
    await settled(page);
    const now = await focused(page);
    assert.notEqual(now.tag, "BODY", `the focus is lost when ${name} is shown`);
  }
}));

test("a dialog keeps the focus and gives it back", LONG, withPage(server, {}, async (page) => {
  await visit(page, "#/kb/samples/documents");
  const opener = page.locator("[data-act=rename]").first();
  const name = await opener.getAttribute("aria-label");
  await opener.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  for (let turn = 0; turn < 12; turn += 1) {
    await page.keyboard.press("Tab");
    const place = await page.evaluate(() => (document.activeElement === document.body ? "window" : document.activeElement?.closest("dialog") ? "dialog" : "page"));
    assert.notEqual(place, "page");
  }
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.equal((await focused(page)).name, name);
}));

test("the list and a document are used by keys alone", LONG, withPage(server, {}, async (page) => {
  await visit(page, "#/kb/samples/documents");
  await page.locator("[data-sort=name]").focus();
  await page.keyboard.press("Enter");
  await page.locator("th[aria-sort=descending]").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-sort")), "name");
  await page.locator(".docs-table tbody a").first().focus();
  await page.keyboard.press("Enter");
  await page.locator(".read-item").first().waitFor();
  await settled(page);
  const first = page.locator(".read-item").first();
  await first.focus();
  await page.keyboard.press("ArrowDown");
  assert.ok(await page.locator(".read-item").nth(1).evaluate((/** @type {Element} */ one) => one === document.activeElement));
  await page.locator(".sheet-mark:not(.is-outline):not(.is-quiet)").first().waitFor();
  await page.getByRole("tab", { name: documents.tab_reading }).focus();
  await page.keyboard.press("ArrowRight");
  await page.locator("table.versions").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-selected")), "true");
}));

test("the menu of a narrow window is used by keys alone", LONG, withPage(server, { size: PHONE }, async (page) => {
  await visit(page, asked(QUESTIONS.text));
  await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement)?.blur());
  await tabTo(page, shell.skip);
  await tabTo(page, shell.menu);
  await page.keyboard.press("Enter");
  await tabTo(page, shell.documents);
  await page.keyboard.press("Enter");
  await shown(page, "documents");
  await page.locator("#side").waitFor({ state: "hidden" });
}));
