// Lets the browser save a file: one that this page has made or fetched, or one at an address.

import { h } from "../core/dom.js";

/** How long the browser may take to begin, in milliseconds. */
const KEPT = 60_000;

/** @param {Blob | string} file itself, or its address @param {string} name what it is called when it is saved */
export function save(file, name) {
  const url = typeof file === "string" ? file : URL.createObjectURL(file);
  const link = h("a", { href: url, download: name.replace(/[\\/:*?"<>|]+/g, "_"), hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  if (file instanceof Blob) setTimeout(() => URL.revokeObjectURL(url), KEPT);
}
