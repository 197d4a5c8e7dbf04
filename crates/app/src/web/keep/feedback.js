// One piece of feedback: what was answered, what is answered now, what is to be answered.

import { Failure, get, path, patch, post, remove } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { percent, time } from "../core/format.js";
import { keep, kept } from "../core/kept.js";
import { go, link } from "../core/router.js";
import { may, me } from "../core/state.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import { button, busy, linkButton } from "../parts/button.js";
import { correction } from "../parts/correction.js";
import { confirm } from "../parts/dialog.js";
import { areaField, textField } from "../parts/field.js";
import { icon } from "../parts/icon.js";
import { load, notice, toast, toastFailure } from "../parts/notice.js";
import { laidOut } from "../parts/quotable.js";
import { quote } from "../parts/quote.js";
import common from "../text/common.js";
import texts from "../text/review.js";

const t = speaks(texts);
const c = speaks(common);

/** @typedef {import("./review.js").Feedback} Feedback */

/** So many passages are there to choose from without looking for others. */
const PASSAGES = 12;

/**
 * @param {HTMLElement} main
 * @param {import("../shell/views.js").Context} context
 * @param {string} id
 * @param {import("./review.js").Tab} tab the list that it was opened from
 */
export async function showFeedback(main, context, id, tab) {
  const { kb, signal } = context;
  const list = link(["kb", kb, "review"], { state: tab === "open" ? undefined : tab });
  const view = h("div", { class: "view is-narrow" });
  put(main, view);
  try {
    draw(await get(path`/kbs/${kb}/feedback/${id}`, {}, signal));
  } catch (error) {
    const gone = error instanceof Failure && error.code === "feedback_not_found";
    put(view, h("h1", { tabindex: -1 }, t("title")), notice(gone ? "info" : "danger", gone ? t("gone") : inWords(error)),
      h("div", null, linkButton(t("back"), list, { icon: "previous" })));
  }

  /** @param {Feedback} one */
  function draw(one) {
    const now = h("div", { class: "stack is-tight", "aria-live": "polite" });
    const decide = h("section", { class: "card stack", hidden: one.verdict === "confirmed" });
    put(view,
      h("div", { class: "stack is-tight" },
        h("div", null, linkButton(t("back"), list, { icon: "previous", look: "quiet", small: true, about: { class: "button is-quiet is-small is-back" } })),
        h("h1", { tabindex: -1 }, one.question),
        h("p", { class: "row faint" }, t("by", { who: one.author || t("nobody"), when: time(one.created) }), state(one))),
      one.comment && h("div", { class: "feedback-comment is-large" }, icon("ask"), h("p", null, h("span", { class: "unseen" }, `${t("comment")}: `), one.comment)),
      h("section", { class: "card stack" },
        h("h2", null, t("answered")),
        one.blocks.length ? one.blocks.map((block) => cited(kb, block)) : h("p", { class: "muted" }, t("answeredNothing")),
        one.correction.length > 0 && [h("h3", null, t("chosenText")), ...one.correction.map((block) => cited(kb, block))],
        one.note && h("p", null, h("strong", null, `${t("noteWas")}: `), one.note),
        one.state && one.state !== "open" && h("p", { class: "faint" }, t("lastChange", { who: one.reviewer || t("nobody"), when: time(one.changed) })),
        h("p", { class: "help" }, h("strong", null, `${t("effect")}: `), effect(one))),
      h("section", { class: "card stack" },
        h("div", { class: "row is-between" }, h("h2", null, t("now")), button(t("askAgain"), () => answer(one, now, null), { small: true, icon: "restore" })),
        h("p", { class: "help" }, t("nowWhat")), now),
      decide,
      may("write", kb) ? h("div", null, button(t("takeBack"), () => takeBack(one), { look: "danger", icon: "trash" }))
        : notice("info", t("readOnly")));
    answer(one, now, may("write", kb) ? decide : null);
  }

  /** Asks now; then the passages are there to choose from. @param {Feedback} one @param {HTMLElement} place @param {HTMLElement | null} decide */
  async function answer(one, place, decide) {
    /** @type {any} */
    let found = null;
    await load(place, async () => {
      found = await post(path`/kbs/${kb}/ask`, { question: one.question, top: PASSAGES, layout: true, llm: false }, signal);
      if (decide && one.verdict === "rejected") fill(one, decide, found.passages);
      view.querySelectorAll(".cited").forEach((/** @type {Element} */ figure) => layOut(figure, found.passages));
      const still = one.verdict === "rejected" && one.blocks.length > 0 && found.found
        && allText(found.blocks) === allText(one.blocks);
      return found.found
        ? [still && notice("warning", t("nowSame")), ...found.blocks.map((/** @type {any} */ block) => cited(kb, block)), h("p", { class: "faint" }, t("confidence", { n: percent(found.confidence) }))]
        : h("p", { class: "muted" }, t("nowNone"));
    });
    if (decide && one.verdict === "rejected" && !found && !signal.aborted) fill(one, decide, []);
  }

  /** @param {Feedback} one @param {HTMLElement} place @param {any[]} passages */
  function fill(one, place, passages) {
    const warning = h("p", { class: "help" });
    const chooser = correction({ kb, question: one.question, passages, before: one.correction, onchange: hint });
    const states = /** @type {const} */ (["fixed", "declined", "open"]);
    const choice = (/** @type {typeof states[number]} */ name) => {
      const upper = `state${name[0].toUpperCase()}${name.slice(1)}`;
      return h("label", { class: "choice" }, h("input", { type: "radio", name: "state", value: name, checked: name === (one.state === "open" ? "fixed" : one.state), onchange: hint }),
        h("span", null, h("strong", null, t(/** @type {any} */ (upper))), h("span", { class: "help" }, t(/** @type {any} */ (`${upper}What`)))));
    };
    const problem = h("div", { role: "alert" });
    const save = button(c("save"), null, { look: "primary", submit: true });
    const form = h("form", { class: "stack", onsubmit: send },
      chooser.element,
      h("fieldset", { class: "stack is-tight" }, h("legend", null, t("state")), ...states.map(choice)),
      areaField(t("note"), { help: t("noteHelp"), about: { name: "note", rows: 2, maxlength: 4000 } }),
      !me().keys && textField(t("reviewer"), { about: { name: "reviewer", maxlength: 200, value: kept("author") ?? "", autocomplete: "name" } }),
      warning, problem, h("div", { class: "row" }, save));
    form.querySelector("textarea").value = one.note;
    put(place, h("h2", null, t("decide")), form);
    hint();

    function hint() {
      const wanted = new FormData(form).get("state");
      warning.textContent = wanted === "fixed" && !chooser.chosen().length ? t("noCorrection") : "";
      warning.hidden = !warning.textContent;
    }

    /** @param {SubmitEvent} event */
    async function send(event) {
      event.preventDefault();
      put(problem);
      const said = new FormData(form);
      const reviewer = String(said.get("reviewer") ?? "").trim();
      if (!me().keys) keep("author", reviewer || null);
      const correctionNow = chooser.chosen();
      try {
        const after = await busy(save, () => patch(path`/kbs/${kb}/feedback/${id}`, { state: said.get("state"), note: said.get("note"), correction: correctionNow, reviewer }));
        await saved(after);
      } catch (error) {
        put(problem, notice("danger", inWords(error)));
      }
    }
  }

  /** Shows what became of it, with the way to the next one. @param {Feedback} after */
  async function saved(after) {
    draw(after);
    const words = after.state === "fixed" ? (after.correction.length ? t("savedFixed") : t("savedFixedOnly"))
      : after.state === "declined" ? t("savedDeclined") : t("savedOpen");
    const place = h("div", { role: "status" }, notice("good", words));
    view.prepend(place);
    window.scrollTo(0, 0);
    view.querySelector("h1")?.focus();
    const next = await get(path`/kbs/${kb}/feedback`, { state: "open", limit: 2 }, signal).catch(() => null);
    const other = next?.feedback.find((/** @type {Feedback} */ one) => one.id !== after.id);
    if (other) place.querySelector(".notice > div")?.append(linkButton(t("next"), link(["kb", kb, "review", other.id]), { small: true, icon: "next" }));
  }

  /** @param {Feedback} one */
  function takeBack(one) {
    confirm(t("takeBackTitle"), one.verdict === "confirmed" ? t("takeBackConfirmed") : t("takeBackRejected"), t("takeBack"), async () => {
      await remove(path`/kbs/${kb}/feedback/${id}`);
      go(list);
      toast(t("takenBack"), { label: c("undo"), then: () => restore(one) });
    });
  }

  /** Says it once more, as it was. @param {Feedback} one */
  async function restore(one) {
    try {
      const { question, verdict, blocks, correction, comment, author } = one;
      const again = await post(path`/kbs/${kb}/feedback`, { question, verdict, blocks, correction, comment, author });
      if (one.state && one.state !== "open") await patch(path`/kbs/${kb}/feedback/${again.id}`, { state: one.state, note: one.note, reviewer: one.reviewer });
      toast(t("restored"));
      go(list);
    } catch (error) {
      toastFailure(error);
    }
  }
}

/** @param {{ text: string }[]} blocks */
function allText(blocks) {
  return blocks.map((block) => block.text).join("\n");
}

/** @param {Feedback} one */
function state(one) {
  const look = { open: "is-warning", fixed: "is-good", declined: "" };
  return one.state ? h("span", { class: `badge ${look[one.state]}` }, t(one.state)) : h("span", { class: "badge is-good" }, t("confirmed"));
}

/** @param {Feedback} one */
function effect(one) {
  if (one.verdict === "confirmed") return t("effectConfirmed");
  if (one.state === "declined") return t("effectDeclined");
  return one.correction.length ? `${t("effectOpen")}${t("effectCorrected")}` : t("effectOpen");
}

/** @type {Map<string, Promise<string | null>>} */
const names = new Map();

/** Original text with the document that it is of. @param {string} kb @param {any} block */
function cited(kb, block) {
  const place = h("figcaption", { class: "cite" });
  const document = block.document;
  const page = block.page ?? undefined;
  /** @param {string | null} name */
  const named = (name) => put(place, icon("documents", 16), name && document
    ? h("a", { href: link(["kb", kb, "documents", document], { page }) }, name) : h("span", null, name ?? t("removedDocument")),
  page && h("span", null, c("page", { n: page })));
  if (block.title || block.doc) named(block.title || block.doc);
  else {
    const key = `${kb}/${document}`;
    const asked = names.get(key) ?? get(path`/kbs/${kb}/documents/${document}`).then((one) => one.title || one.name, () => null);
    names.set(key, asked);
    asked.then(named);
  }
  const figure = h("figure", { class: "cited" }, quote(block.layout, block.text.replace(/\t/g, "\u3000"), { small: true }), place);
  if (!block.layout && block.text.includes("\t")) bare.set(figure, block);
  return figure;
}

/** What is shown as text, as it was kept as text, though it is of a table. @type {WeakMap<Element, any>} */
const bare = new WeakMap();

/** Shows it as the table that it is of, where that is among the passages. @param {Element} figure @param {any[]} passages */
function layOut(figure, passages) {
  const block = bare.get(figure);
  const of = block && passages.filter((passage) => passage.document === block.document);
  const layout = of?.map((/** @type {any} */ passage) => laidOut(block.text, passage)).find(Boolean);
  if (layout) figure.firstElementChild?.replaceWith(quote(layout, block.text, { small: true }));
}
