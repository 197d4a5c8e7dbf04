// What the reader says of a file, in the words of who uploaded it: the reason, and what to do. The
// reader writes English sentences; those that are not known here are shown as they are.

import { chosen, speaks } from "../core/text.js";
import texts from "../text/problems.js";

const t = speaks(texts);

/**
 * @typedef {keyof typeof texts.zh} Name
 */

/** Each sentence with the names of what its groups say. @type {[RegExp, Name, ...string[]][]} */
const SENTENCES = [
  [/^the file is empty/, "empty"],
  [/^there is no text in it/, "noText"],
  [/it is an old Office document \(\.(\w*)\)/, "oldOffice", "extension"],
  [/it is an OpenDocument text or presentation/, "openDocument"],
  [/protected by a password/, "protected"],
  [/^the PDF is encrypted/, "encrypted"],
  [/it is a (RAR|7z) archive/, "otherArchive", "what"],
  [/it is a picture or film/, "otherPicture"],
  [/it is rich text/, "richText"],
  [/it is binary data/, "binary"],
  [/it is a ZIP archive without a file that is read: (.*)/, "emptyArchive", "names"],
  [/its end is missing|it ends too early/, "cutOff"],
  [/^the (.+?) is damaged or cut off/, "damaged", "what"],
  [/^not a document that can be read/, "unknown"],
  [/takes more than (\d+) MB of memory/, "memory", "most"],
  [/takes more than ([\d.]+) s;/, "time", "most"],
  [/^larger than (\d+) MB/, "tooLarge", "most"],
  [/^more than (\d+) MB come out|unpacks to (?:more than|too much)|are too large; unpack/, "unpacksLarge"],
  [/holds (\d+) files, more than/, "tooManyFiles", "count"],
  [/the reader crashed on it/, "crashed"],
  [/its stored copy is damaged/, "copyDamaged"],
  [/its copy could not be written/, "notWritten"],
  [/needs OCR, which went wrong/, "ocrFailed"],
  [/^the page is a picture and needs OCR/, "pageNeedsOcr"],
  [/^the slide is a picture without text/, "pageNeedsOcr"],
  [/it needs OCR/, "needsOcr"],
  [/^the page is a picture in which no text was found/, "pictureNoText"],
  [/^OCR is only (\d+) % sure/, "ocrUnsure", "percent"],
  [/^pages? (.+) (?:was|were) read by OCR/, "readByOcr", "pages"],
  [/^text at (\d+) places of the page is too unclear/, "unclear", "count"],
  [/^the page could not be read/, "pageUnread"],
  [/^only the first (\d+) characters of the page/, "pageCut", "count"],
  [/^(\d+) characters have no Unicode value/, "noUnicode", "count"],
  [/^one character could not be read/, "oneBroken"],
  [/^(\d+) characters could not be read/, "broken", "count"],
  [/^(\d+) characters that the page hides/, "hiddenText", "count"],
  [/^the page only shows other pages in frames/, "frames"],
  [/^(\d+) comments were left out/, "comments", "count"],
  [/^(\d+) embedded objects were left out/, "embedded", "count"],
  [/^(\d+) formulas have no stored result/, "formulas", "count"],
  [/^the slide is hidden/, "hiddenSlide"],
  [/a chart of a newer kind was left out/, "newChart"],
  [/^read although hidden: the sheet (.*)/, "hiddenSheets", "names"],
  [/^not read, as there are only charts or pictures on it: the sheet (.*)/, "chartSheets", "names"],
  [/^damaged or cut off, and read up to there: the sheet (.*)/, "damagedSheets", "names"],
  [/^(\d+) cells lie under a merged cell/, "covered", "count"],
  [/^(\d+) files in the archive were .*password: (.*)/, "membersProtected", "count", "names"],
  [/^(\d+) files in the archive were .*no kind that is read: (.*)/, "membersUnknown", "count", "names"],
  [/^(\d+) files in the archive were .*(?:empty): (.*)/, "membersEmpty", "count", "names"],
  [/^(\d+) files in the archive were .*?: (.*)/, "membersUnread", "count", "names"],
  [/^the embedded file (.+) was left out/, "embeddedFile", "names"],
  [/the rest was not read|only the first .* (?:were|are) read|only its beginning was read/, "restUnread"],
];

/** One sentence of the reader. @param {string} sentence @returns {{ reason: string, hint: string } | null} */
function known(sentence) {
  for (const [pattern, name, ...groups] of SENTENCES) {
    const found = pattern.exec(sentence);
    if (!found) continue;
    const values = Object.fromEntries(groups.map((group, at) => [group, found[at + 1] ?? ""]));
    const hint = /** @type {Name} */ (`${name}Hint`);
    return { reason: t(name, values), hint: hint in texts.zh ? t(hint, values) : "" };
  }
  return null;
}

/** What went wrong with a file, and with files inside it, a sentence each. @param {string} problem @returns {string[]} */
export function explained(problem) {
  return problem.split("\n").filter(Boolean).map((line) => {
    const at = line.indexOf(": ");
    const whole = known(line);
    const rest = !whole && at > 0 ? known(line.slice(at + 2)) : null;
    if (rest) return t("ofFile", { file: line.slice(0, at), what: joined(rest) });
    return whole ? joined(whole) : asIs(line);
  });
}

/** @param {{ reason: string, hint: string }} found */
function joined({ reason, hint }) {
  return [reason, hint].filter(Boolean).join(chosen() === "en" ? " " : "");
}

/** A sentence that is not known here. @param {string} line */
function asIs(line) {
  return t("asIs", { sentence: line });
}

/** A warning of the reader. @param {string} message @returns {string} */
export function warningInWords(message) {
  const found = chosen() === "en" ? null : known(message);
  return found ? joined(found) : asIs(message);
}
