// The questions that were asked lately in this browser, for each knowledge base. They are kept
// here alone; the service has no such list.

import { keep, kept } from "../core/kept.js";

const MOST = 8;

/** @param {string} kb @returns {string[]} */
export function recent(kb) {
  try {
    const list = JSON.parse(kept(`recent.${kb}`) ?? "[]");
    return Array.isArray(list) ? list.filter((one) => typeof one === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** @param {string} kb @param {string} question */
export function remember(kb, question) {
  const list = [question, ...recent(kb).filter((one) => one !== question)];
  keep(`recent.${kb}`, JSON.stringify(list.slice(0, MOST)));
}

/** @param {string} kb */
export function forget(kb) {
  keep(`recent.${kb}`, null);
}
