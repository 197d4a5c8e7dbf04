// The facts of a document, as a line that wraps.

import { h } from "../core/dom.js";
import { bytes, number, time } from "../core/format.js";
import { speaks } from "../core/text.js";
import texts from "../text/documents.js";

const t = speaks(texts);

/** @param {import("./types.js").Doc} one */
export function facts(one) {
  const { content } = one;
  /** @type {[keyof typeof texts.zh & string, any][]} */
  const all = [
    ["fact_path", one.path],
    ["fact_format", content && `${t(/** @type {any} */ (`format_${content.format}`))} · ${bytes(content.bytes)}`],
    ["fact_kind", content && content.kind !== "other" && t(/** @type {any} */ (`kind_${content.kind}`))],
    ["fact_published", content?.published],
    ["fact_period", content?.period],
    ["fact_publisher", content?.publisher],
    ["fact_size", content && [content.pages > 0 && t("pagesCount", { n: number(content.pages) }),
      t("blocksCount", { n: number(content.blocks) }), t("passagesCount", { n: number(content.passages) })].filter(Boolean).join(" · ")],
    ["fact_added", time(one.added)],
    ["fact_removed", one.removed && time(one.removed)],
  ];
  return h("dl", { class: "doc-facts" }, ...all.filter(([, value]) => value)
    .map(([name, value]) => h("div", null, h("dt", null, t(name)), h("dd", null, value))));
}
