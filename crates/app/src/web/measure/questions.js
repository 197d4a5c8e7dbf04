// The questions of an evaluation one by one: what was answered beside what was expected. Which are
// shown stands in the address.

import { h, put } from "../core/dom.js";
import { number, percent } from "../core/format.js";
import { link, note } from "../core/router.js";
import { speaks } from "../core/text.js";
import { button } from "../parts/button.js";
import { selectField } from "../parts/field.js";
import { empty } from "../parts/notice.js";
import texts from "../text/measure.js";
import { kindName, kindsOf, typesOf } from "./figures.js";
import { textPair, toQuestion } from "./pair.js";

const t = speaks(texts);

/** @typedef {import("./figures.js").Row} Row */

/** Stands before a type that the labels name, beside those that the service tells by itself. */
const LABELLED = "label:";
/** So many are shown at first, and more each time. */
const PAGE = 20;

/** @type {Record<string, (row: Row) => boolean>} */
const OUTCOMES = {
  all: () => true,
  low: (row) => row.score < 0.5,
  missed: (row) => row.rank === null || row.rank > 10,
  wrong: (row) => Boolean(row.wrong),
  refused: (row) => row.found === false,
};
/** @type {Record<string, (one: Row, other: Row) => number>} */
const ORDERS = {
  worst: (one, other) => one.score - other.score,
  best: (one, other) => other.score - one.score,
  sure: (one, other) => misled(other) - misled(one),
  order: () => 0,
};

/** How much an answer promised and did not keep. @param {Row} row */
const misled = (row) => (row.confidence ?? 0) - row.score;

/** @param {import("../shell/views.js").Context} context @param {import("./figures.js").Run} run */
export function questionList({ kb, params }, run) {
  const rows = run.report.rows;
  const wanted = {
    kind: params.get("kind") ?? "",
    outcome: String(params.get("outcome") ?? "") in OUTCOMES ? String(params.get("outcome")) : "all",
    sort: String(params.get("sort") ?? "") in ORDERS ? String(params.get("sort")) : "worst",
  };
  const list = h("ol", { class: "questions" });
  const count = h("p", { class: "muted small", role: "status" });
  const more = h("div", { class: "row is-centred" });
  const none = h("div");

  /** @param {string} label @param {keyof typeof wanted} name @param {[string, string][]} choices */
  const filter = (label, name, choices) => selectField(label, choices, { chosen: wanted[name], about: {
    onchange: (/** @type {any} */ event) => {
      wanted[name] = event.target.value;
      const outcome = wanted.outcome === "all" ? "" : wanted.outcome;
      note(link(["kb", kb, "measure", run.id], { kind: wanted.kind, outcome, sort: wanted.sort === "worst" ? "" : wanted.sort }));
      show();
    } } });

  function show() {
    const fits = rows.filter((row) => (!wanted.kind || row.asks === wanted.kind || `${LABELLED}${row.type}` === wanted.kind) && OUTCOMES[wanted.outcome](row)).sort(ORDERS[wanted.sort]);
    put(count, t("nShown", { n: number(fits.length) }));
    put(none, !fits.length && empty(t("noRows"), t("noRowsHelp")));
    put(list);
    add(fits, 0);
  }

  /** @param {Row[]} fits @param {number} from */
  function add(fits, from) {
    const next = fits.slice(from, from + PAGE);
    list.append(...next.map((row) => question(kb, row)));
    const left = fits.length - from - next.length;
    put(more, left > 0 && button(t("moreRows", { n: Math.min(left, PAGE) }), () => {
      const first = list.children.length;
      add(fits, from + PAGE);
      list.children[first]?.querySelector("a")?.focus();
    }));
  }

  show();
  /** @type {[string, string][]} */
  const kinds = [
    ...kindsOf([run.report]).map((kind) => /** @type {[string, string]} */ ([kind, kindName(kind)])),
    ...typesOf([run.report]).map((type) => /** @type {[string, string]} */ ([`${LABELLED}${type}`, t("labelledAs", { name: type })])),
  ];
  return h("section", { class: "card stack", "aria-labelledby": "run-rows" },
    h("div", null, h("h2", { id: "run-rows" }, t("rows")), h("p", { class: "help" }, t(rows.some((row) => row.answer !== undefined) ? "rowsAbout" : "textsMissing"))),
    h("div", { class: "filters" },
      filter(t("filterKind"), "kind", [["", t("allKinds")], ...kinds]),
      filter(t("filterOutcome"), "outcome", Object.keys(OUTCOMES).map((name) => [name, t(/** @type {any} */ (`o_${name}`))])),
      filter(t("sort"), "sort", Object.keys(ORDERS).map((name) => [name, t(/** @type {any} */ (`s_${name}`))])), count),
    none, list, more);
}

/** @param {string} kb @param {Row} row */
function question(kb, row) {
  return h("li", { class: "question" },
    h("div", { class: "question-head" },
      h("span", { class: `question-score is-${level(row.score)}`, title: t("score") }, number(row.score * 100)),
      h("div", { class: "grow" }, h("h3", null, row.question), h("p", { class: "question-facts" }, ...facts(row).map((fact) => h("span", null, fact)))),
      toQuestion(kb, row.question)),
    (row.answer ?? row.expected) !== undefined && textPair([[t("answered"), row.answer === "" ? t("nothing") : row.answer], [t("expected"), row.expected]]));
}

/** @param {number} score */
export const level = (score) => (score >= 0.7 ? "good" : score >= 0.4 ? "warning" : "danger");

/** What else is known of a question. @param {Row} row */
function facts(row) {
  const missed = row.rank === null || row.rank > 10;
  return [
    kindName(row.asks),
    row.type !== undefined && row.type !== row.asks && t("labelledAs", { name: row.type }),
    missed ? t("rankNone") : t("rankIs", { n: row.rank }),
    row.confidence !== undefined && row.confidence !== null && t("sure", { n: percent(row.confidence) }),
    t("keywordsShare", { n: percent(row.kw) }),
    t("similar", { n: percent(row.es) }),
    row.length > 1.5 && t("timesLong", { n: number(row.length, 1) }),
    row.wrong && t("o_wrong"),
    row.found === false && t("o_refused"),
  ].filter((fact) => typeof fact === "string");
}
