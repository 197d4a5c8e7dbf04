// What is answered: how sure it is, the original text with where it stands, what can be done with it.

import { h } from "../core/dom.js";
import { duration, percent } from "../core/format.js";
import { link } from "../core/router.js";
import { may } from "../core/state.js";
import { speaks } from "../core/text.js";
import { button, linkButton } from "../parts/button.js";
import { copy } from "../parts/copy.js";
import { notice } from "../parts/notice.js";
import { quote } from "../parts/quote.js";
import texts from "../text/ask.js";
import { ratingButtons } from "./rating.js";
import { writtenPart } from "./written.js";

const t = speaks(texts);

/** @typedef {import("./asking.js").Answer} Answer @typedef {import("./asking.js").Block} Block */

/**
 * @param {string} kb
 * @param {{ question: string, after: string[], as_of: string }} asked
 * @param {Answer} answer
 * @param {ReturnType<typeof import("./viewer.js").viewer>} page
 */
export function answerPart(kb, asked, answer, page) {
  const found = answer.found ?? (answer.sentences.length > 0 || null);
  return h("div", { class: "stack" },
    understood(answer),
    status(answer, found),
    writtenPart(answer, page),
    found !== false && h("ol", { class: "ask-blocks" }, ...answer.blocks.map((block, at) => citation(block, at, answer, page))),
    answer.done && h("div", { class: "row is-between" },
      h("div", { class: "row" },
        found && button(t("copy"), () => copy(cited(answer)), { icon: "copy", small: true }),
        button(t("copyLink"), () => copy(location.href, t("linkCopied")), { icon: "link", small: true }),
        linkButton(t("explain"), link(["kb", kb, "explain"], [["q", asked.question], ["as_of", asked.as_of],
          ...asked.after.map((one) => /** @type {[string, string]} */ (["after", one]))]), { icon: "explain", small: true, look: "quiet" })),
      found && may("write", kb) && ratingButtons(kb, answer)));
}

/** How the question was read, where that is not how it was written. @param {Answer} answer */
function understood(answer) {
  const lines = [
    answer.completed && t("understood", { text: answer.completed }),
    ...(answer.corrected ?? []).map((one) => t("corrected", one)),
  ].filter(Boolean);
  return lines.length > 0 && h("p", { class: "muted small" }, lines.join(" · "));
}

/** @param {Answer} answer @param {boolean | null} found */
function status(answer, found) {
  if (found === null) return null;
  if (!found) {
    const near = answer.passages.length > 0;
    return notice("warning", h("strong", null, t("notFound")), h("p", null, near ? t("notFoundHelp") : t("nothingNear")));
  }
  if (!answer.done && !answer.confidence) return null;
  const [name, look] = sureness(answer.confidence);
  return h("div", { class: "row" },
    h("span", { class: `badge ${look}`, title: t("confidence", { share: percent(answer.confidence) }) }, t(name)),
    h("span", { class: "unseen" }, t("confidence", { share: percent(answer.confidence) })),
    answer.ms > 0 && h("span", { class: "faint" }, t("took", { time: duration(answer.ms) })));
}

/** The confidence in words, as the command line has them. @param {number} confidence @returns {["sure" | "likely" | "unsure", string]} */
function sureness(confidence) {
  if (confidence >= 0.8) return ["sure", "is-good"];
  return confidence >= 0.6 ? ["likely", "is-accent"] : ["unsure", "is-warning"];
}

/** @param {Block} block @param {number} at @param {Answer} answer @param {ReturnType<typeof import("./viewer.js").viewer>} page */
function citation(block, at, answer, page) {
  const shown = button(t("showOnPage"), () => page.show(at, true), { icon: "eye", small: true, look: "quiet", about: { "data-citation": at } });
  return h("li", { class: "ask-block", id: `citation-${at + 1}` },
    quote(block.layout, block.text),
    h("div", { class: "ask-source" },
      answer.blocks.length > 1 && h("span", { class: "ask-number" }, at + 1),
      h("p", { class: "grow" }, ...source(block)),
      shown));
}

/** Where a text stands, in words. @param {{ doc: string, title?: string | null, page: number | null, headings?: string[], also?: string[], path?: string | null, cells?: { sheet: string, range: string }[] }} of */
export function source(of) {
  const file = fileOf(of);
  const facts = [
    of.page && t("page", { n: of.page }),
    ...(of.cells ?? []).slice(0, 1).map((one) => `${one.sheet ? `${t("sheet", { name: one.sheet })} ` : ""}${t("cells", { range: one.range })}`),
    of.headings?.length && of.headings.join(" › "),
  ].filter(Boolean);
  const also = (of.also ?? []).map((one) => one.split("/").pop());
  return [h("cite", null, file), ...facts.map((one) => ` · ${one}`), also.length > 0 && h("span", { class: "faint" }, ` · ${t("also", { names: also.join("、") })}`)];
}

/** What a document's file is called. @param {{ doc: string, path?: string | null }} of */
export function fileOf(of) {
  return of.path?.split("/").pop() || of.doc;
}

/** The answer as text to be put elsewhere. @param {Answer} answer */
function cited(answer) {
  return answer.blocks.map((block) => {
    const where = [`《${fileOf(block)}》`, block.page && t("page", { n: block.page }), block.headings?.join(" › ")].filter(Boolean).join(" ");
    return `${block.text}\n—— ${where}`;
  }).join("\n\n");
}
