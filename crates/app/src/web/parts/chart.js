// A picture of figures: its title, what it shows in words, the drawing, and the figures themselves
// as a table for who cannot see it or wants to copy them. It is drawn anew for the width that it
// gets, so that its letters have the size of all others.

import { h, id, put, s } from "../core/dom.js";
import { speaks } from "../core/text.js";
import texts from "../text/chart.js";

const t = speaks(texts);

/** @typedef {{ height: number, parts: any[] }} Drawing */

/**
 * @typedef {object} Chart
 * @property {string} title
 * @property {string} about how it is to be read
 * @property {string} summary what it shows, for who cannot see it
 * @property {string[]} [series] names of what is laid over each other; one needs none
 * @property {string[]} head of the table
 * @property {string[][]} rows of the table
 * @property {(width: number) => Drawing} draw
 * @property {AbortSignal} signal ends it
 */

/** In less room than this, in pixels, a picture is cut off. */
const NARROWEST = 240;

/** @param {Chart} about @returns {HTMLElement} */
export function chart({ title, about, summary, series = [], head, rows, draw, signal }) {
  const plot = h("div", { class: "chart-plot" });
  const name = id("chart");
  let drawn = 0;
  const watch = new ResizeObserver(() => {
    const width = Math.max(Math.floor(plot.clientWidth), NARROWEST);
    if (!plot.clientWidth || width === drawn) return;
    drawn = width;
    const { height, parts } = draw(width);
    put(plot, s("svg", { role: "img", "aria-labelledby": `${name} ${name}-says`, width, height, viewBox: `0 0 ${width} ${height}` }, ...parts));
  });
  watch.observe(plot);
  signal.addEventListener("abort", () => watch.disconnect());
  return h("figure", { class: "card chart" },
    h("figcaption", null, h("h3", { id: name }, title), h("p", { class: "help" }, about)),
    series.length > 1 && legend(series),
    plot,
    h("p", { class: "unseen", id: `${name}-says` }, summary),
    h("details", null, h("summary", { class: "small" }, t("asTable")),
      h("div", { class: "scroll" }, figures(title, head, rows))));
}

/** What is drawn how. @param {string[]} series */
export function legend(series) {
  return h("ul", { class: "legend" }, ...series.map((name, at) => h("li", null,
    s("svg", { width: 26, height: 12, viewBox: "0 0 26 12", "aria-hidden": "true" },
      s("line", { class: `plot-line is-${at}`, x1: 0, y1: 6, x2: 26, y2: 6 }), dot(13, 6, 4, at)),
    name)));
}

/** A point of a series: round, or square for the second. @param {number} x @param {number} y @param {number} size @param {number} at */
export function dot(x, y, size, at) {
  return at === 0
    ? s("circle", { class: "plot-dot is-0", cx: x, cy: y, r: size })
    : s("rect", { class: "plot-dot is-1", x: x - size, y: y - size, width: 2 * size, height: 2 * size });
}

/** @param {string} title @param {string[]} head @param {string[][]} rows */
function figures(title, head, rows) {
  return h("table", { class: "list small" }, h("caption", { class: "unseen" }, title),
    h("thead", null, h("tr", null, ...head.map((one, at) => h("th", { scope: "col", class: at ? "is-number" : undefined }, one)))),
    h("tbody", null, ...rows.map((row) => h("tr", null,
      ...row.map((cell, at) => (at ? h("td", { class: "is-number" }, cell) : h("th", { scope: "row" }, cell)))))));
}
