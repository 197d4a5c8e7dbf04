// The words of a knowledge base: two files, and how a question is read with them, before and after.

import { taggedText, path } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { may } from "../core/state.js";
import { speaks } from "../core/text.js";
import { load, notice } from "../parts/notice.js";
import texts from "../text/words.js";
import { preview } from "./preview.js";
import { isUnsaved, wordFile } from "./wordfile.js";

const t = speaks(texts);

/** @param {HTMLElement} main @param {import("../shell/views.js").Context} context */
export async function show(main, context) {
  const { kb, signal } = context;
  const readOnly = !may("write", kb);
  const place = h("div");
  put(main, h("div", { class: "view" },
    h("div", { class: "view-head" }, h("div", null, h("h1", { tabindex: -1 }, t("title")), h("p", null, t("lead")))),
    readOnly && notice("info", t("readOnly")), place));
  window.addEventListener("beforeunload", (event) => isUnsaved() && event.preventDefault(), { signal });

  await load(place, async () => {
    const [synonyms, dictionary] = await Promise.all([
      taggedText(path`/kbs/${kb}/synonyms`, signal), taggedText(path`/kbs/${kb}/dictionary`, signal)]);
    const looking = preview(context, (problems) => files.forEach(([name, file]) => file.problems(problems.filter((one) => one.file === name))));
    const told = () => files.length && looking.look({ synonyms: files[0][1].value(), dictionary: files[1][1].value(), dirty: files.some(([, file]) => file.isDirty()) });
    /** @type {[string, ReturnType<typeof wordFile>][]} */
    const files = [];
    files.push(
      ["synonyms", wordFile({ kb, file: "synonyms", found: synonyms, readOnly, onchange: told })],
      ["dictionary", wordFile({ kb, file: "dictionary", found: dictionary, readOnly, onchange: told })]);
    told();
    return h("div", { class: "words" }, h("div", { class: "stack" }, ...files.map(([, file]) => file.element)), looking.element);
  });
}
