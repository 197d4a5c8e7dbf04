// The texts of the page, as the page has them.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { ROOT } from "./server.mjs";

/** Where the page's files are. */
export const WEB = join(ROOT, "crates/app/src/web");

/**
 * The texts of a surface in both languages. Read by hand: not every node takes a `.js` file as a module.
 * @param {string} surface
 * @returns {Promise<{ zh: Record<string, string>, en: Record<string, string> }>}
 */
export async function texts(surface) {
  const source = await readFile(join(WEB, "text", `${surface}.js`), "utf8");
  return (await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(source)}`)).default;
}

/** The surfaces that have texts. */
export async function surfaces() {
  return (await readdir(join(WEB, "text"))).filter((name) => name.endsWith(".js")).map((name) => name.slice(0, -3));
}

/** The modules of the page, by their path below its folder. @returns {Promise<[string, string][]>} */
export async function modules() {
  const all = await readdir(WEB, { recursive: true });
  const names = all.filter((name) => name.endsWith(".js"));
  return Promise.all(names.map(async (name) => /** @type {[string, string]} */ ([name, await readFile(join(WEB, name), "utf8")])));
}

/** A text with its blanks filled. @param {string} text @param {Record<string, any>} values */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}
