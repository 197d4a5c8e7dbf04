// The file of a document as it was read: PDFs are shown in a tab of their own, at a page; every
// other format is saved, for the program that it belongs to.
//
// A link cannot carry a key. Where the service wants one, the file is fetched with it and shown out
// of the memory of this page; the tab is opened before the file has come, because browsers let a page
// open one only in answer to a press.

import { address, blob, key, path, withParams } from "../core/api.js";
import { save } from "./save.js";

/**
 * @typedef {{ kb: string, document: string, file: string, format: string, page?: number | null }} Original
 *   `file` is what it is called when it is saved
 */

/** How long an opened tab may take to load what it was given, in milliseconds. */
const KEPT = 60_000;

/** @param {Original} about */
function place({ kb, document: id }) {
  return path`/kbs/${kb}/documents/${id}/content`;
}

/** Shows the file where the browser can, or saves it. @param {Original} about @returns {Promise<void>} */
export async function openOriginal(about) {
  if (about.format !== "pdf") return saveOriginal(about);
  const at = about.page ? `#page=${about.page}` : "";
  if (!key()) {
    window.open(address(withParams(place(about), { inline: true })) + at, "_blank", "noopener");
    return;
  }
  const tab = window.open("", "_blank");
  if (!tab) return saveOriginal(about);
  tab.opener = null;
  try {
    const file = await blob(place(about));
    const url = URL.createObjectURL(new Blob([file], { type: "application/pdf" }));
    setTimeout(() => URL.revokeObjectURL(url), KEPT);
    tab.location.replace(url + at);
  } catch (error) {
    tab.close();
    throw error;
  }
}

/** Saves the file. @param {Original} about @returns {Promise<void>} */
export async function saveOriginal(about) {
  save(key() ? await blob(place(about)) : address(place(about)), about.file);
}
