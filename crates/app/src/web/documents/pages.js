// A document with pages: the picture of a page and beside it what was read of it. One page is loaded
// at a time, so that four hundred cost no more than one.

import { get, path } from "../core/api.js";
import { h, id, put } from "../core/dom.js";
import { number } from "../core/format.js";
import { speaks } from "../core/text.js";
import { button } from "../parts/button.js";
import { empty, load } from "../parts/notice.js";
import { sheet } from "../parts/sheet.js";
import texts from "../text/documents.js";
import { titleOf } from "./actions.js";
import { blockItem, passageItem } from "./items.js";
import { viewChoice } from "./reading.js";
import { sketch } from "./sketch.js";
import { tie } from "./tie.js";

const t = speaks(texts);

/** @typedef {import("./types.js").Passage} Passage */
/** @typedef {import("./types.js").Block} Block */

/** So many pages of what was read are kept. */
const KEPT = 40;

/**
 * @param {import("./document.js").Tab} about
 * @param {import("./types.js").Size[]} sizes
 * @param {import("./reading.js").View} view
 * @param {Passage | null} passage to begin with
 */
export function pages(about, sizes, view, passage) {
  const { kb, one, kept, remember, signal } = about;
  const place = path`/kbs/${kb}/documents/${one.id}`;
  const last = sizes.length;
  const clamp = (/** @type {number} */ wanted) => Math.min(last, Math.max(1, Math.round(wanted) || 1));
  const own = new Set(passage?.marks?.map((mark) => mark.page));
  const asked = Number(kept.page);
  let page = clamp(asked && (!own.size || own.has(asked)) ? asked : (passage?.marks?.[0]?.page ?? passage?.page ?? asked));
  /** @type {string | null} */
  let pick = passage ? `p${passage.ordinal}` : null;
  let leaving = new AbortController();
  signal.addEventListener("abort", () => leaving.abort());
  /** @type {Map<string, any[]>} */
  const cache = new Map();

  const field = h("input", { type: "number", min: 1, max: last, value: page, inputmode: "numeric", "aria-label": t("pageNumber"), id: id("page"),
    onchange: () => go(Number(field.value)) });
  const small = /** @type {const} */ ({ iconOnly: true, look: "quiet" });
  const before = button(t("previousPage"), () => go(page - 1), { ...small, icon: "previous" });
  const after = button(t("nextPage"), () => go(page + 1), { ...small, icon: "next" });
  const left = h("div", { class: "page-picture" });
  const right = h("div", { class: "page-read", tabindex: -1 });
  const sides = h("div", { class: "pages-sides" }, left, right);
  const element = h("div", { class: "pages" },
    h("div", { class: "pages-bar" },
      h("div", { class: "row page-turn", role: "group", "aria-label": t("pageTurn") }, before, field, h("span", { class: "muted figure nowrap" }, t("ofPages", { n: number(last) })), after),
      h("span", { class: "faint page-keys" }, last > 1 && t("pageKeys")),
      viewChoice(view, (now) => {
        view = now;
        pick = null;
        remember({ view, passage: "" });
        draw();
      })),
    sides);

  document.addEventListener("keydown", (event) => {
    const on = /** @type {Element} */ (event.target);
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || on.closest("input, select, textarea, dialog, [role=tablist], .scroll")) return;
    if (event.key === "ArrowLeft") go(page - 1);
    if (event.key === "ArrowRight") go(page + 1);
  }, { signal });
  draw();
  // Who was sent to a place of the document comes for that, not for its facts.
  if (passage) {
    remember({ page });
    requestAnimationFrame(toView);
  }
  return {
    element,
    /** @param {number} wanted */
    toPage(wanted) {
      go(wanted);
      toView();
    },
  };

  function toView() {
    element.scrollIntoView({ block: "start" });
  }

  /** @param {number} wanted */
  function go(wanted) {
    const next = clamp(wanted);
    field.value = String(next);
    if (next === page) return;
    page = next;
    pick = null;
    remember({ page, passage: "" });
    draw();
  }

  async function draw() {
    leaving.abort();
    leaving = new AbortController();
    const here = leaving.signal;
    before.disabled = page === 1;
    after.disabled = page === last;
    field.value = String(page);
    const size = sizes[page - 1];
    sides.style.setProperty("--ratio", String(size.width / size.height));
    const sketched = one.content?.format === "pdf" ? null : sketch({ kb, one, size, signal: here });
    const drawn = sketched ?? sheet({ kb, document: one.id, page, width: size.width, height: size.height, name: titleOf(one), signal: here });
    here.addEventListener("abort", () => drawn.end());
    put(left, drawn.element, sketched && h("p", { class: "help" }, t("sketched")));
    right.scrollTop = 0;
    await load(right, async () => {
      const all = await read(view, here);
      sketched?.fill(view === "blocks" ? all : await read("blocks", here));
      if (!all.length) return empty(t("emptyPage"), view === "blocks" ? t("emptyPageBlocks") : t("emptyPagePassages"));
      const others = new Set(all.map((one) => one.text));
      const items = all.map((one) => (view === "blocks" ? blockItem(one, page, others) : passageItem(one, page)));
      const list = h("ol", { class: `read-list is-${view}`, "aria-label": t(`view_${view}`) }, ...items.map((item) => item.element));
      const tied = tie({ items, list, scroller: right, sheet: drawn, size, signal: here });
      if (pick) requestAnimationFrame(() => tied.pick(pick ?? ""));
      return list;
    });
  }

  /** What was read of the page. @param {import("./reading.js").View} what @param {AbortSignal} here @returns {Promise<any[]>} */
  async function read(what, here) {
    const name = `${what} ${page}`;
    const known = cache.get(name);
    if (known) return known;
    const all = [];
    let cursor;
    do {
      const some = await get(`${place}/${what}`, { page, limit: 500, cursor }, here);
      all.push(...some[what]);
      cursor = some.next_cursor;
    } while (cursor);
    cache.set(name, all);
    if (cache.size > KEPT) cache.delete(/** @type {string} */ (cache.keys().next().value));
    return all;
  }
}
