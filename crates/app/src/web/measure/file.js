// Takes a file of labelled questions, dropped or chosen, and says what is in it.

import { get, path } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import { button } from "../parts/button.js";
import { icon } from "../parts/icon.js";
import { notice } from "../parts/notice.js";
import labelTexts from "../text/labels.js";
import texts from "../text/measure.js";
import { save } from "../parts/save.js";
import { example, readLabels, WrongLabels } from "./labels.js";

const t = speaks(texts);
const l = speaks(labelTexts);

/** So many names are spelled out. */
const NAMED = 5;
/** In larger knowledge bases the names are not looked up. */
const MOST_DOCUMENTS = 5000;

/** @param {string} kb */
export function labelFile(kb) {
  /** @type {import("./labels.js").Labels | null} */
  let labels = null;
  const input = h("input", { type: "file", accept: ".jsonl,.ndjson,.json,.txt", class: "unseen", tabindex: -1, "aria-hidden": "true",
    onchange: () => input.files[0] && take(input.files[0]) });
  const said = h("div", { class: "drop-said", "aria-live": "polite" });
  const zone = h("div", { class: "drop", ondragover: over, ondragleave: () => zone.classList.remove("is-over"), ondrop: dropped }, said, input);
  const element = h("div", { class: "stack is-tight" }, zone,
    h("div", { class: "row start-help" },
      button(t("example"), () => save(new Blob([example()], { type: "application/x-ndjson" }), "questions.jsonl"), { icon: "download", look: "quiet", small: true }),
      formatHelp()));
  offer();

  function offer() {
    put(said, icon("upload", 22), h("span", { class: "muted" }, t("drop")), button(t("choose"), () => input.click(), { small: true }));
  }

  /** @param {DragEvent} event */
  function over(event) {
    event.preventDefault();
    zone.classList.add("is-over");
  }

  /** @param {DragEvent} event */
  function dropped(event) {
    event.preventDefault();
    zone.classList.remove("is-over");
    const file = event.dataTransfer?.files[0];
    if (file) take(file);
  }

  /** @param {File} file */
  async function take(file) {
    labels = null;
    input.value = "";
    const again = button(t("otherFile"), () => input.click(), { small: true });
    try {
      const own = readLabels(await file.text());
      labels = own;
      put(said, icon("check", 20), h("div", { class: "grow" }, h("p", null, h("b", null, t("chosen", { name: file.name, n: own.questions }))),
        own.unlabelled > 0 && h("p", { class: "help" }, t("unlabelled", { n: own.unlabelled }))), again);
      if (own.twice.length) said.append(notice("warning", t("twice", { ids: listed(own.twice) })));
      const missing = await missingDocuments(kb, own.documents);
      if (labels === own && missing.length) said.append(notice("warning", t("unknownDocs", { names: listed(missing) })));
    } catch (error) {
      put(said, notice("danger", h("p", null, file.name), h("p", null, error instanceof WrongLabels ? error.message : inWords(error))), again);
    }
  }

  return { element, labels: () => labels };
}

/** @param {string[]} names */
function listed(names) {
  const some = names.slice(0, NAMED).join(t("comma"));
  return names.length > NAMED ? `${some} ${t("andMore", { n: names.length })}` : some;
}

/** Which documents of the labels the knowledge base lacks. @param {string} kb @param {string[]} names @returns {Promise<string[]>} */
async function missingDocuments(kb, names) {
  const wanted = new Set(names);
  let cursor;
  let seen = 0;
  do {
    const page = await get(path`/kbs/${kb}/documents`, { limit: 500, cursor });
    if (page.total > MOST_DOCUMENTS) return [];
    for (const document of page.documents) wanted.delete(document.name);
    seen += page.documents.length;
    cursor = page.next_cursor;
  } while (cursor && wanted.size && seen < MOST_DOCUMENTS);
  return [...wanted];
}

const FIELDS = /** @type {const} */ (["id", "question", "blocks", "alternatives", "keywords", "kw_weight", "difficulty", "type"]);

function formatHelp() {
  return h("details", { class: "start-format" }, h("summary", { class: "small" }, t("format")),
    h("div", { class: "scroll" }, h("table", { class: "list small" },
      h("thead", null, h("tr", null, h("th", { scope: "col" }, l("field")), h("th", { scope: "col" }, l("meaning")))),
      h("tbody", null, ...FIELDS.map((name) => h("tr", null,
        h("th", { scope: "row" }, h("code", null, name)), h("td", null, l(`f_${name}`))))))));
}
