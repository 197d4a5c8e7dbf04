// What all views share: who asks, and which knowledge base is looked at.

import { get } from "./api.js";
import { keep, kept } from "./kept.js";

/**
 * @typedef {{ version: string, keys: boolean, key: string | null, scope: "read" | "write" | "admin",
 *   only: string[], many: boolean, llm: string | null, upload_limit: number, folders: boolean }} Me
 * @typedef {{ id: string, name: string, description: string }} Kb
 */

/** @type {Me | null} */
let known = null;
/** @type {Kb[]} */
let bases = [];

/** Asks the service who we are, and for the knowledge bases that we may read. */
export async function refresh() {
  known = await get("/me");
  const all = [];
  let cursor;
  do {
    const page = await get("/kbs", { limit: 500, cursor });
    all.push(...page.kbs);
    cursor = page.next_cursor;
  } while (cursor);
  bases = all;
}

/** @returns {Me} */
export function me() {
  if (!known) throw new Error("nobody asked yet");
  return known;
}

/** @returns {Kb[]} */
export function kbs() {
  return bases;
}

/** What people call a knowledge base. @param {string} id */
export function kbName(id) {
  return bases.find((kb) => kb.id === id)?.name || id;
}

/** The knowledge base to begin with. @returns {string | null} */
export function usualKb() {
  const last = kept("kb");
  return bases.some((kb) => kb.id === last) ? last : (bases[0]?.id ?? null);
}

/** @param {string} id */
export function rememberKb(id) {
  keep("kb", id);
}

const RANK = { read: 0, write: 1, admin: 2 };

/** Whether we may do this. @param {"read" | "write" | "admin"} scope @param {string | null} [kb] */
export function may(scope, kb = null) {
  const { scope: own, only } = me();
  if (RANK[own] < RANK[scope]) return false;
  return !only.length || (kb !== null && only.includes(kb));
}
