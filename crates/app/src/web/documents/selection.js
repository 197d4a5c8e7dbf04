// What can be done with the documents that are selected.

import { h, put } from "../core/dom.js";
import { speaks } from "../core/text.js";
import { button } from "../parts/button.js";
import texts from "../text/documents.js";

const t = speaks(texts);

/** @param {Record<"remove" | "read" | "restore" | "forget" | "none", () => any>} then */
export function selectionBar(then) {
  const element = h("div", { class: "row docs-selection", role: "group", "aria-label": t("selection"), hidden: true });
  let shape = "";
  return {
    element,
    /** @param {import("./types.js").Doc[]} selected @param {boolean} removed whether the removed ones are shown */
    draw(selected, removed) {
      element.hidden = !selected.length;
      const unread = selected.some((one) => one.state === "failed");
      const now = `${selected.length} ${removed} ${unread}`;
      if (now === shape) return;
      shape = now;
      const small = /** @type {const} */ ({ small: true });
      put(element, h("span", { class: "small" }, t("selected", { n: selected.length })),
        !removed && unread && button(t("read"), then.read, { ...small, icon: "restore" }),
        removed && button(t("restore"), then.restore, { ...small, icon: "restore" }),
        removed ? button(t("forget"), then.forget, { ...small, look: "danger", icon: "trash" })
          : button(t("remove"), then.remove, { ...small, look: "danger", icon: "trash" }),
        button(t("selectNone"), then.none, { ...small, look: "quiet" }));
    },
  };
}
