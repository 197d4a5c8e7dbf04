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
  return h("div", { class: "copyable" }, shown, button(label, () => copy(text, undefined, shown), { icon: "copy", small: true }));
}

/**
 * Copies a text, and says so.
 * @param {string} text @param {string} [said] what to say then
 * @param {HTMLElement | null} [shown] the text on the page, to be selected where the browser does not let us copy
 */
export async function copy(text, said = t("copied"), shown = null) {
  try {
    await navigator.clipboard.writeText(text);
    toast(said);
  } catch {
    if (shown) getSelection()?.selectAllChildren(shown);
    toast(shown && document.execCommand?.("copy") ? said : t("notCopied"));
  }
}
