// What stands where on a page of a PDF, by poppler, which shares no code with the program.

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
/** Poppler takes whole pixels; so many make a point. */
const FINE = 20;

/** @typedef {{ x0: number, y0: number, x1: number, y1: number }} Box in points from the top left */

/** The characters whose middle lies in the box. @param {string} file @param {number} page @param {Box} box @returns {Promise<string>} */
export async function textIn(file, page, { x0, y0, x1, y1 }) {
  const pixels = (/** @type {number} */ points) => String(Math.round(points * FINE));
  const { stdout } = await run("pdftotext", [
    "-r", String(72 * FINE), "-f", String(page), "-l", String(page), "-nopgbrk",
    "-x", pixels(x0), "-y", pixels(y0), "-W", pixels(x1 - x0), "-H", pixels(y1 - y0), file, "-",
  ], { encoding: "utf8" });
  return stdout;
}

/**
 * The size of a page and its words. In Chinese text a word runs to the next space.
 * @param {string} file @param {number} page
 * @returns {Promise<{ width: number, height: number, words: (Box & { text: string })[] }>}
 */
export async function paper(file, page) {
  const { stdout } = await run("pdftotext", ["-bbox", "-f", String(page), "-l", String(page), file, "-"], { maxBuffer: 1 << 26 });
  const size = stdout.match(/<page width="([\d.]+)" height="([\d.]+)"/);
  if (!size) throw new Error(`no page ${page} in ${file}`);
  const words = [...stdout.matchAll(/<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]*)<\/word>/g)];
  return {
    width: Number(size[1]),
    height: Number(size[2]),
    words: words.map(([, x0, y0, x1, y1, text]) => ({ x0: Number(x0), y0: Number(y0), x1: Number(x1), y1: Number(y1), text: plain(text) })),
  };
}

/** @param {string} text */
function plain(text) {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, "&");
}

/** A text without what the layout of a page puts into it. @param {string} text */
export function folded(text) {
  return text.normalize("NFKC").replace(/\s+/gu, "");
}
