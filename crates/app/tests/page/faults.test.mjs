// A service that does not do what it is asked: each view says so in words and can be tried again.

import assert from "node:assert/strict";
import { test } from "node:test";

import { LONG, settled, withPage } from "./browser.mjs";
import { serve } from "./server.mjs";
import { QUESTIONS, evaluated } from "./stations.mjs";
import { texts } from "./texts.mjs";

const server = await serve();
const errors = (await texts("errors")).zh;
const common = (await texts("common")).zh;
const evaluation = await evaluated(server, {});
const { documents: [{ id: document }] } = await server.get("/kbs/samples/documents");
const q = new URLSearchParams({ q: QUESTIONS.text });

const VIEWS = {
  ask: `#/kb/samples/ask?${q}`,
  documents: "#/kb/samples/documents",
  document: `#/kb/samples/documents/${document}`,
  measure: "#/kb/samples/measure",
  evaluation: `#/kb/samples/measure/${evaluation}`,
  explain: `#/kb/samples/explain?${q}`,
  review: "#/kb/samples/review",
  words: "#/kb/samples/words",
  settings: "#/kb/samples/settings",
  keys: "#/keys",
  system: "#/system",
};

/** Everything but who we are, and which knowledge bases there are. */
const OTHERS = /\/api\/v1\/(?!me$|kbs\?)/;

for (const [name, hash] of Object.entries(VIEWS)) {
  test(`a service that is busy is told, and tried again: ${name}`, LONG, withPage(server, { expected: [/^503: /] }, async (page) => {
    const busy = (/** @type {any} */ route) => route.fulfill({
      status: 503, contentType: "application/json", body: JSON.stringify({ error: { code: "overloaded", message: "too many requests", details: {} } }),
    });
    await page.route(OTHERS, busy);
    await page.goto(`/${hash}`);
    const said = page.locator("main .notice").filter({ hasText: errors.overloaded }).first();
    await said.waitFor();
    await settled(page);
    assert.ok(!(await page.locator("main").innerText()).includes("undefined"));
    await page.unroute(OTHERS, busy);
    // A view of several parts has each tried by itself.
    const again = page.locator("main").getByRole("button", { name: common.again });
    for (let parts = await again.count(); parts > 0; parts -= 1) {
      await again.first().click();
      await page.waitForFunction((/** @type {any} */ [words, left]) =>
        [...document.querySelectorAll("main .notice button")].filter((one) => one.textContent === words).length === left, [common.again, parts - 1]);
    }
    await said.waitFor({ state: "detached" });
    await settled(page);
  }));
}

test("a connection that breaks is told where it matters", LONG, withPage(server, { expected: [/ERR_FAILED/] }, async (page) => {
  await page.route(OTHERS, (/** @type {any} */ route) => route.abort());
  await page.goto("/#/kb/samples/documents");
  await page.locator("main .notice").filter({ hasText: errors.offline }).first().waitFor();
}));
