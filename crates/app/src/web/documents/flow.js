// A document of a format without pages: what was read of it as one text, or the passages that are
// searched; a stretch at a time.

import { get, path } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { number } from "../core/format.js";
import { speaks } from "../core/text.js";
import { busy, button } from "../parts/button.js";
import { empty, load, toastFailure } from "../parts/notice.js";
import common from "../text/common.js";
import texts from "../text/documents.js";
import { blockKind, blockText } from "./block.js";
import { passageItem } from "./items.js";
import { viewChoice } from "./reading.js";

const t = speaks(texts);
const c = speaks(common);

/** So many come at a time. */
const SOME = 120;

/**
 * @param {import("./document.js").Tab} about
 * @param {import("./reading.js").View} view
 * @param {import("./types.js").Passage | null} passage to begin with
 */
export function flow(about, view, passage) {
  const { kb, one, remember, signal } = about;
  const place = path`/kbs/${kb}/documents/${one.id}`;
  const body = h("div", null);
  const element = h("div", { class: "flow" }, h("div", { class: "pages-bar" }, h("span", { class: "muted small grow" }, t("noPages")),
    viewChoice(view, (now) => {
      view = now;
      passage = null;
      remember({ view, passage: "" });
      draw();
    })), body);
  draw();
  return element;

  function draw() {
    return load(body, async () => {
      const [list, said] = [h(view === "blocks" ? "article" : "ol", { class: view === "blocks" ? "card read-document" : "read-list is-passages" }), h("span", { class: "muted small" })];
      const more = button(c("more"), () => busy(more, async () => add()).catch(toastFailure));
      const own = view;
      let count = 0;
      /** @type {string | null} */
      let cursor = null;
      async function add() {
        const page = await get(`${place}/${own}`, { limit: SOME, cursor }, signal);
        const others = new Set(page[own].map((/** @type {{ text: string }} */ one) => one.text));
        list.append(...page[own].map((/** @type {any} */ one) => (own === "blocks" ? block(one, others) : passageItem(one, null).element)));
        count += page[own].length;
        cursor = page.next_cursor;
        more.hidden = !cursor;
        put(said, cursor && t("someOfParts", { shown: number(count), n: number(page.total) }));
      }
      await add();
      if (passage && own === "passages") {
        while (cursor && count <= passage.ordinal) await add();
        const wanted = passage.ordinal;
        requestAnimationFrame(() => pick(list.children[wanted]));
      }
      if (!count) return empty(t("emptyDocument"), one.content?.format === "archive" ? t("emptyArchive") : t("emptyDocumentHelp"));
      return [list, h("div", { class: "row is-centred doc-more" }, said, more)];
    });
  }
}

/** @param {import("./types.js").Block} one @param {Set<string>} others */
function block(one, others) {
  return h("div", { class: `read-block is-${one.kind}${one.furniture ? " is-furniture" : ""}` },
    one.furniture && h("span", { class: "read-kind" }, blockKind(one)), blockText(one, { headings: true, others }));
}

/** @param {Element | undefined} element */
function pick(element) {
  if (!element) return;
  element.setAttribute("aria-current", "true");
  element.classList.add("is-lit");
  element.scrollIntoView({ block: "center" });
}
