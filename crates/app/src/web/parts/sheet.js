// A page of a document as a picture, with places on it marked. The service draws it for the size
// and the pixels that it is shown with; while a sharper one is on its way the one before stays.

import { blob, path } from "../core/api.js";
import { h } from "../core/dom.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import texts from "../text/common.js";
import { notice } from "./notice.js";

const t = speaks(texts);

/** @typedef {{ kind?: string, page: number, x0: number, y0: number, x1: number, y1: number, label?: string }} Mark in points */

/** What the service is asked for, in pixels a point: few sizes, so that they are found again. */
const SCALES = [1, 1.5, 2, 3, 4];
/** So much larger a mark is than the text that it lies on, in points. */
const MARGIN = 1.5;

/**
 * @param {{ kb: string, document: string, page: number, width: number, height: number, name?: string, signal: AbortSignal }} about
 *   `width` and `height` of the page in points
 */
export function sheet(about) {
  const image = h("img", { alt: about.name ? `${about.name} · ${t("page", { n: about.page })}` : t("page", { n: about.page }), draggable: "false" });
  const over = h("div", { class: "sheet-marks", "aria-hidden": "true" });
  const element = h("div", { class: "sheet is-waiting", style: { "aspect-ratio": `${about.width} / ${about.height}` } }, image, over);
  let drawn = 0;
  let url = "";
  let asked = new AbortController();

  const watch = new ResizeObserver(() => sharpen());
  watch.observe(element);
  about.signal.addEventListener("abort", end);

  function end() {
    watch.disconnect();
    asked.abort();
    if (url) URL.revokeObjectURL(url);
    url = "";
  }

  async function sharpen() {
    const pixels = (element.clientWidth * (window.devicePixelRatio || 1)) / about.width;
    if (!element.clientWidth || about.signal.aborted) return;
    const scale = SCALES.find((one) => one >= pixels - 0.02) ?? 4;
    if (scale <= drawn) return;
    drawn = scale;
    asked.abort();
    asked = new AbortController();
    try {
      const address = path`/kbs/${about.kb}/documents/${about.document}/pages/${about.page}`;
      const picture = await blob(address, { scale, frames: false }, asked.signal);
      const next = URL.createObjectURL(picture);
      const loaded = new Image();
      loaded.src = next;
      await loaded.decode();
      if (about.signal.aborted || scale < drawn) return URL.revokeObjectURL(next);
      const before = url;
      url = next;
      image.src = next;
      element.classList.remove("is-waiting");
      if (before) URL.revokeObjectURL(before);
    } catch (error) {
      if (/** @type {any} */ (error).code === "aborted" || about.signal.aborted) return;
      element.classList.remove("is-waiting");
      if (!url) element.append(notice("warning", inWords(error)));
    }
  }

  return {
    element,
    /** Lays marks over the page; those of other pages are left out. @param {Mark[]} marks */
    mark(marks) {
      over.replaceChildren(...marks.filter((mark) => mark.page === about.page).map((mark) => place(mark, about)));
    },
    /** Gives up the picture. */
    end,
  };
}

/** A mark as it lies over a page. @param {Mark} mark @param {{ width: number, height: number }} page */
export function place(mark, { width, height }) {
  const share = (/** @type {number} */ at, /** @type {number} */ whole) => `${((at / whole) * 100).toFixed(4)}%`;
  return h("div", {
    class: `sheet-mark is-${mark.kind ?? "text"}`,
    "data-label": mark.label,
    style: {
      left: share(mark.x0 - MARGIN, width),
      top: share(mark.y0 - MARGIN, height),
      width: share(mark.x1 - mark.x0 + 2 * MARGIN, width),
      height: share(mark.y1 - mark.y0 + 2 * MARGIN, height),
    },
  });
}
