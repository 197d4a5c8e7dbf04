// Dialogs: the browser's own, which keeps the focus inside and closes with Escape.

import { h, id } from "../core/dom.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import texts from "../text/common.js";
import { button, busy } from "./button.js";
import { notice } from "./notice.js";

const t = speaks(texts);

/**
 * Opens a dialog. `close` takes it away.
 * @param {string} title
 * @param {(close: () => void) => any[]} body
 * @param {{ wide?: boolean, onclose?: () => void }} [options]
 * @returns {HTMLDialogElement}
 */
export function dialog(title, body, options = {}) {
  const name = id("dialog");
  const opener = /** @type {HTMLElement | null} */ (document.activeElement);
  const box = h("dialog", { class: `dialog${options.wide ? " is-wide" : ""}`, "aria-labelledby": name });
  const close = () => box.close();
  box.append(
    h("header", { class: "dialog-head" },
      h("h2", { id: name }, title),
      button(t("close"), close, { icon: "close", look: "quiet", iconOnly: true, small: true })),
    h("div", { class: "dialog-body" }, ...body(close)),
  );
  box.addEventListener("close", () => {
    box.remove();
    options.onclose?.();
    if (opener?.isConnected) opener.focus();
  });
  box.addEventListener("mousedown", (/** @type {MouseEvent} */ event) => {
    if (event.target === box) close();
  });
  document.body.append(box);
  box.showModal();
  return box;
}

/**
 * A form in a dialog: `send` does it, then the dialog closes; what fails is said in it.
 * @param {string} title
 * @param {any[]} fields
 * @param {string} label of the button
 * @param {(form: HTMLFormElement) => Promise<any>} send
 * @param {{ danger?: boolean, wide?: boolean }} [options]
 */
export function formDialog(title, fields, label, send, options = {}) {
  return dialog(title, (close) => {
    const problem = h("div", { role: "alert" });
    const submit = button(label, null, { look: options.danger ? "danger" : "primary", submit: true });
    const form = h("form", { class: "stack", onsubmit: onsubmit }, ...fields, problem,
      h("div", { class: "row is-end" }, button(t("cancel"), close), submit));
    /** @param {SubmitEvent} event */
    async function onsubmit(event) {
      event.preventDefault();
      problem.replaceChildren();
      try {
        await busy(submit, () => send(form));
        close();
      } catch (error) {
        problem.append(notice("danger", inWords(error)));
      }
    }
    return [form];
  }, options);
}

/**
 * Asks before something that cannot be undone.
 * @param {string} title @param {string} what happens @param {string} label of the button @param {() => Promise<any>} then
 */
export function confirm(title, what, label, then) {
  return formDialog(title, [h("p", null, what)], label, then, { danger: true });
}
