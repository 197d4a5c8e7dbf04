// Makes pictures of all views; see scripts/screenshots.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { PHONE, WIDE, open, settled, visit } from "./browser.mjs";
import { serve } from "./server.mjs";
import { ready, scenes, stations } from "./stations.mjs";

const [folder, ...wanted] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const server = await serve({ kbs: ["samples", "formats"] });
const facts = await ready(server);
let taken = 0;

for (const [width, size] of /** @type {const} */ ([["wide", WIDE], ["narrow", PHONE]])) {
  for (const scheme of /** @type {const} */ (["light", "dark"])) {
    for (const language of /** @type {const} */ (["zh", "en"])) {
      // English differs by its words alone: once, in light.
      if (language === "en" && scheme === "dark") continue;
      const { page, close } = await open(server, { size, scheme, language });
      for (const { name, hash, then } of [...stations(facts), ...scenes(facts)]) {
        const file = `${name}-${width}-${scheme}-${language}`;
        if (wanted.length && !wanted.some((one) => file.startsWith(one))) continue;
        try {
          await visit(page, hash);
          await then?.(page);
          await settled(page);
          await page.screenshot({ path: join(folder, `${file}.png`) });
          taken += 1;
        } catch (error) {
          console.error(`${file}: ${error}`);
          process.exitCode = 1;
        }
        await page.keyboard.press("Escape");
      }
      await close();
    }
  }
}
console.log(`${taken} pictures in ${folder}`);
await server.stop();
process.exit();
