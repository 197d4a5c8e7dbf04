// Saves what this page has made or was given as a file.

import { h } from "../core/dom.js";

/** @param {string} name of the file @param {string} content @param {string} kind its media type */
export function save(name, content, kind) {
  const url = URL.createObjectURL(new Blob([content], { type: kind }));
  const anchor = h("a", { href: url, download: name.replace(/[\\/:*?"<>|]+/g, "_") });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  // The browser takes it after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
