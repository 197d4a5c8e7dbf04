// The review list: what people were not satisfied with, by how far it was looked into, and what they
// confirmed. The address holds the tab, and the one that is open.

import { get, path } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { time } from "../core/format.js";
import { link } from "../core/router.js";
import { speaks } from "../core/text.js";
import { button, busy, linkButton } from "../parts/button.js";
import { icon } from "../parts/icon.js";
import { empty, load, toastFailure } from "../parts/notice.js";
import texts from "../text/review.js";
import { showFeedback } from "./feedback.js";

const t = speaks(texts);

/**
 * @typedef {{ document: string, text: string }} Quote
 * @typedef {{ id: string, question: string, verdict: "confirmed" | "rejected", blocks: Quote[], correction: Quote[],
 *   comment: string, author: string, state: "open" | "fixed" | "declined" | null, note: string, reviewer: string,
 *   created: string, changed: string }} Feedback
 * @typedef {"open" | "fixed" | "declined" | "confirmed"} Tab
 */

/** @type {Tab[]} */
const TABS = ["open", "fixed", "declined", "confirmed"];
/** So many are fetched at once. */
const PAGE = 20;

/** What the service is asked for. @param {Tab} tab */
function which(tab) {
  return tab === "confirmed" ? { verdict: "confirmed" } : { state: tab };
}

/** @param {HTMLElement} main @param {import("../shell/views.js").Context} context */
export async function show(main, context) {
  const { kb, path: rest, params, signal } = context;
  const wanted = /** @type {Tab} */ (params.get("state"));
  const tab = TABS.includes(wanted) ? wanted : "open";
  if (rest[0]) return showFeedback(main, context, rest[0], tab);

  const list = h("div", { class: "stack" });
  const tabs = h("nav", { class: "tabs", "aria-label": t("tabs") });
  drawTabs(null);
  put(main, h("div", { class: "view is-narrow" },
    h("div", { class: "view-head" }, h("div", null, h("h1", { tabindex: -1 }, t("title")), h("p", null, t("lead")))),
    tabs, list));
  counts().then(drawTabs, () => {});
  await load(list, async () => {
    const first = await get(path`/kbs/${kb}/feedback`, { ...which(tab), limit: PAGE }, signal);
    return first.feedback.length ? filled(first) : nothing();
  });

  /** @returns {Promise<number[]>} */
  function counts() {
    const of = async (/** @type {Tab} */ one) => (await get(path`/kbs/${kb}/feedback`, { ...which(one), limit: 1 }, signal)).total;
    return Promise.all(TABS.map(of));
  }

  /** @param {number[] | null} numbers */
  function drawTabs(numbers) {
    put(tabs, ...TABS.map((one, nth) => h("a", {
      href: link(["kb", kb, "review"], { state: one === "open" ? undefined : one }), "aria-current": one === tab ? "page" : undefined,
    }, t(one), numbers && h("span", { class: "tab-count" }, numbers[nth]))));
  }

  function nothing() {
    const name = `empty${tab[0].toUpperCase()}${tab.slice(1)}`;
    const ask = tab === "open" || tab === "confirmed" ? [linkButton(t("ask"), link(["kb", kb, "ask"]))] : [];
    return h("div", { class: "card" }, empty(t(/** @type {any} */ (name)), t(/** @type {any} */ (`${name}What`)), ...ask));
  }

  /** @param {{ feedback: Feedback[], next_cursor: string | null, total: number }} first */
  function filled(first) {
    const items = h("ul", { class: "stack is-tight" }, ...first.feedback.map(item));
    const foot = h("div", { class: "row is-centred" });
    more(first.next_cursor);
    return h("div", { class: "stack" }, items, foot);

    /** @param {string | null} cursor */
    function more(cursor) {
      put(foot, cursor && button(t("more"), async (event) => {
        try {
          const next = await busy(/** @type {any} */ (event.currentTarget), () => get(path`/kbs/${kb}/feedback`, { ...which(tab), limit: PAGE, cursor }, signal));
          items.append(...next.feedback.map(item));
          more(next.next_cursor);
        } catch (error) {
          toastFailure(error);
        }
      }));
    }
  }

  /** @param {Feedback} one */
  function item(one) {
    const text = one.blocks.map((block) => block.text).join(" ").replace(/\s+/g, " ");
    return h("li", { class: "card feedback-item" },
      h("h2", null, h("a", { href: link(["kb", kb, "review", one.id], { state: tab === "open" ? undefined : tab }) }, one.question)),
      h("p", { class: "feedback-answer" }, text || t("answeredNothing")),
      one.comment && h("p", { class: "feedback-comment" }, icon("ask", 16), h("span", null, h("span", { class: "unseen" }, `${t("comment")}: `), one.comment)),
      h("p", { class: "row faint" }, t("by", { who: one.author || t("nobody"), when: time(one.created) }),
        one.correction.length > 0 && h("span", { class: "badge is-good" }, icon("check", 14), t("corrected"))));
  }
}
