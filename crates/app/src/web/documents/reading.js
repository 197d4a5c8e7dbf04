// How a document was read: page by page beside the picture of the page, or, in formats without
// pages, as one text. What it warns of stands above, with the pages that it is about.

import { get, path } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { number } from "../core/format.js";
import { speaks } from "../core/text.js";
import { load } from "../parts/notice.js";
import common from "../text/common.js";
import texts from "../text/documents.js";
import { flow } from "./flow.js";
import { pages } from "./pages.js";
import { warningInWords } from "./problems.js";

const t = speaks(texts);
const c = speaks(common);

/** @typedef {import("./document.js").Tab} Tab */
/** @typedef {"blocks" | "passages"} View */

/** @param {HTMLElement} panel @param {Tab} about */
export async function reading(panel, about) {
  const { kb, one, kept, signal } = about;
  const place = path`/kbs/${kb}/documents/${one.id}`;
  let toPage = (/** @type {number} */ page) => {
    about.remember({ page });
  };
  const body = h("div", null);
  put(panel, warnings(), body);
  await load(body, async () => {
    const { pages: sizes } = await get(`${place}/pages`, {}, signal);
    const passage = await wanted();
    const view = /** @type {View} */ (kept.view === "passages" || (kept.view !== "blocks" && passage) ? "passages" : "blocks");
    if (!sizes.length) return flow(about, view, passage);
    const shown = pages(about, sizes, view, passage);
    toPage = shown.toPage;
    return shown.element;
  });

  /** The passage that the address names, if there is one. @returns {Promise<import("./types.js").Passage | null>} */
  async function wanted() {
    if (!/^\d+$/.test(kept.passage ?? "")) return null;
    try {
      return await get(`${place}/passages/${kept.passage}`, {}, signal);
    } catch (error) {
      if (/** @type {any} */ (error).code === "passage_not_found") return null;
      throw error;
    }
  }

  function warnings() {
    const count = one.content?.warnings ?? 0;
    if (!count) return null;
    const inside = h("div", null);
    const details = h("details", { class: "doc-warnings", open: kept.warnings === "open", ontoggle: () => {
      about.remember({ warnings: details.open ? "open" : "" });
      if (details.open && !inside.childElementCount) fill();
    } }, h("summary", null, t("warningsCount", { n: number(count) })), inside);
    const fill = () => load(inside, async () => {
      const { warnings: all } = await get(`${place}/warnings`, {}, signal);
      return h("ul", { class: "warning-list small" }, ...all.map((/** @type {import("./types.js").Warning} */ warning) => h("li", null,
        warning.page !== null && h("button", { type: "button", class: "as-link nowrap", onclick: () => toPage(/** @type {number} */ (warning.page)) }, c("page", { n: warning.page })),
        h("span", null, warningInWords(warning.message)))));
    });
    if (details.open) fill();
    return details;
  }
}

/**
 * Chooses between what was read and what is searched.
 * @param {View} chosen @param {(view: View) => void} then
 */
export function viewChoice(chosen, then) {
  const element = h("div", { class: "segments", role: "group", "aria-label": t("show") });
  /** @param {View} now */
  const draw = (now) => put(element, .../** @type {View[]} */ (["blocks", "passages"]).map((view) => h("button", {
    type: "button", "aria-pressed": String(view === now), title: t(`view_${view}_help`), onclick: () => {
      draw(view);
      /** @type {HTMLElement} */ (element.querySelector('[aria-pressed="true"]')).focus();
      then(view);
    },
  }, t(`view_${view}`))));
  draw(chosen);
  return element;
}
