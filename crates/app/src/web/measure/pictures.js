// The pictures of an evaluation, or of two laid over each other.

import { number, percent } from "../core/format.js";
import { speaks } from "../core/text.js";
import { chart } from "../parts/chart.js";
import { bars, columns, reliability, steps } from "../parts/plots.js";
import texts from "../text/measure.js";
import { byDepth, byKind, byLength, byType } from "./figures.js";

const t = speaks(texts);

/** @typedef {import("./figures.js").Report} Report */
/** @typedef {import("../parts/plots.js").Group} Group */

/**
 * @param {Report[]} reports one or two
 * @param {string[]} series what they are called
 * @param {AbortSignal} signal
 */
export function pictures(reports, series, signal) {
  const score = (/** @type {number} */ value) => number(value, 1);
  const count = (/** @type {number} */ value) => number(value);
  const share = (/** @type {number} */ value) => percent(value, 1);
  const kinds = byKind(reports);
  const types = byType(reports);
  const depths = byDepth(reports);
  const lengths = byLength(reports);
  const all = { series, signal };
  return [
    chart({ ...all, title: t("byKind"), about: t("byKindAbout"), ...table(kinds, t("kind"), t("meanScore"), score, series),
      draw: bars(kinds, { most: 100, shown: score }) }),
    types.length > 0 && chart({ ...all, title: t("byType"), about: t("byTypeAbout"), ...table(types, t("kind"), t("meanScore"), score, series),
      draw: bars(types, { most: 100, shown: score }) }),
    reliabilityChart(reports, all),
    chart({ ...all, title: t("recall"), about: t("recallAbout"), ...table(depths, t("depth"), t("found"), share, series),
      draw: steps(depths, { shown: (value) => percent(value) }) }),
    chart({ ...all, title: t("lengths"), about: t("lengthsAbout"), ...table(lengths, t("ratio"), t("count"), count, series),
      draw: columns(lengths, { shown: count }) }),
  ];
}

/**
 * The table of a picture, and what it says in a sentence.
 * @param {Group[]} groups @param {string} first head of the table @param {string} second where there is one series
 * @param {(value: number) => string} shown @param {string[]} series
 */
function table(groups, first, second, shown, series) {
  const cell = (/** @type {number | null} */ value) => (value === null ? t("notMeasured") : shown(value));
  const rows = groups.map(({ label, values }) => [label, ...values.map(cell)]);
  return {
    head: [first, ...(series.length > 1 ? series : [second])],
    rows,
    summary: rows.map(([label, ...values]) => t("says", { label, value: values.join(" / ") })).join("; "),
  };
}

/** @param {Report[]} reports @param {{ series: string[], signal: AbortSignal }} all */
function reliabilityChart(reports, all) {
  const bins = reports.map((report) => report.calibration?.bins ?? []);
  if (bins.every((own) => !own.length)) return null;
  const several = reports.length > 1;
  const rows = bins.flatMap((own, at) => own.map((bin) => [
    ...(several ? [all.series[at]] : []), percent(bin.confidence), percent(bin.right), number(bin.answers)]));
  const head = [...(several ? [t("name")] : []), t("confidence"), t("right"), t("answers")];
  return chart({
    ...all, title: t("reliability"), about: t("reliabilityAbout"), head, rows,
    summary: rows.map((row) => row.join(" ")).join("; "),
    draw: reliability(bins, { across: t("confidence"), upwards: t("right"), sizes: t("answers") }),
  });
}
