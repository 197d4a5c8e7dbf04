// How a question is read with the words as they are saved, and with those that are being edited.

import { path, post } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { number } from "../core/format.js";
import { link, note } from "../core/router.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import { textField } from "../parts/field.js";
import { notice } from "../parts/notice.js";
import texts from "../text/words.js";

const t = speaks(texts);

/**
 * @typedef {{ text: string, weight: number, notes: string[] }} Term
 * @typedef {{ phrase: string, instead: string, why: string }} Instead
 * @typedef {{ text: string, terms: Term[], alternatives?: Instead[] }} Read
 * @typedef {Read & { parts: Read[], problems: { file: string, line: number, message: string }[] }} Explained
 * @typedef {{ synonyms: string, dictionary: string, dirty: boolean }} Words
 */

/** Terms below this weight are single characters and pairs across words: noise to a person. */
const LEAST = 0.5;
/** So long after the last key something is asked. */
const PAUSE = 350;

/**
 * @param {import("../shell/views.js").Context} context
 * @param {(problems: Explained["problems"]) => void} tell which lines cannot be used
 */
export function preview(context, tell) {
  const { kb, signal } = context;
  /** @type {Words | null} */
  let words = null;
  let waiting = 0;
  let asked = new AbortController();
  signal.addEventListener("abort", () => {
    clearTimeout(waiting);
    asked.abort();
  });

  const field = textField(t("question"), { about: { type: "search", maxlength: 500, value: context.params.get("q") ?? "", placeholder: t("questionPlaceholder"),
    oninput: () => {
      note(link(["kb", kb, "words"], { q: input.value.trim() }));
      later();
    } } });
  const input = /** @type {HTMLInputElement} */ (field.querySelector("input"));
  const place = h("div", { class: "stack", "aria-live": "polite" });
  const element = h("section", { class: "card stack is-tight preview" }, h("h2", null, t("preview")), h("p", { class: "help" }, t("previewWhat")), field, place);

  function later() {
    clearTimeout(waiting);
    waiting = window.setTimeout(look, PAUSE);
  }

  async function look() {
    if (!words) return;
    asked.abort();
    asked = new AbortController();
    const question = input.value.trim();
    const { dirty, synonyms, dictionary } = words;
    const explain = (/** @type {any} */ more) => post(path`/kbs/${kb}/explain`, { question: question || t("probe"), ...more }, asked.signal);
    try {
      /** @type {[Explained, Explained]} */
      const [before, after] = await Promise.all([question ? explain({}) : null, explain({ synonyms, dictionary })]);
      tell(after.problems ?? []);
      put(place, question && (dirty ? both(before, after) : side(before, null, t("nowSaved"))));
    } catch (error) {
      if (/** @type {any} */ (error).code !== "aborted") put(place, notice("danger", inWords(error)));
    }
  }

  return {
    element,
    /** @param {Words} now */
    look(now) {
      words = now;
      later();
    },
  };
}

/** @param {Explained} before @param {Explained} after */
function both(before, after) {
  const same = JSON.stringify(shape(before)) === JSON.stringify(shape(after));
  return [
    side(after, before, t("nowEdited"), "new"),
    h("p", { class: "help" }, same ? t("same") : t("differs")),
    !same && side(before, after, t("nowSaved"), "gone"),
  ];
}

/** @param {Explained} one */
function shape(one) {
  return reads(one).map((read) => [read.terms.filter(counts).map((term) => [term.text, term.weight]), (read.alternatives ?? []).map((other) => [other.phrase, other.instead])]);
}

/** A question of several parts is read part by part. @param {Explained} one @returns {Read[]} */
function reads(one) {
  return one.parts?.length ? one.parts : [one];
}

/**
 * @param {Explained} one
 * @param {Explained | null} other what differs from it is set off
 * @param {string} title
 * @param {"new" | "gone"} [how] what it means that the other has it not
 */
function side(one, other, title, how = "new") {
  const terms = other && new Map(reads(other).flatMap((read) => read.terms.map((term) => [term.text, term.weight])));
  const pairs = other && new Set(reads(other).flatMap((read) => (read.alternatives ?? []).map(pair)));
  const all = reads(one);
  return h("div", { class: "stack is-tight" }, h("h3", null, title), ...all.map((read, nth) => [
    all.length > 1 && h("p", { class: "help" }, `${t("part", { n: nth + 1 })}: ${read.text}`),
    h("p", { class: "preview-head" }, t("terms")),
    h("ul", { class: "chips" }, ...read.terms.filter(counts).map((term) => {
      const weight = terms?.get(term.text);
      const differs = terms && weight === undefined ? (how === "new" ? t("isNew") : t("isGone")) : terms && weight !== term.weight && how === "new" ? t("isOther") : "";
      return chip(term.text, differs, { title: t("weight", { n: number(term.weight, 2) }), weak: term.notes.includes("preamble"), weight: term.weight });
    })),
    h("p", { class: "preview-head" }, t("alternatives")),
    read.alternatives?.length
      ? h("ul", { class: "chips is-lines" }, ...read.alternatives.map((pairOf) => chip(`${pairOf.phrase} → ${pairOf.instead}`,
        pairs && !pairs.has(pair(pairOf)) ? (how === "new" ? t("isNew") : t("isGone")) : "", { note: t(/** @type {any} */ (`why_${pairOf.why}`)) })))
      : h("p", { class: "faint" }, t("noAlternatives")),
  ]));
}

/** @param {Term} term */
function counts(term) {
  return term.weight >= LEAST && !term.notes.includes("single");
}

/** @param {Instead} one */
function pair(one) {
  return `${one.phrase}\n${one.instead}`;
}

/** @param {string} text @param {string} differs @param {{ title?: string, note?: string, weak?: boolean, weight?: number }} [about] */
function chip(text, differs, { title, note, weak, weight } = {}) {
  return h("li", { class: `chip${differs === t("isGone") ? " is-gone" : differs ? " is-different" : ""}${weak ? " is-weak" : ""}`, title },
    h("span", null, text),
    weight !== undefined && weight !== 1 && h("small", { class: "figure" }, `×${number(weight, Number.isInteger(weight) ? 0 : 1)}`),
    note && h("small", null, note), differs && h("small", { class: "chip-tag" }, differs));
}
