// The figures of an evaluation, out of the report that the service keeps, as they are named and
// grouped on the page. Shares in a report are per cents; those of its rows lie between 0 and 1.

import { number, percent } from "../core/format.js";
import { speaks } from "../core/text.js";
import texts from "../text/measure.js";

const t = speaks(texts);

/**
 * @typedef {{ id: number, question: string, asks: string, score: number, kw: number, es: number, length: number,
 *   rank: number | null, confidence?: number, type?: string, wrong?: boolean, found?: boolean, answer?: string, expected?: string }} Row
 * @typedef {Record<string, any> & { questions: number, bdci: number | null, rows: Row[],
 *   calibration?: { ece: number, bins: import("../parts/plots.js").Bin[] } }} Report
 * @typedef {{ rated: boolean, embedder: boolean, reranker: boolean }} Options
 * @typedef {{ id: string, name: string, created: string, report: Report, options?: Options | null }} Run
 * @typedef {{ name: string, help: string, value: number | null, shown: (value: number) => string, lowIsGood?: boolean }} Figure
 */

/** @param {number} value a per cent @param {number} [places] */
const ofHundred = (value, places = 1) => `${number(value, places)}%`;

/** The figures at the top, the most telling first. @param {Report} report @returns {Figure[]} */
export function figuresOf(report) {
  /** @type {[key: string, value: any, shown: (value: number) => string, lowIsGood?: boolean][]} */
  const all = [
    ["score", report.bdci, (value) => number(value, 1)],
    ["doc", report.doc, ofHundred],
    ["page", report.page, ofHundred],
    ["recall1", report["recall@1"], ofHundred],
    ["recall5", report["recall@5"], ofHundred],
    ["recall10", report["recall@10"], ofHundred],
    ["given", report.given, ofHundred],
    ["wrong", report.wrong, ofHundred, true],
    ["ece", report.calibration ? report.calibration.ece * 100 : null, ofHundred, true],
  ];
  return all.map(([key, value, shown, lowIsGood]) => ({
    name: t(/** @type {any} */ (`f_${key}`)), help: t(/** @type {any} */ (`f_${key}_help`)), value: value ?? null, shown, lowIsGood,
  }));
}

/** @param {Figure} figure */
export const figureShown = (figure) => (figure.value === null ? t("notMeasured") : figure.shown(figure.value));

/** What people call a run. @param {Run} run */
export const runName = (run) => run.name.trim() || t("unnamed");

/** What a kind of question is called. @param {string} asks */
export const kindName = (asks) => (`asks_${asks}` in texts.zh ? t(/** @type {any} */ (`asks_${asks}`)) : asks);

/** How a run was answered, as short words. @param {Run} run @returns {string[]} */
export function optionNames(run) {
  if (!run.options) return [t("unknownOptions")];
  const { embedder, reranker, rated } = run.options;
  return [embedder ? t("withEmbedder") : t("wordsOnly"), reranker && t("withReranker"), rated && t("withRated")].filter((name) => typeof name === "string");
}

const KINDS = ["number", "date", "person", "name", "list", "reason", "how", "other"];

/** The kinds of questions that the reports have, in a fixed order. @param {Report[]} reports */
export function kindsOf(reports) {
  const present = new Set(reports.flatMap((report) => report.rows.map((row) => row.asks)));
  return [...KINDS.filter((kind) => present.has(kind)), ...[...present].filter((kind) => !KINDS.includes(kind))];
}

/** The types that the labels name: those that differ from what the questions ask. @param {Report[]} reports */
export function typesOf(reports) {
  const rows = reports.flatMap((report) => report.rows);
  if (rows.every((row) => row.type === undefined || row.type === row.asks)) return [];
  return [...new Set(rows.flatMap((row) => (row.type === undefined ? [] : [row.type])))].sort();
}

/**
 * Mean score, 0 to 100, of the questions of a sort.
 * @param {Report[]} reports @param {string[]} sorts @param {(row: Row) => string | undefined} sortOf @param {(sort: string) => string} name
 */
function bySort(reports, sorts, sortOf, name) {
  return sorts.map((sort) => {
    const scores = reports.map((report) => report.rows.filter((row) => sortOf(row) === sort).map((row) => row.score));
    const mean = (/** @type {number[]} */ own) => (own.length ? (100 * own.reduce((sum, score) => sum + score, 0)) / own.length : null);
    return { label: `${name(sort)} (${number(Math.max(...scores.map((own) => own.length)))})`, values: scores.map(mean) };
  });
}

/** By what the questions ask. @param {Report[]} reports */
export const byKind = (reports) => bySort(reports, kindsOf(reports), (row) => row.asks, kindName);
/** By the type that the labels name. @param {Report[]} reports */
export const byType = (reports) => bySort(reports, typesOf(reports), (row) => row.type, (type) => type);

const DEPTHS = [1, 3, 5, 10];

/** The share, 0 to 1, whose answer is among the first passages. @param {Report[]} reports */
export function byDepth(reports) {
  const share = (/** @type {any} */ value) => (typeof value === "number" ? value / 100 : null);
  return DEPTHS.map((depth) => ({ label: t("topK", { k: depth }), values: reports.map((report) => share(report[`recall@${depth}`])) }));
}

/** Where answers of about the same length end, as multiples of the label. */
const LENGTHS = [0.5, 1, 1.5, 2.5, 5, Infinity];

/** How many answers have which length. @param {Report[]} reports */
export function byLength(reports) {
  return LENGTHS.map((end, at) => {
    const begin = at ? LENGTHS[at - 1] : 0;
    const count = (/** @type {Report} */ report) => report.rows.filter((row) => row.length >= begin && row.length < end).length;
    return { label: end === Infinity ? t("above", { a: begin }) : t("upTo", { a: begin, b: end }), values: reports.map(count) };
  });
}

/** A score of a row as of 100. @param {number} score */
export const score100 = (score) => number(score * 100);

/** @param {number} share */
export const share = (share) => percent(share);

/** A difference with its sign. @param {number} value @param {number} [places] */
export function signed(value, places = 1) {
  const shown = number(Math.abs(value), places);
  if (Number(Math.abs(value).toFixed(places)) === 0) return shown;
  return `${value > 0 ? "+" : "−"}${shown}`;
}
