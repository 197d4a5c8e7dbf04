// The passages that were considered, each with why it stands where it stands.

import { h } from "../core/dom.js";
import { speaks } from "../core/text.js";
import { button } from "../parts/button.js";
import { quote, wordsOf } from "../parts/quote.js";
import { whyRanked } from "../parts/signals.js";
import texts from "../text/ask.js";
import { source } from "./answer.js";

const t = speaks(texts);

/** So many of the words that matched are listed. */
const MOST_WORDS = 8;

/** @param {string} kb @param {import("./asking.js").Answer} answer @param {ReturnType<typeof import("./viewer.js").viewer>} page */
export function passageList(kb, answer, page) {
  if (!answer.passages.length) return null;
  const none = answer.found === false;
  const list = h("ol", { class: "ask-passages" }, ...answer.passages.map((one) => item(one, page)));
  const head = [none ? t("nearest") : t("passages"), h("span", { class: "faint" }, ` ${answer.passages.length} · ${t("passagesHelp")}`)];
  if (none) return h("section", null, h("h2", null, ...head), list);
  return h("details", { class: "ask-considered" }, h("summary", null, h("h2", null, ...head)), list);
}

/** @param {import("./asking.js").Passage} passage @param {ReturnType<typeof import("./viewer.js").viewer>} page */
function item(passage, page) {
  const words = wordsOf(passage.layout);
  const text = h("div", { class: "ask-passage-text is-cut" }, quote(passage.layout, passage.text, { small: true }));
  const more = button(t("expand"), () => {
    const cut = text.classList.toggle("is-cut");
    more.setAttribute("aria-expanded", String(!cut));
    /** @type {Element} */ (more.lastElementChild).textContent = cut ? t("expand") : t("collapse");
  }, { small: true, look: "quiet", about: { "aria-expanded": "false" } });
  requestAnimationFrame(() => (more.hidden = text.scrollHeight <= text.clientHeight + 4));
  return h("li", null,
    h("p", { class: "ask-passage-source small" }, ...source(passage)),
    text,
    words.length > 0 && h("p", { class: "faint" }, t("words", { words: words.slice(0, MOST_WORDS).join("、") })),
    h("div", { class: "row is-between" },
      h("ul", { class: "row ask-why" }, ...whyRanked(passage).map((one) => h("li", { class: "badge" }, one))),
      h("div", { class: "row" }, more,
        passage.document && button(t("showOnPage"), () => page.showPassage(passage), { small: true, look: "quiet", icon: "eye" }))));
}
