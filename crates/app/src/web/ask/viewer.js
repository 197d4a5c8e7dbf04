// The page that a citation stands on, with the text marked: one citation after the other, as large
// as one likes. Where a format has no pages, the passage around the citation stands instead.

import { get, path } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { percent } from "../core/format.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import { busy, button } from "../parts/button.js";
import { loading, notice, toastFailure } from "../parts/notice.js";
import { openOriginal } from "../parts/original.js";
import { quote } from "../parts/quote.js";
import { sheet } from "../parts/sheet.js";
import texts from "../text/ask.js";
import { fileOf, source } from "./answer.js";

const t = speaks(texts);

/** How large a page can be shown, where 1 fits it into the column. */
const ZOOMS = [1, 1.5, 2, 3];

/** @typedef {import("./asking.js").Block} Block @typedef {import("./asking.js").Passage} Passage @typedef {import("./asking.js").Answer} Answer */
/** @typedef {{ page: number, width: number, height: number }} PageSize */

/** @param {{ kb: string, signal: AbortSignal }} about */
export function viewer({ kb, signal }) {
  /** @type {Block[]} */
  let blocks = [];
  /** @type {Answer | null} */
  let answer = null;
  let at = 0;
  let zoom = 0;
  let showing = new AbortController();
  /** @type {Map<string, Promise<PageSize[]>>} */
  const sizes = new Map();

  const place = h("span", { class: "viewer-place figure", "aria-live": "polite" });
  const previous = button(t("previous"), () => show(at - 1, true), { icon: "previous", iconOnly: true, small: true, look: "quiet" });
  const next = button(t("next"), () => show(at + 1, true), { icon: "next", iconOnly: true, small: true, look: "quiet" });
  const smaller = button(t("zoomOut"), () => zoomTo(zoom - 1), { icon: "zoomOut", iconOnly: true, small: true, look: "quiet" });
  const larger = button(t("zoomIn"), () => zoomTo(zoom + 1), { icon: "zoomIn", iconOnly: true, small: true, look: "quiet" });
  const scale = h("span", { class: "faint figure viewer-zoom" });
  const open = h("span");
  const caption = h("p", { class: "viewer-source small" });
  const pages = h("div", { class: "viewer-pages" });
  const scroller = h("div", { class: "viewer-scroll", tabindex: 0, role: "group", "aria-label": t("viewer") }, pages);
  const element = h("section", { class: "viewer", "aria-label": t("viewer"), hidden: true },
    h("div", { class: "viewer-bar" }, h("div", { class: "row" }, previous, place, next),
      h("div", { class: "row" }, h("div", { class: "row viewer-zooms" }, smaller, scale, larger), open)),
    caption, scroller);
  signal.addEventListener("abort", () => showing.abort());
  zoomTo(0);

  /** @param {number} to */
  function zoomTo(to) {
    zoom = Math.max(0, Math.min(ZOOMS.length - 1, to));
    pages.style.setProperty("--zoom", String(ZOOMS[zoom]));
    scale.textContent = percent(ZOOMS[zoom]);
    smaller.disabled = zoom === 0;
    larger.disabled = zoom === ZOOMS.length - 1;
    requestAnimationFrame(() => toMark("instant"));
  }

  /** Scrolls to the first mark, within the viewer alone. @param {"instant" | "smooth"} behavior */
  function toMark(behavior) {
    const mark = pages.querySelector(".sheet-mark:not(.is-header)") ?? pages.querySelector(".sheet-mark");
    if (!mark) return;
    const [from, to] = [scroller.getBoundingClientRect(), mark.getBoundingClientRect()];
    scroller.scrollBy({ top: to.top - from.top - from.height / 3, left: to.left - from.left - 24, behavior });
  }

  /** Shows a citation of the answer. @param {number} wanted @param {boolean} [byHand] brings the viewer into sight */
  function show(wanted, byHand = false) {
    if (!blocks[wanted]) return;
    at = wanted;
    point();
    display(blocks[at], byHand);
  }

  /** Sets the citation off that is shown. */
  function point() {
    document.querySelectorAll(".ask-block").forEach((block, nth) => block.classList.toggle("is-shown", nth === at && blocks.length > 1));
  }

  /** @param {any} cited a block or a passage, with marks @param {boolean} byHand */
  async function display(cited, byHand) {
    const isBlock = blocks.includes(cited);
    place.textContent = isBlock ? t("place", { n: at + 1, all: blocks.length }) : "";
    previous.disabled = at === 0;
    next.disabled = at === blocks.length - 1;
    previous.hidden = next.hidden = place.hidden = blocks.length < 2 || !isBlock;
    put(caption, ...source(cited));
    put(open, cited.document && opener(cited));
    element.hidden = false;
    showing.abort();
    showing = new AbortController();
    const own = showing.signal;
    put(pages, loading());
    try {
      const shown = await sheetsOf(cited, own);
      if (own.aborted) return;
      put(pages, ...(shown ?? context(cited)));
      element.classList.toggle("is-text", !shown);
      toMark("instant");
    } catch (error) {
      if (!own.aborted) put(pages, notice("warning", inWords(error)));
    }
    if (byHand && !own.aborted && element.getBoundingClientRect().top > window.innerHeight * 0.6) element.scrollIntoView({ block: "start" });
  }

  /** @param {any} cited */
  function opener(cited) {
    const about = { kb, document: cited.document, file: fileOf(cited), format: cited.format, page: cited.page };
    const pressed = button(t("open"), () => busy(pressed, () => openOriginal(about)).catch(toastFailure), { icon: "open", small: true, look: "quiet" });
    return pressed;
  }

  /** The pages that marks stand on; nothing where there is no picture. @param {any} cited @param {AbortSignal} own */
  async function sheetsOf(cited, own) {
    if (!cited.document || !cited.marks?.length || (cited.format && cited.format !== "pdf")) return null;
    const all = await sizesOf(cited.document);
    const numbers = [...new Set(cited.marks.map((/** @type {any} */ mark) => mark.page))].sort((a, b) => a - b);
    const shown = all.filter((one) => numbers.includes(one.page));
    if (!shown.length) return null;
    return shown.map((one) => {
      const made = sheet({ kb, document: cited.document, ...one, name: fileOf(cited), signal: own });
      made.mark(cited.marks);
      return made.element;
    });
  }

  /** @param {string} document @returns {Promise<PageSize[]>} */
  function sizesOf(document) {
    const known = sizes.get(document) ?? get(path`/kbs/${kb}/documents/${document}/pages`, {}, signal).then((got) => got.pages);
    sizes.set(document, known);
    known.catch(() => sizes.delete(document));
    return known;
  }

  /** The passage that a citation is taken from. @param {any} cited */
  function context(cited) {
    const passage = answer?.passages.find((one) => one.document === cited.document && one.text.includes(cited.text.split("\n").pop() ?? "")) ?? cited;
    return [h("p", { class: "faint" }, t("noPicture")), quote(passage.layout, passage.text, { small: true })];
  }

  return {
    element,
    /** Takes the citations of an answer and shows the first. @param {Block[]} all @param {Answer} of */
    citations(all, of) {
      [blocks, answer] = [all, of];
      if (of.found === false && of.passages[0]) return this.showPassage(of.passages[0], false);
      if (blocks.length) show(0);
    },
    show,
    point,
    /** Shows a passage that was considered. @param {Passage} passage @param {boolean} [byHand] */
    async showPassage(passage, byHand = true) {
      if (!passage.document) return;
      try {
        const whole = await get(path`/kbs/${kb}/documents/${passage.document}/passages/${passage.ordinal}`, {}, signal);
        await display({ ...passage, marks: whole.marks }, byHand);
      } catch (error) {
        element.hidden = false;
        if (!signal.aborted) put(pages, notice("warning", inWords(error)));
      }
    },
  };
}
