// A text to be copied as it is: shown in full, with a button. Where the browser does not let us copy
// (pages without TLS), the text is selected, so that it can be copied by hand.

import { h } from "../core/dom.js";
import { speaks } from "../core/text.js";
import texts from "../text/common.js";
import { button } from "./button.js";
import { toast } from "./notice.js";

const t = speaks(texts);

/** @param {string} text @param {string} label of the button @param {string} name what it is */
export function copyable(text, label, name) {
  const shown = h("pre", { class: "copyable-text", tabindex: 0, role: "textbox", "aria-readonly": "true", "aria-multiline": text.includes("\n") ? "true" : undefined, "aria-label": name }, text);
  return h("div", { class: "copyable" }, shown, button(label, () => copy(text, shown), { icon: "copy", small: true }));
}

/** @param {string} text @param {HTMLElement} shown */
async function copy(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t("copied"));
  } catch {
    getSelection()?.selectAllChildren(shown);
    toast(t(document.execCommand?.("copy") ? "copied" : "notCopied"));
  }
}
