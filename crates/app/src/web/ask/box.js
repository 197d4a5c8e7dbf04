// The box that a question is typed into. Enter asks; Shift and Enter makes a new line. While an
// input method composes, Enter belongs to it.

import { h } from "../core/dom.js";
import { speaks } from "../core/text.js";
import { button } from "../parts/button.js";
import texts from "../text/ask.js";

const t = speaks(texts);

/**
 * @param {{ question?: string, label: string, placeholder: string, large?: boolean, then: (question: string) => void }} about
 * @returns {HTMLFormElement}
 */
export function questionBox({ question = "", label, placeholder, large = false, then }) {
  const input = h("textarea", { rows: 1, name: "q", maxlength: 2000, placeholder, "aria-label": label, required: true, enterkeyhint: "search" });
  input.value = question;
  const form = h("form", { class: `ask-box${large ? " is-large" : ""}`, role: "search", "aria-label": label, onsubmit: submitted }, input,
    button(t("submit"), null, { look: "primary", icon: "ask", submit: true }));

  /** @param {Event} event */
  function submitted(event) {
    event.preventDefault();
    const asked = input.value.trim();
    if (asked) then(asked);
    else input.focus();
  }
  const fit = () => {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 200)}px`;
  };
  input.addEventListener("input", fit);
  input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  requestAnimationFrame(fit);
  return form;
}
