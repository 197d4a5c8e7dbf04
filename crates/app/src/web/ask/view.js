// Asking: a question, the original sentences that answer it, the page that they stand on.
//
// The address holds the question and those before it, so that a link asks the same again.

import { get, path, post } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { go, link } from "../core/router.js";
import { may } from "../core/state.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import { button, linkButton } from "../parts/button.js";
import { field } from "../parts/field.js";
import { empty, loading, notice } from "../parts/notice.js";
import common from "../text/common.js";
import texts from "../text/ask.js";
import { answerPart } from "./answer.js";
import { ask } from "./asking.js";
import { questionBox } from "./box.js";
import { passageList } from "./passages.js";
import { forget, recent, remember } from "./recent.js";
import { viewer } from "./viewer.js";

const t = speaks(texts);
const c = speaks(common);

/** @param {HTMLElement} main @param {import("../shell/views.js").Context} context */
export async function show(main, context) {
  const { kb, params } = context;
  const question = (params.get("q") ?? "").trim();
  const asked = { question, after: params.getAll("after"), as_of: params.get("as_of") ?? "" };
  if (!question) return begin(main, context);
  remember(kb, question);
  document.title = `${question} · ${document.title}`;
  await result(main, context, asked);
}

/** The address of a question. @param {string} kb @param {string} question @param {string[]} [after] @param {string} [asOf] */
export function questionLink(kb, question, after = [], asOf = "") {
  return link(["kb", kb, "ask"], [["q", question], ...after.map((one) => /** @type {[string, string]} */ (["after", one])), ["as_of", asOf]]);
}

/** Before anything is asked. @param {HTMLElement} main @param {import("../shell/views.js").Context} context */
function begin(main, { kb, signal }) {
  const list = h("div", { class: "ask-recent" });
  const about = h("div");
  const box = questionBox({ label: t("question"), placeholder: t("placeholder"), large: true, then: (question) => go(questionLink(kb, question)) });
  put(main, h("div", { class: "ask-hero" }, h("h1", { tabindex: -1 }, t("hero")), h("p", { class: "muted" }, t("heroHelp")), box, about, list));
  box.querySelector("textarea")?.focus();
  recents(list, kb);
  get(path`/kbs/${kb}/documents`, { limit: 1, state: "searchable" }, signal).then(({ total }) => {
    if (total) return;
    put(about, empty(t("noDocuments"), may("write", kb) && t("noDocumentsHelp"),
      may("write", kb) && linkButton(t("addDocuments"), link(["kb", kb, "documents"]), { look: "primary", icon: "upload" })));
  }, () => {});
}

/** @param {HTMLElement} place @param {string} kb */
function recents(place, kb) {
  const all = recent(kb);
  if (!all.length) return put(place);
  put(place,
    h("div", { class: "row is-between" }, h("h2", { class: "faint" }, t("recent")),
      button(t("forget"), () => {
        forget(kb);
        recents(place, kb);
      }, { look: "quiet", small: true })),
    h("ul", null, ...all.map((one) => h("li", null, h("a", { href: questionLink(kb, one) }, one)))));
}

/** @param {HTMLElement} main @param {import("../shell/views.js").Context} context @param {{ question: string, after: string[], as_of: string }} asked */
async function result(main, context, asked) {
  const { kb, signal } = context;
  const said = h("section", { class: "ask-answer", "aria-live": "polite" }, loading());
  const rest = h("div", { class: "ask-rest" });
  const page = viewer({ kb, signal });
  put(main, h("div", { class: "ask" },
    h("div", { class: "ask-top" },
      questionBox({ question: asked.question, label: t("question"), placeholder: t("placeholder"), then: (question) => go(questionLink(kb, question, [], asked.as_of)) }),
      options(kb, asked)),
    h("div", { class: "ask-columns" },
      h("div", { class: "ask-column" }, h("div", { class: "ask-said" }, before(kb, asked), h("h1", { class: "unseen", tabindex: -1 }, asked.question), said), rest),
      page.element)));
  let drawn = false;
  try {
    await ask(kb, asked, (answer) => {
      said.setAttribute("aria-busy", String(!answer.done));
      put(said, answerPart(kb, asked, answer, page));
      page.point();
      if (drawn) return;
      drawn = true;
      page.citations(answer.blocks, answer);
      put(rest, follow(kb, asked, signal), passageList(kb, answer, page));
    }, signal);
  } catch (error) {
    if (/** @type {any} */ (error).code === "aborted") return;
    put(said, notice("danger", h("p", null, inWords(error)),
      button(c("again"), () => go(questionLink(kb, asked.question, asked.after, asked.as_of)), { small: true })));
  }
}

/** The questions before, each a link to itself. @param {string} kb @param {{ after: string[], as_of: string }} asked */
function before(kb, { after, as_of }) {
  if (!after.length) return null;
  return h("nav", { class: "ask-before", "aria-label": t("before") },
    h("ol", null, ...after.map((one, at) => h("li", null, h("a", { href: questionLink(kb, one, after.slice(0, at), as_of) }, one)))),
    h("a", { href: link(["kb", kb, "ask"]) }, t("startOver")));
}

/** @param {string} kb @param {{ question: string, after: string[], as_of: string }} asked @param {AbortSignal} signal */
function follow(kb, asked, signal) {
  const next = (/** @type {string} */ question) => questionLink(kb, question, [...asked.after, asked.question], asked.as_of);
  const suggested = h("ul", { class: "row", "aria-label": t("suggested") });
  post(path`/kbs/${kb}/follow-ups`, { ...asked, as_of: asked.as_of || undefined }, signal).then(({ follow_ups: all }) => {
    put(suggested, ...all.map((/** @type {{ question: string, completed: string }} */ one) =>
      h("li", null, linkButton(one.question, next(one.question), { icon: "follow", small: true, title: one.completed }))));
    // Without suggestions the list stays empty, and nobody misses it.
  }, () => {});
  return h("section", { class: "ask-follow" }, h("h2", null, t("follow")), suggested,
    questionBox({ label: t("follow"), placeholder: t("followPlaceholder"), then: (question) => go(next(question)) }));
}

/** @param {string} kb @param {{ question: string, after: string[], as_of: string }} asked */
function options(kb, asked) {
  const date = h("input", { type: "date", value: asked.as_of, max: "2099-12-31", onchange: (/** @type {any} */ event) =>
    go(questionLink(kb, asked.question, asked.after, event.target.value)) });
  return h("details", { class: "ask-options", open: Boolean(asked.as_of) }, h("summary", null, t("options")), field(t("asOf"), date, t("asOfHelp")));
}
