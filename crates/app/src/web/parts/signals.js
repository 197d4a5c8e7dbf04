// What a passage was ranked by and what an answer's confidence is made of, in plain words. The
// service gives names such as `bm25`; here is the one place that says what they mean. A name that
// is not known here yet, of a newer service, is shown as it is.

import { speaks } from "../core/text.js";
import texts from "../text/signals.js";

const t = speaks(texts);

/** @typedef {{ name: string, value: number, weight: number, contribution: number }} Signal */

/** @param {string} key @param {string} otherwise */
function known(key, otherwise) {
  return key in texts.zh ? t(/** @type {any} */ (key)) : otherwise;
}

/** What people call a signal of a passage. @param {string} name */
export const signalName = (name) => known(`s_${name}`, name);
/** What a signal says. @param {string} name */
export const signalHelp = (name) => known(`s_${name}_help`, "");
/** What people call a figure of an answer's evidence. @param {string} name */
export const evidenceName = (name) => known(`e_${name}`, name);
/** What a figure of an answer's evidence says. @param {string} name */
export const evidenceHelp = (name) => known(`e_${name}_help`, "");

/** Figures that speak against an answer the larger they are. */
const AGAINST = new Set(["strange", "elsewhere", "rare", "years", "figures", "kind", "unmatched", "unheld"]);
/** Figures that only describe it: what they mean depends on the others. */
const NEITHER = new Set(["row", "length"]);

/** Whether a figure speaks for an answer (1), against it (−1) or neither. @param {string} name @returns {1 | 0 | -1} */
export function speaksFor(name) {
  if (NEITHER.has(name)) return 0;
  return AGAINST.has(name) ? -1 : 1;
}

/**
 * Signals that say about the same, the first of which gives the name, and from which value on
 * that is worth saying.
 * @type {[names: string[], from: number][]}
 */
const REASONS = [
  [["quoted"], 0.5],
  [["named"], 0.5],
  [["bm25", "coverage", "window"], 0.35],
  [["meaning", "aligned", "sentence"], 0.6],
  [["period"], 0.5],
  [["title"], 0.25],
  [["heading"], 0.25],
  [["organisation"], 0.5],
  [["source"], 0.5],
  [["reranked"], 0.5],
];
/** More reasons than these nobody reads. */
const MOST = 4;

/**
 * Why a passage stands where it stands, as a few short chips: 词语相符, 时间相符. What added most to
 * its score comes first. Empty where the service gave no signals.
 * @param {{ signals?: Signal[] }} passage
 * @returns {string[]}
 */
export function whyRanked(passage) {
  const of = new Map((passage.signals ?? []).map((signal) => [signal.name, signal]));
  const reasons = [];
  for (const [names, from] of REASONS) {
    const own = names.map((name) => of.get(name)).filter((signal) => signal !== undefined);
    if (!own.some((signal) => signal.value >= from)) continue;
    reasons.push({ name: signalName(names[0]), added: own.reduce((sum, signal) => sum + signal.contribution, 0) });
  }
  reasons.sort((one, other) => other.added - one.added);
  const chips = reasons.slice(0, MOST).map((reason) => reason.name);
  if ((of.get("organisation")?.value ?? 0) < 0) chips.push(t("unlike"));
  return chips;
}
