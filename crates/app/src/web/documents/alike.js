// Which of two versions' texts belong together, and where two that do differ. Characters are
// compared, as Chinese has no words to go by; long texts are not compared in detail.

/** @typedef {import("../parts/quote.js").Range} Range */

/** Texts belong together that share so much, 0 to 1. */
const ALIKE = 0.4;
/** Longer texts are not compared character by character: the work grows with the square. */
const LONGEST = 1500;
/** Shorter stretches in common are taken for chance. */
const SHORTEST = 2;

/** @param {string} text */
function twos(text) {
  const all = Array.from(text);
  return new Set(all.slice(1).map((character, at) => all[at] + character));
}

/** How much two texts share, 0 to 1 (Dice's coefficient of pairs of characters). @param {Set<string>} one @param {Set<string>} other */
function share(one, other) {
  let common = 0;
  one.forEach((pair) => (common += other.has(pair) ? 1 : 0));
  return (2 * common) / Math.max(1, one.size + other.size);
}

/** Texts that belong together, each at most once, the most alike first. @param {string[]} before @param {string[]} after @returns {[number, number][]} */
export function pairs(before, after) {
  const [left, right] = [before.map(twos), after.map(twos)];
  const all = left.flatMap((one, at) => right.map((other, to) => ({ at, to, share: share(one, other) })));
  const [usedLeft, usedRight] = [new Set(), new Set()];
  /** @type {[number, number][]} */
  const found = [];
  for (const { at, to, share: much } of all.sort((one, other) => other.share - one.share)) {
    if (much < ALIKE) break;
    if (usedLeft.has(at) || usedRight.has(to)) continue;
    usedLeft.add(at);
    usedRight.add(to);
    found.push([at, to]);
  }
  return found;
}

/** Which characters of two texts are not in the other (longest common subsequence). @param {string} before @param {string} after @returns {[Range[], Range[]]} */
export function ranges(before, after) {
  const [left, right] = [Array.from(before), Array.from(after)];
  if (left.length > LONGEST || right.length > LONGEST) return [[], []];
  const width = right.length + 1;
  const longest = new Uint16Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] = left[i] === right[j] ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const [keptLeft, keptRight] = [new Uint8Array(left.length), new Uint8Array(right.length)];
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    let same = 0;
    while (i + same < left.length && left[i + same] === right[j + same]) same += 1;
    if (same > 0) {
      const edge = i === 0 || i + same === left.length;
      if (same >= SHORTEST || edge) {
        keptLeft.fill(1, i, i + same);
        keptRight.fill(1, j, j + same);
      }
      i += same;
      j += same;
    } else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) i += 1;
    else j += 1;
  }
  return [lost(keptLeft), lost(keptRight)];
}

/** @param {Uint8Array} kept @returns {Range[]} */
function lost(kept) {
  /** @type {Range[]} */
  const all = [];
  kept.forEach((is, at) => {
    const last = all.at(-1);
    if (is) return;
    if (last && last[1] === at) last[1] = at + 1;
    else all.push([at, at + 1]);
  });
  return all;
}
