// Texts beside each other with what they share set off, and the ways to a question.

import { h } from "../core/dom.js";
import { link } from "../core/router.js";
import { speaks } from "../core/text.js";
import { button, linkButton } from "../parts/button.js";
import { marked } from "../parts/quote.js";
import texts from "../text/measure.js";

const t = speaks(texts);

/** Runs of this many characters count as shared. */
const RUN = 4;
/** Longer texts are cut until somebody asks for all. */
const SHORT = 260;
/** What the comparison passes over. */
const PASSED = /\s|(?![%‰])\p{P}/u;

/** @param {[label: string, text: string | undefined | null][]} texts the last is what the others are held against */
export function textPair(texts) {
  const known = texts.filter(([, text]) => typeof text === "string");
  if (!known.length) return h("p", { class: "help" }, t("textsMissing"));
  const last = texts.length - 1;
  return h("div", { class: "pair" }, ...texts.map(([label, text], at) => {
    if (typeof text !== "string") return null;
    const other = at === last ? texts.slice(0, last).map(([, one]) => one ?? "").join("\n") : (texts[last][1] ?? "");
    return h("div", { class: "pair-side" }, h("p", { class: "pair-label" }, label), long(text, other));
  }));
}

/** @param {string} text @param {string} other */
function long(text, other) {
  const quoted = h("p", { class: "pair-text" }, ...marked(text, shared(text, other)));
  if (Array.from(text).length <= SHORT) return quoted;
  quoted.classList.add("is-cut");
  const toggle = button(t("whole"), () => {
    const cut = quoted.classList.toggle("is-cut");
    toggle.setAttribute("aria-expanded", String(!cut));
    toggle.replaceChildren(t(cut ? "whole" : "less"));
  }, { look: "quiet", small: true, about: { "aria-expanded": "false" } });
  return [quoted, toggle];
}

/**
 * The ranges of a text, in characters, whose runs of four characters stand in another one too.
 * @param {string} text @param {string} other
 * @returns {import("../parts/quote.js").Range[]}
 */
export function shared(text, other) {
  const known = new Set(runs(bare(other)).map(({ run }) => run));
  const own = bare(text);
  const held = new Uint8Array(Array.from(text).length);
  for (const { run, at } of runs(own)) {
    if (known.has(run)) held.fill(1, own[at].place, own[at + RUN - 1].place + 1);
  }
  /** @type {import("../parts/quote.js").Range[]} */
  const ranges = [];
  held.forEach((is, at) => {
    if (!is) return;
    const before = ranges.at(-1);
    if (before && before[1] === at) before[1] = at + 1;
    else ranges.push([at, at + 1]);
  });
  return ranges;
}

/** The characters that count, with their places. @param {string} text */
function bare(text) {
  return Array.from(text).map((letter, place) => ({ letter: letter.normalize("NFKC").toLowerCase(), place })).filter(({ letter }) => !PASSED.test(letter));
}

/** @param {{ letter: string }[]} letters */
function runs(letters) {
  return letters.slice(0, Math.max(0, letters.length - RUN + 1))
    .map((_, at) => ({ at, run: letters.slice(at, at + RUN).map(({ letter }) => letter).join("") }));
}

/** Ask a question, or see how it is answered. @param {string} kb @param {string} question */
export function toQuestion(kb, question) {
  return h("div", { class: "row question-links" },
    linkButton(t("askIt"), link(["kb", kb, "ask"], { q: question }), { icon: "ask", small: true, look: "quiet" }),
    linkButton(t("explainIt"), link(["kb", kb, "explain"], { q: question }), { icon: "explain", small: true, look: "quiet" }));
}
