// Cuts the text of a passage into what a person may point at: sentences of running text, rows of a
// table. Each is a range of the passage's text, so that what is chosen is original text character by
// character. A table is shown as one where its lines can be told apart by the layout; else as lines.

/**
 * @typedef {[start: number, end: number]} Range in UTF-16 units of the passage's text
 * @typedef {{ ranges: Range[], labels: Range[], text: string, marks: Range[], cells: import("./quote.js").Cell[] | null }} Unit
 *   `marks` are the question's words in `text`, in characters
 * @typedef {{ kind: "text" | "table", about: import("./quote.js").TablePiece | null, head: Unit[], units: Unit[] }} Group
 */

/** Where a sentence ends: its marks, and what closes behind them. */
const END = /[。！？；!?;…]+[”’」』）)》"]*|\.(?=\s+[A-Z“"])/gu;

/**
 * @param {string} text of the passage
 * @param {import("./quote.js").Piece[] | undefined} layout
 * @returns {Group[]}
 */
export function quotable(text, layout) {
  const groups = [];
  let at = 0;
  const pieces = layout ?? [];
  for (let nth = 0; nth < pieces.length; nth += 1) {
    const piece = pieces[nth];
    if (piece.kind === "text") {
      if (!text.startsWith(piece.text, at)) return plain(text);
      groups.push(running(text, at, at + piece.text.length, piece.highlight));
      at += piece.text.length + 1;
      continue;
    }
    const next = pieces[nth + 1];
    const found = next?.kind === "text" ? text.indexOf(`\n${next.text}`, at) : text.length;
    // Two tables in a row cannot be told apart by their text alone.
    if (found < 0 || next?.kind === "table") return plain(text);
    groups.push(rows(text, at, found, piece) ?? running(text, at, found));
    at = found + 1;
  }
  return at >= text.length && groups.length ? groups : plain(text);
}

/** @param {string} text @returns {Group[]} */
function plain(text) {
  return [running(text, 0, text.length)];
}

/**
 * Lines of text, and in them sentences.
 * @param {string} text @param {number} start @param {number} end
 * @param {Range[]} [highlight] in characters from the start
 * @returns {Group}
 */
function running(text, start, end, highlight = []) {
  /** @type {Unit[]} */
  const units = [];
  for (const [from, to] of lines(text, start, end)) {
    const line = text.slice(from, to);
    let at = 0;
    for (const mark of line.matchAll(END)) {
      push(from + at, from + mark.index + mark[0].length);
      at = mark.index + mark[0].length;
    }
    push(from + at, to);
  }
  return { kind: "text", about: null, head: [], units };

  /** @param {number} from @param {number} to */
  function push(from, to) {
    const range = trimmed(text, from, to);
    if (!range) return;
    const own = text.slice(...range);
    const [before, length] = [Array.from(text.slice(start, range[0])).length, Array.from(own).length];
    const marks = highlight.map(([first, last]) => /** @type {Range} */ ([Math.max(first - before, 0), Math.min(last - before, length)]));
    units.push({ ranges: [range], labels: [], text: own, marks: marks.filter(([first, last]) => first < last), cells: null });
  }
}

/**
 * The lines of a table beside the rows of its layout. A line that is in a row's cells belongs to it;
 * a line that stands in front of a row and in no cell of it is the label that spans it.
 * @param {string} text @param {number} start @param {number} end
 * @param {import("./quote.js").TablePiece} table
 * @returns {Group | null} where they do not fit
 */
function rows(text, start, end, table) {
  const found = table.rows.map((row) => ({ row, own: bare(row.cells.map((cell) => cell.text).join("")),
    ranges: /** @type {Range[]} */ ([]), labels: /** @type {Range[]} */ ([]) }));
  /** @type {Range[]} */
  let waiting = [];
  let at = 0;
  for (const range of lines(text, start, end)) {
    const line = bare(text.slice(...range));
    const place = found.findIndex((row, nth) => nth >= at && row.own.includes(line));
    if (!line) continue;
    if (place < 0) {
      waiting.push(range);
      continue;
    }
    found[place].ranges.push(range);
    found[place].labels.push(...waiting);
    waiting = [];
    at = place;
  }
  if (waiting.length || found.some((row) => !row.ranges.length)) return null;
  const unit = (/** @type {typeof found[0]} */ one) => ({ ranges: one.ranges, labels: one.labels, marks: [], cells: one.row.cells,
    text: one.row.cells.map((cell) => cell.text).filter(Boolean).join(" · ") });
  const units = found.filter((one) => !one.row.header).map(unit);
  if (!units.length) return null;
  return { kind: "table", about: table, head: found.filter((one) => one.row.header).map(unit), units };
}

/** @param {string} text */
function bare(text) {
  return text.replace(/\s+/gu, "");
}

/** @param {string} text @param {number} start @param {number} end @returns {Range[]} */
function lines(text, start, end) {
  const out = [];
  let at = start;
  while (at < end) {
    const next = text.indexOf("\n", at);
    const to = next < 0 || next > end ? end : next;
    if (text.slice(at, to).trim()) out.push(/** @type {Range} */ ([at, to]));
    at = to + 1;
  }
  return out;
}

/** @param {string} text @param {number} from @param {number} to @returns {Range | null} */
function trimmed(text, from, to) {
  const own = text.slice(from, to);
  if (!own.trim()) return null;
  return [from + own.length - own.trimStart().length, to - (own.length - own.trimEnd().length)];
}

/**
 * The original text of the units that were chosen: neighbours as one stretch, others line by line.
 * Rows of a table have its header in front, as in an answer.
 * @param {string} text @param {Group[]} groups @param {Set<Unit>} chosen
 */
export function quoted(text, groups, chosen) {
  /** @type {Range[]} */
  const ranges = [];
  for (const group of groups) {
    const own = group.units.filter((unit) => chosen.has(unit));
    if (!own.length) continue;
    group.head.forEach((unit) => ranges.push(...unit.ranges));
    const said = (/** @type {Range} */ label) => ranges.some((range) => bare(text.slice(...range)).startsWith(bare(text.slice(...label))));
    for (const unit of own) {
      unit.labels.filter((label) => !said(label)).forEach((label) => ranges.push(label));
      ranges.push(...unit.ranges);
    }
  }
  /** @type {Range[]} */
  const joined = [];
  for (const [start, end] of ranges) {
    const last = joined[joined.length - 1];
    if (last && start >= last[1] && /^[^\S\n]*$/u.test(text.slice(last[1], start))) last[1] = end;
    else joined.push([start, end]);
  }
  return joined.map((range) => text.slice(...range)).join("\n");
}

/**
 * A text that was quoted from a passage, laid out as the passage is: its lines are looked for among
 * the passage's.
 * @param {string} own the quoted text
 * @param {{ text: string, layout?: import("./quote.js").Piece[] }} passage
 * @returns {import("./quote.js").Piece[] | null} where it is not of the passage, or no table
 */
export function laidOut(own, { text, layout }) {
  const wanted = new Set(own.split("\n").map(bare).filter(Boolean));
  if (!layout || ![...wanted].every((line) => bare(text).includes(line))) return null;
  const pieces = [];
  for (const group of quotable(text, layout)) {
    if (group.kind === "text") {
      const lines = [...wanted].filter((line) => group.units.some((unit) => line.includes(bare(unit.text)) || bare(unit.text).includes(line)));
      const whole = own.split("\n").filter((line) => lines.includes(bare(line)));
      if (whole.length) pieces.push(/** @type {const} */ ({ kind: "text", text: whole.join("\n") }));
      continue;
    }
    const has = (/** @type {Unit} */ unit) => unit.ranges.every(([start, end]) => wanted.has(bare(text.slice(start, end))));
    const row = (/** @type {boolean} */ header) => (/** @type {Unit} */ unit) => ({ header, cells: unit.cells ?? [] });
    const rows = [...group.head.filter(has).map(row(true)), ...group.units.filter(has).map(row(false))];
    if (group.about && rows.length) pieces.push({ ...group.about, rows });
  }
  return pieces.some((piece) => piece.kind === "table") ? pieces : null;
}
