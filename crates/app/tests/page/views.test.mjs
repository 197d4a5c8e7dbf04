// Every view and what opens over it, in both languages, light and dark, wide and narrow: axe-core
// finds nothing, the view fits the window, and has one heading of the first order.

import assert from "node:assert/strict";
import { test } from "node:test";

import { LONG, PHONE, WIDE, fits, inaccessible, visit, withPage } from "./browser.mjs";
import { ready, scenes, stations } from "./stations.mjs";
import { serve } from "./server.mjs";

const server = await serve({ kbs: ["samples", "formats"] });
const facts = await ready(server);

for (const [width, size] of /** @type {const} */ ([["wide", WIDE], ["narrow", PHONE]])) {
  for (const scheme of /** @type {const} */ (["light", "dark"])) {
    for (const language of /** @type {const} */ (["zh", "en"])) {
      test(`all views, ${width}, ${scheme}, ${language}`, LONG, withPage(server, { size, scheme, language }, async (page) => {
        /** @type {string[]} */
        const found = [];
        for (const { name, hash, then } of [...stations(facts), ...scenes(facts)]) {
          await visit(page, hash);
          await then?.(page);
          found.push(...(await inaccessible(page)).map((one) => `${name}: ${one}`));
          if (!await fits(page)) found.push(`${name}: it is wider than the window`);
          const heads = await page.locator("h1").count();
          if (heads !== 1) found.push(`${name}: ${heads} headings of the first order`);
          await page.keyboard.press("Escape");
        }
        assert.deepEqual(found, []);
      }));
    }
  }
}
