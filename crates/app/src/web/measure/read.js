// The first stage: what the service has read out of a question.

import { h } from "../core/dom.js";
import { link } from "../core/router.js";
import { speaks } from "../core/text.js";
import { notice } from "../parts/notice.js";
import texts from "../text/explain.js";
import { decimal, meter } from "./meter.js";

const t = speaks(texts);

/**
 * @typedef {{ phrase: string, instead: string, why: string }} Instead
 * @typedef {{ text: string, weight: number, idf?: number, notes: string[] }} Term
 * @typedef {{ text: string, preamble?: string, asks: string, several: boolean, periods?: string[], relative?: Instead[], source?: string,
 *   organisations?: string[], named?: string[], quoted?: string[], alternatives?: Instead[], terms: Term[] }} Read
 * @typedef {Read & { question: string, completed?: string, parts: Read[], compares: boolean, problems?: any[] }} Explained
 */

/** Terms that count less than this in the question are shown when asked for. */
const MINOR = 0.5;
/** The bar of a term this rare is full; rarer ones are so as well. */
const RARE = 8;

/** @param {string} kb @param {Explained} explained @param {{ from: string, to: string }[]} corrected */
export function readStage(kb, explained, corrected) {
  const { completed, parts, compares, problems = [] } = explained;
  return [
    problems.length > 0 && notice("warning", t("wordProblems", { n: problems.length }),
      h("a", { href: link(["kb", kb, "words"]) }, t("toWords"))),
    facts(explained, [
      [t("completed"), completed ? [completed] : []],
      [t("corrected"), corrected.map((one) => t("correctedTo", one))],
    ]),
    terms(explained.terms),
    parts.length > 0 && h("div", { class: "stack is-tight" }, h("h3", null, t(compares ? "partsCompared" : "parts")),
      ...parts.map((part, at) => h("details", { class: "part" },
        h("summary", null, t("part", { n: at + 1, text: part.text })), h("div", { class: "stack" }, facts(part, []), terms(part.terms))))),
  ];
}

/** @param {string} prefix @param {string} name what is not known is shown as it is */
const named = (prefix, name) => (`${prefix}_${name}` in texts.zh ? t(/** @type {any} */ (`${prefix}_${name}`)) : name);

/** @param {Read} read @param {[string, string[]][]} first */
function facts(read, first) {
  const inYear = (/** @type {string} */ why) => t(why.includes("year") ? "asOfYear" : "asOfDate");
  const pair = (/** @type {Instead} */ one, /** @type {string} */ why) => [t("relativeIs", one), why];
  const relative = read.relative ?? [];
  // What a relative time means counts as an alternative too; it is said once.
  const others = (read.alternatives ?? []).filter((one) => !relative.some(({ phrase, instead }) => phrase === one.phrase && instead === one.instead));
  /** @type {[string, (string | string[])[]][]} */
  const all = [
    ...first,
    [t("asks"), [read.several ? [named("asks", read.asks), t("several")] : named("asks", read.asks)]],
    [t("periods"), read.periods ?? []],
    [t("relative"), relative.map((one) => pair(one, inYear(one.why)))],
    [t("organisations"), read.organisations ?? []],
    [t("source"), read.source ? [named("source", read.source)] : []],
    [t("named"), read.named ?? []],
    [t("quoted"), read.quoted ?? []],
    [t("alternatives"), others.map((one) => pair(one, named("why", one.why)))],
    [t("preamble"), read.preamble ? [read.preamble] : []],
  ];
  return h("dl", { class: "facts" }, ...all.filter(([, values]) => values.length).flatMap(([name, values]) => [
    h("dt", null, name), h("dd", null, h("ul", { class: "fact-values" }, ...values.map((value) => h("li", null,
      Array.isArray(value) ? [value[0], h("span", { class: "faint" }, value[1])] : value))))]));
}

/** @param {Term[]} all */
function terms(all) {
  const major = all.filter((term) => term.weight >= MINOR);
  const minor = all.filter((term) => term.weight < MINOR);
  return h("div", { class: "stack is-tight" }, h("div", null, h("h3", null, t("terms")), h("p", { class: "help" }, t("termsAbout"))),
    h("ul", { class: "terms" }, ...major.map(chip)),
    minor.length > 0 && h("details", null, h("summary", { class: "small" }, t("minorTerms", { n: minor.length })), h("ul", { class: "terms" }, ...minor.map(chip))));
}

/** @param {Term} term */
function chip(term) {
  const notes = term.notes.map((note) => named("note", note));
  return h("li", { class: "term" },
    h("b", null, term.text), notes.length > 0 && h("span", { class: "faint" }, notes.join(" · ")),
    measure(t("weight"), term.weight, 1, ""),
    typeof term.idf === "number" && measure(t("idf"), term.idf, RARE, " is-hollow"));
}

/** @param {string} name @param {number} value @param {number} most @param {string} look */
function measure(name, value, most, look) {
  return h("span", { class: "term-measure" }, h("span", { class: "faint" }, name), meter(value / most, look), h("span", { class: "figure" }, decimal(value)));
}
