// A page that cannot be drawn: where its blocks stand, with their text in little. A picture that a
// browser can show is shown itself.

import { blob, path } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { place } from "../parts/sheet.js";
import { around } from "./items.js";

/** Text is not drawn larger, in points. */
const LARGEST = 26;

/** @param {{ kb: string, one: import("./types.js").Doc, size: import("./types.js").Size, signal: AbortSignal }} about */
export function sketch({ kb, one, size, signal }) {
  const under = h("div", { class: "sketch-text", "aria-hidden": "true" });
  const over = h("div", { class: "sheet-marks", "aria-hidden": "true" });
  const element = h("div", { class: "sheet is-sketch", style: { "aspect-ratio": `${size.width} / ${size.height}` } }, under, over);
  let url = "";
  const isImage = /\.(png|jpe?g)$/i.test(one.file);
  if (isImage) show();

  async function show() {
    try {
      url = URL.createObjectURL(await blob(path`/kbs/${kb}/documents/${one.id}/content`, {}, signal));
      element.prepend(h("img", { src: url, alt: one.file }));
    } catch {
      // The text in its places is shown then.
    }
  }

  return {
    element,
    /** @param {import("../parts/sheet.js").Mark[]} marks */
    mark(marks) {
      put(over, ...marks.filter((mark) => mark.page === size.page).map((mark) => place(mark, size)));
    },
    /** Draws the text of the blocks. @param {import("./types.js").Block[]} blocks */
    fill(blocks) {
      if (isImage) return;
      // The paragraphs of one shape have its box, each of them; smaller shapes lie over larger ones.
      /** @type {Map<string, { box: import("./types.js").Box, words: string[] }>} */
      const shapes = new Map();
      for (const block of blocks) {
        const [box] = around(block.boxes.filter((one) => one.page === size.page));
        if (!box) continue;
        const shape = shapes.get(JSON.stringify(box)) ?? { box, words: [] };
        shape.words.push(block.text);
        shapes.set(JSON.stringify(box), shape);
      }
      const area = (/** @type {import("./types.js").Box} */ box) => (box.x1 - box.x0) * (box.y1 - box.y0);
      const all = [...shapes.values()].sort((one, other) => area(other.box) - area(one.box));
      put(under, ...all.map(({ box, words }) => text(words.join("\n"), box)));
    },
    end() {
      if (url) URL.revokeObjectURL(url);
    },
  };

  /** @param {string} words @param {import("./types.js").Box} box */
  function text(words, box) {
    const [width, height] = [box.x1 - box.x0, box.y1 - box.y0];
    const fit = Math.min(LARGEST, height / 1.6, Math.sqrt((width * height) / Math.max(1, Array.from(words).length)) * 0.8);
    const share = (/** @type {number} */ part, /** @type {number} */ whole) => `${((part / whole) * 100).toFixed(3)}%`;
    return h("div", { style: {
      left: share(box.x0, size.width), top: share(box.y0, size.height), width: share(width, size.width), height: share(height, size.height),
      "font-size": `${((fit / size.width) * 100).toFixed(3)}cqw`,
    } }, words);
  }
}
