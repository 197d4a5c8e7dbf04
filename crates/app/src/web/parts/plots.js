// Drawings for `chart`: bars, columns, a line over steps, the reliability curve. Each takes one or
// two series; the second is hatched, dashed and square, so that no colour is needed to tell them
// apart. A value that is not there (`null`) is left out.

import { id, s } from "../core/dom.js";
import { dot } from "./chart.js";

/** @typedef {{ label: string, values: (number | null)[] }} Group a label with the value of each series */
/** @typedef {{ answers: number, confidence: number, right: number }} Bin */
/** @typedef {import("./chart.js").Drawing} Drawing */

/** @param {number} x @param {number} y @param {string} words @param {Record<string, any>} [about] */
const label = (x, y, words, about) => s("text", { class: "plot-text", x, y, ...about }, words);

/** About how wide a label is. @param {string} words */
const widthOf = (words) => Array.from(words).reduce((sum, letter) => sum + (letter > "\u2E80" ? 12.5 : 7), 0);

/** The hatching of a second series, and how it is referred to. */
function hatching() {
  const name = id("hatch");
  const pattern = s("pattern", { id: name, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    s("rect", { class: "plot-hatch-ground", width: 6, height: 6 }), s("rect", { class: "plot-hatch", width: 2.5, height: 6 }));
  return { pattern: s("defs", null, pattern), fill: `url(#${name})` };
}

/** @param {number} at @param {string} fill of the second @param {Record<string, number>} place */
const bar = (at, fill, place) =>
  s("rect", { class: `plot-bar is-${at}`, fill: at ? fill : undefined, rx: 2, ...place });

/**
 * Bars that lie; a full one stands for `most`.
 * @param {Group[]} groups @param {{ most: number, shown: (value: number) => string }} how @returns {(width: number) => Drawing}
 */
export function bars(groups, { most, shown }) {
  return (width) => {
    const two = (groups[0]?.values.length ?? 1) > 1;
    const [thick, gap] = two ? [12, 14] : [16, 12];
    const longest = Math.max(...groups.map((group) => widthOf(group.label)));
    const left = Math.min(longest + 14, Math.round(width * 0.4));
    const long = width - left - 52;
    const { pattern, fill } = hatching();
    const parts = [pattern];
    let y = 0;
    for (const group of groups) {
      const tall = thick * group.values.length + (two ? 2 : 0);
      parts.push(label(0, y + tall / 2 + 4.5, group.label));
      group.values.forEach((value, at) => {
        const top = y + at * (thick + 2);
        parts.push(s("rect", { class: "plot-track", x: left, y: top, width: long, height: thick, rx: 2 }));
        if (value === null) return;
        const share = Math.min(1, Math.max(0, value / most));
        parts.push(bar(at, fill, { x: left, y: top, width: Math.max(share * long, value > 0 ? 2 : 0), height: thick }),
          label(left + long + 8, top + thick / 2 + 4.5, shown(value), { class: "plot-text is-value" }));
      });
      y += tall + gap;
    }
    return { height: Math.max(y - gap, 0) + 2, parts };
  };
}

/**
 * Columns that stand, each with its value on top.
 * @param {Group[]} groups @param {{ shown: (value: number) => string }} how @returns {(width: number) => Drawing}
 */
export function columns(groups, { shown }) {
  return (width) => {
    const [top, tall, foot] = [20, 170, 26];
    const most = Math.max(1, ...groups.flatMap((group) => group.values.map((value) => value ?? 0)));
    const step = width / groups.length;
    const { pattern, fill } = hatching();
    const base = top + tall;
    const parts = [pattern, s("line", { class: "plot-axis", x1: 0, x2: width, y1: base, y2: base })];
    groups.forEach((group, place) => {
      const each = Math.min(44, (step * 0.72) / group.values.length);
      const begin = step * (place + 0.5) - (each * group.values.length) / 2;
      group.values.forEach((value, at) => {
        if (value === null) return;
        const long = (value / most) * tall;
        const x = begin + at * each;
        parts.push(bar(at, fill, { x: x + 1, y: base - long, width: each - 2, height: long }),
          label(x + each / 2, base - long - 6, shown(value), { class: "plot-text is-value", "text-anchor": "middle" }));
      });
      parts.push(label(step * (place + 0.5), base + 19, group.label, { "text-anchor": "middle" }));
    });
    return { height: base + foot, parts };
  };
}

/**
 * The frame of a plot from 0 to 1 upwards, and where a point lies in it.
 * @param {{ left: number, top: number, width: number, height: number }} box
 */
function frame({ left, top, width, height }) {
  const up = (/** @type {number} */ value) => top + height * (1 - value);
  const parts = [0, 0.25, 0.5, 0.75, 1].flatMap((value) => [
    s("line", { class: value ? "plot-grid" : "plot-axis", x1: left, x2: left + width, y1: up(value), y2: up(value) }),
    label(left - 8, up(value) + 4.5, `${value * 100}%`, { "text-anchor": "end" })]);
  return { parts, up };
}

/** @param {[number, number][]} points @param {number} at */
const line = (points, at) =>
  s("polyline", { class: `plot-line is-${at}`, points: points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ") });

/**
 * Shares (0 to 1) over steps.
 * @param {Group[]} groups one a step @param {{ shown: (value: number) => string }} how @returns {(width: number) => Drawing}
 */
export function steps(groups, { shown }) {
  return (width) => {
    const box = { left: 46, top: 22, width: width - 46 - 20, height: 170 };
    const { parts, up } = frame(box);
    const across = (/** @type {number} */ place) => box.left + (box.width * (place + 0.5)) / groups.length;
    const count = groups[0]?.values.length ?? 0;
    // The second lies below the first, so that the first is never hidden.
    for (let at = count - 1; at >= 0; at -= 1) {
      const own = groups.flatMap(({ values }, place) => (typeof values[at] === "number" ? [{ place, value: Number(values[at]) }] : []));
      parts.push(line(own.map(({ place, value }) => [across(place), up(value)]), at),
        ...own.map(({ place, value }) => dot(across(place), up(value), 4.5, at)),
        ...own.map(({ place, value }) => {
          // Beside each other the higher one is named above, the lower below.
          const other = count > 1 ? (groups[place].values[1 - at] ?? -1) : -1;
          const below = value < other || (value === other && at === 1);
          if (value === other && at === 1) return null;
          return label(across(place), up(value) + (below ? 20 : -11), shown(value), { class: "plot-text is-value", "text-anchor": "middle" });
        }));
    }
    groups.forEach((group, place) => parts.push(label(across(place), box.top + box.height + 20, group.label, { "text-anchor": "middle" })));
    return { height: box.top + box.height + 30, parts };
  };
}

/**
 * The reliability curve: the share of right answers over what was said of them, against the
 * diagonal of honest confidences; below it how many answers a point stands for.
 * @param {Bin[][]} series @param {{ across: string, upwards: string, sizes: string }} names @returns {(width: number) => Drawing}
 */
export function reliability(series, names) {
  return (width) => {
    const strip = 46;
    const box = { left: 46, top: 26, width: width - 46 - 14, height: 190 };
    const { parts, up } = frame(box);
    const across = (/** @type {number} */ value) => box.left + box.width * value;
    const foot = box.top + box.height;
    const { pattern, fill } = hatching();
    parts.push(pattern, label(0, 12, names.upwards),
      s("line", { class: "plot-diagonal", x1: across(0), y1: up(0), x2: across(1), y2: up(1) }));
    for (const value of [0, 0.25, 0.5, 0.75, 1]) {
      parts.push(label(across(value), foot + 18, `${value * 100}%`, { "text-anchor": value === 1 ? "end" : "middle" }));
    }
    parts.push(label(across(1), foot + 36, names.across, { "text-anchor": "end" }));
    const most = Math.max(1, ...series.flat().map((bin) => bin.answers));
    const base = foot + 36 + 20 + strip;
    parts.push(label(0, foot + 36, names.sizes), s("line", { class: "plot-axis", x1: box.left, x2: box.left + box.width, y1: base, y2: base }));
    [...series.keys()].reverse().forEach((at) => {
      const bins = series[at];
      parts.push(line(bins.map((bin) => [across(bin.confidence), up(bin.right)]), at),
        ...bins.map((bin) => dot(across(bin.confidence), up(bin.right), 4.5, at)));
      const each = Math.min(26, (box.width / 10) * 0.8) / series.length;
      for (const bin of bins) {
        const tenth = Math.min(9, Math.floor(bin.confidence * 10));
        const middle = box.left + (box.width * (tenth + 0.5)) / 10;
        const x = middle + each * (at - series.length / 2);
        const long = (bin.answers / most) * (strip - 8);
        parts.push(bar(at, fill, { x: x + 0.5, y: base - long, width: each - 1, height: long }));
        if (series.length === 1) parts.push(label(middle, base - long - 5, String(bin.answers), { class: "plot-text is-value", "text-anchor": "middle" }));
      }
    });
    return { height: base + 4, parts };
  };
}
