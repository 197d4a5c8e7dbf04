// The second stage: which passages were considered, and where their scores come from.

import { h } from "../core/dom.js";
import { link } from "../core/router.js";
import { speaks } from "../core/text.js";
import { button } from "../parts/button.js";
import { quote } from "../parts/quote.js";
import { signalHelp, signalName, whyRanked } from "../parts/signals.js";
import common from "../text/common.js";
import texts from "../text/explain.js";
import { decimal, meter } from "./meter.js";

const t = speaks(texts);
const c = speaks(common);

/** @typedef {import("../parts/signals.js").Signal} Signal */
/**
 * @typedef {{ doc: string, document?: string | null, title?: string | null, page: number | null, headings?: string[], text: string, score: number,
 *   signals?: Signal[], layout?: import("../parts/quote.js").Piece[] }} Passage
 */

/** So many passages are shown at first, and their scores taken apart beside each other. */
const FIRST = 5;

/** @param {string} kb @param {{ passages: Passage[] }} answer */
export function passagesStage(kb, { passages }) {
  if (!passages.length) return h("p", { class: "muted" }, t("noPassages"));
  const most = Math.max(...passages.map((passage) => passage.score));
  const draw = (/** @type {Passage} */ passage, /** @type {number} */ at) => considered(kb, passage, at, most);
  const list = h("ol", { class: "considered" }, ...passages.slice(0, FIRST).map(draw));
  const rest = passages.slice(FIRST);
  const more = button(t("morePassages", { n: rest.length }), () => {
    list.append(...rest.map((passage, at) => draw(passage, FIRST + at)));
    more.remove();
    list.children[FIRST].querySelector("a, button")?.focus();
  }, { small: true });
  const falls = passages.every((passage, at) => !at || passage.score <= passages[at - 1].score + 1e-9);
  return [
    !falls && h("p", { class: "help" }, t("inTurn")),
    h("div", { class: "stack" }, list, rest.length > 0 && h("div", null, more)),
    scores(passages.slice(0, FIRST)),
  ];
}

/** @param {string} kb @param {Passage} passage @param {number} at @param {number} most */
function considered(kb, passage, at, most) {
  const text = h("div", { class: "considered-text is-cut" }, quote(passage.layout, passage.text, { small: true }));
  const toggle = button(t("whole"), () => {
    const cut = text.classList.toggle("is-cut");
    toggle.setAttribute("aria-expanded", String(!cut));
    toggle.replaceChildren(t(cut ? "whole" : "less"));
  }, { look: "quiet", small: true, about: { "aria-expanded": "false" } });
  requestAnimationFrame(() => {
    if (text.scrollHeight > text.clientHeight + 2) return;
    text.classList.remove("is-cut");
    toggle.remove();
  });
  return h("li", null,
    h("div", { class: "considered-head" }, h("span", { class: "considered-rank", title: t("rank", { n: at + 1 }) }, at + 1),
      h("div", { class: "grow" }, h("h3", null, source(kb, passage)), passage.headings?.length ? h("p", { class: "faint" }, passage.headings.join(" › ")) : null),
      h("div", { class: "considered-score" }, h("span", { class: "figure" }, t("score", { n: decimal(passage.score) })), meter(passage.score / most))),
    h("p", { class: "row chips" }, ...whyRanked(passage).map((reason) => h("span", { class: "badge is-accent" }, reason))),
    text, toggle);
}

/** Where a text stands, as a link to it. @param {string} kb @param {{ doc: string, document?: string | null, title?: string | null, page: number | null }} of */
export function source(kb, { doc, document, title, page }) {
  const words = [title || doc || t("untitled"), page !== null && c("page", { n: page })].filter(Boolean).join(" · ");
  return document ? h("a", { href: link(["kb", kb, "documents", document], { page }) }, words) : h("span", null, words);
}

/** What each reason adds to each passage. @param {Passage[]} passages */
function scores(passages) {
  const signals = passages.map((passage) => new Map((passage.signals ?? []).map((signal) => [signal.name, signal])));
  const names = [...signals[0].keys()];
  if (!names.length) return null;
  const added = (/** @type {string} */ name) => signals.map((own) => own.get(name)?.contribution ?? 0);
  const greatest = (/** @type {string} */ name) => Math.max(...added(name).map(Math.abs));
  const used = names.filter((name) => greatest(name) >= 0.0005).sort((one, other) => greatest(other) - greatest(one));
  const unused = names.filter((name) => !used.includes(name));
  const most = Math.max(...used.map(greatest), 0.001);
  const weight = (/** @type {string} */ name) => decimal(signals[0].get(name)?.weight ?? 0);
  const made = (/** @type {Signal} */ signal) => t("valueWeight", { value: decimal(signal.value), weight: decimal(signal.weight) });
  const cell = (/** @type {Signal | undefined} */ signal) => signal && h("td", { title: made(signal) }, h("span", { class: "adds" }, meter(Math.abs(signal.contribution) / most, signal.contribution < 0 ? " is-loss" : ""),
    h("span", { class: "figure" }, decimal(signal.contribution))));
  return h("div", { class: "stack is-tight" },
    h("div", null, h("h3", null, t("scores")), h("p", { class: "help" }, t("scoresAbout"))),
    h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": t("scores") }, h("table", { class: "list scores" },
      h("thead", null, h("tr", null, h("th", { scope: "col" }, t("signal")),
        ...passages.map((_, at) => h("th", { scope: "col" }, t("rank", { n: at + 1 }))))),
      h("tbody", null, ...used.map((name) => h("tr", null,
        h("th", { scope: "row", title: signalHelp(name) }, signalName(name), h("span", { class: "faint figure" }, t("times", { weight: weight(name) }))),
        ...signals.map((own) => cell(own.get(name)) ?? h("td"))))),
      h("tfoot", null, h("tr", null, h("th", { scope: "row" }, t("sum")),
        ...passages.map((passage) => h("td", { class: "figure" }, h("b", null, decimal(passage.score)))))))),
    unused.length > 0 && h("p", { class: "help" }, t("noEffect", { names: unused.map(signalName).join(t("comma")) })),
    h("details", null, h("summary", { class: "small" }, t("meanings")),
      h("dl", { class: "facts small meanings" }, ...names.flatMap((name) => [h("dt", null, signalName(name)), h("dd", null, signalHelp(name))]))));
}
