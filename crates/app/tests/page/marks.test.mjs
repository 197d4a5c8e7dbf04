// The marks on a page lie over the text that is cited: what poppler, which shares no code with the
// program, finds under them is that text, and the picture has its ink there.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { asked, askView } from "./asking.mjs";
import { LONG, PHONE, settled, visit, withPage } from "./browser.mjs";
import { folded, paper, textIn } from "./paper.mjs";
import { ROOT, serve } from "./server.mjs";
import { QUESTIONS, twoCitations } from "./stations.mjs";

const server = await serve();
const two = await twoCitations(server);

/** @typedef {import("./paper.mjs").Box & { kind: string }} Mark in points of its page */
/** @typedef {{ page: number, file: string, size: Awaited<ReturnType<typeof paper>>, marks: Mark[] }} Sheet */

/** The sheets that are shown, once they are sharp, with their marks measured where the browser has put them. @param {any} page @param {string} doc @returns {Promise<Sheet[]>} */
async function sheets(page, doc) {
  await page.waitForFunction(() => [.../** @type {NodeListOf<HTMLImageElement>} */ (document.querySelectorAll(".viewer .sheet img"))]
    .every((one) => one.naturalWidth >= one.clientWidth * devicePixelRatio * 0.97));
  const found = await page.locator(".viewer .sheet").evaluateAll((/** @type {Element[]} */ all) => all.map((sheet) => {
    const image = /** @type {HTMLImageElement} */ (sheet.querySelector("img"));
    const whole = image.getBoundingClientRect();
    return {
      page: Number(image.alt.match(/(\d+) 页$/)?.[1]),
      marks: [...sheet.querySelectorAll(".sheet-mark")].map((mark) => {
        const box = mark.getBoundingClientRect();
        return {
          kind: mark.className.match(/is-(\w+)/)?.[1] ?? "",
          x0: (box.left - whole.left) / whole.width,
          y0: (box.top - whole.top) / whole.height,
          x1: (box.right - whole.left) / whole.width,
          y1: (box.bottom - whole.top) / whole.height,
        };
      }),
    };
  }));
  return Promise.all(found.map(async (/** @type {any} */ one) => {
    const file = join(ROOT, "samples/docs", `${doc}.pdf`);
    const size = await paper(file, one.page);
    const points = (/** @type {any} */ mark) => ({
      kind: mark.kind, x0: mark.x0 * size.width, x1: mark.x1 * size.width, y0: mark.y0 * size.height, y1: mark.y1 * size.height,
    });
    return { page: one.page, file, size, marks: one.marks.map(points) };
  }));
}

/** So much more than their text marks take at their sides, in points, and what a stop that is set tighter reaches into the next character. */
const ROOM = 2;

/** The text under the marks of some kinds, whitespace folded. @param {Sheet[]} all @param {string[]} kinds */
async function under(all, kinds) {
  const texts = [];
  for (const { file, page, marks } of all) {
    for (const mark of marks.filter(({ kind }) => kinds.includes(kind))) {
      texts.push(await textIn(file, page, { ...mark, x0: mark.x0 + ROOM, x1: mark.x1 - ROOM }));
    }
  }
  return folded(texts.join(""));
}

/** Characters in any order, as cells of a row that wraps are read in another. @param {string} text */
const letters = (text) => [...folded(text)].sort().join("");

/** What a citation says by kind of mark: running text, header cells, cells of rows. @param {any} block */
function cited(block) {
  const tables = block.layout.filter((/** @type {any} */ piece) => piece.kind === "table");
  const cells = (/** @type {boolean} */ header) => tables.flatMap((/** @type {any} */ table) => table.rows
    .filter((/** @type {any} */ row) => row.header === header)
    .flatMap((/** @type {any} */ row) => row.cells.map((/** @type {any} */ cell) => cell.text))).join("");
  const text = block.layout.filter((/** @type {any} */ piece) => piece.kind === "text").map((/** @type {any} */ piece) => piece.text).join("");
  return { text, header: cells(true), row: cells(false) };
}

/** Checks the marks that are shown against the citation. @param {any} page @param {any} block */
async function lieOver(page, block) {
  const all = await sheets(page, block.doc);
  assert.ok(all.length > 0 && all.every(({ marks }) => marks.length > 0), "nothing is marked");
  const { text, header, row } = cited(block);
  // The number of a note stands higher than its line, and is read before or behind the stop.
  const order = /[^\d]\d[。，]/u.test(text) ? letters : folded;
  assert.equal(order(await under(all, ["text"])), order(text));
  assert.equal(letters(await under(all, ["row"])), letters(row));
  assert.equal(letters(await under(all, ["header"])), letters(header));
  await haveInk(page, all);
}

/** Checks that the picture has ink where poppler has words under a mark, and none at the mark's upper and lower edge. @param {any} page @param {Sheet[]} all */
async function haveInk(page, all) {
  for (const [nth, { size, marks }] of all.entries()) {
    for (const mark of marks) {
      const inside = size.words.filter((word) => word.x0 >= mark.x0 - 1 && word.x1 <= mark.x1 + 1
        && (word.y0 + word.y1) / 2 > mark.y0 && (word.y0 + word.y1) / 2 < mark.y1);
      // A word of Chinese characters alone has one in each of its parts.
      const glyphs = inside.flatMap((word) => {
        const count = /^\p{Script=Han}+$/u.test(word.text) ? word.text.length : 1;
        const width = (word.x1 - word.x0) / count;
        return Array.from({ length: count }, (_, at) => ({ ...word, y0: mark.y0, y1: mark.y1, x0: word.x0 + at * width, x1: word.x0 + (at + 1) * width }));
      });
      const edges = [{ ...mark, y1: mark.y0 + 0.7 }, { ...mark, y0: mark.y1 - 0.7 }];
      const shares = await ink(page, nth, size, [mark, ...edges, ...glyphs]);
      assert.ok(shares[0] > 0.02, `a mark has no ink: ${JSON.stringify(mark)}`);
      // Rules of a table may run along the edge; a line of text that is cut would fill a good part.
      for (const share of shares.slice(1, 3)) assert.ok(mark.kind !== "text" || share < 0.02, `a mark cuts its text: ${share}`);
      for (const [at, share] of shares.slice(3).entries()) assert.ok(share > 0.015, `no ink at ${JSON.stringify(glyphs[at])}: ${share}`);
    }
  }
}

/** The share of dark pixels in boxes of a picture. @param {any} page @param {number} nth @param {{ width: number, height: number }} size @param {import("./paper.mjs").Box[]} boxes @returns {Promise<number[]>} */
function ink(page, nth, size, boxes) {
  return page.locator(".viewer .sheet img").nth(nth).evaluate((/** @type {HTMLImageElement} */ image, /** @type {any} */ { size, boxes }) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
    context.drawImage(image, 0, 0);
    const scale = image.naturalWidth / size.width;
    return boxes.map((/** @type {any} */ box) => {
      const [x, y] = [Math.max(0, Math.round(box.x0 * scale)), Math.max(0, Math.round(box.y0 * scale))];
      const [width, height] = [Math.max(1, Math.round((box.x1 - box.x0) * scale)), Math.max(1, Math.round((box.y1 - box.y0) * scale))];
      const { data } = context.getImageData(x, y, width, height);
      let dark = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at] + data[at + 1] + data[at + 2] < 420) dark += 1;
      return dark / (width * height);
    });
  }, { size, boxes });
}

const CASES = {
  "a sentence over lines": QUESTIONS.text,
  "a row of a table": QUESTIONS.row,
  "a row on the page after its header": QUESTIONS.pages,
  "a list": QUESTIONS.list,
  "a page of another kind, with Latin words": "什么是边缘算力网络？",
  "news": "海缆接通之前，公司采取了哪些措施保住应急通话？",
};

for (const [look, name] of /** @type {const} */ ([[{ pixels: 1 }, "one pixel"], [{ pixels: 2 }, "two pixels"], [{ pixels: 3, size: PHONE }, "a phone"]])) {
  test(`marks lie over the text that is cited: ${name}`, LONG, withPage(server, look, async (page) => {
    const view = askView(page);
    for (const [kind, question] of Object.entries(CASES)) {
      const { blocks } = await server.post("/kbs/samples/ask", { question, layout: true });
      await visit(page, asked(question));
      await view.answered(question);
      await lieOver(page, blocks[0]).catch((error) => {
        error.message = `${kind}: ${error.message}`;
        throw error;
      });
    }
  }));
}

test("marks lie over each of two citations", LONG, withPage(server, {}, async (page) => {
  const { blocks } = await server.post("/kbs/samples/ask", { question: two, layout: true });
  assert.equal(blocks.length, 2);
  const view = askView(page);
  await visit(page, asked(two));
  await view.answered(two);
  await lieOver(page, blocks[0]);
  await view.next.click();
  await page.waitForFunction((/** @type {string} */ name) => document.querySelector(".viewer .sheet img")?.getAttribute("alt")?.endsWith(name), `第 ${blocks[1].page} 页`);
  await settled(page);
  await lieOver(page, blocks[1]);
}));

test("marks stay over the text when the page is shown larger", LONG, withPage(server, { pixels: 1 }, async (page) => {
  const view = askView(page);
  for (const question of [QUESTIONS.text, QUESTIONS.row]) {
    const { blocks } = await server.post("/kbs/samples/ask", { question, layout: true });
    await visit(page, asked(question));
    await view.answered(question);
    while (!(await view.larger.isDisabled())) {
      await view.larger.click();
      await lieOver(page, blocks[0]);
    }
  }
}));

test("marks that are an em beside, or a line above, are noticed", LONG, withPage(server, {}, async (page) => {
  const view = askView(page);
  for (const question of [QUESTIONS.text, QUESTIONS.row]) {
    const { blocks } = await server.post("/kbs/samples/ask", { question, layout: true });
    await visit(page, asked(question));
    await view.answered(question);
    await lieOver(page, blocks[0]);
    // An em of the report is 10.5 points; a page is about 595 wide.
    for (const [x, y] of [[10.5 / 595, 0], [-10.5 / 595, 0], [0, 16 / 842], [0, -16 / 842]]) {
      await page.locator(".viewer .sheet-marks").first().evaluate((/** @type {HTMLElement} */ marks, /** @type {number[]} */ [right, down]) => {
        marks.style.transform = `translate(${right * 100}%, ${down * 100}%)`;
      }, [x, y]);
      // A row's mark is as wide as its table: beside by an em it still holds the same text.
      if (question === QUESTIONS.row && y === 0) continue;
      await assert.rejects(lieOver(page, blocks[0]), `not noticed: ${x} ${y}`);
    }
  }
}));
