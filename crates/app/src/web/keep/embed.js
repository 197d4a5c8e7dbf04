// The line that puts a question box into other web pages, made for a knowledge base and a key.

import { post } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { link } from "../core/router.js";
import { kbs, me, usualKb } from "../core/state.js";
import { chosen, speaks } from "../core/text.js";
import { button, busy, linkButton } from "../parts/button.js";
import { copyable } from "../parts/copy.js";
import { selectField, textField } from "../parts/field.js";
import { notice, toast, toastFailure } from "../parts/notice.js";
import texts from "../text/system.js";

const t = speaks(texts);

/** What a page's address looks like in the example. */
const ORIGIN = "https://wiki.example";

/** @param {HTMLElement} place */
export function embed(place) {
  const code = h("div");
  const keyField = textField(t("embedKey"), { help: t("embedKeyHelp"), about: { name: "key", maxlength: 200, placeholder: "yw_…", spellcheck: "false" } });
  // Where there are no keys the first one is made with care, under Keys.
  let made = "";
  const making = me().keys && button(t("embedMakeKey"), makeKey, { icon: "key", small: true });
  const form = h("form", { class: "stack", oninput: draw, onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
    h("div", { class: "pair" },
      selectField(t("embedKb"), kbs().map((kb) => [kb.id, kb.name || kb.id]), { chosen: usualKb() ?? "", about: { name: "kb", onchange: otherKb } }),
      selectField(t("embedLanguage"), [["zh", t("embedZh")], ["en", t("embedEn")]], { chosen: chosen(), about: { name: "language" } })),
    h("div", { class: "pair" },
      textField(t("embedTitle"), { about: { name: "title", maxlength: 40, value: t("embedTitleDefault") } }),
      h("div", { class: "stack is-tight" }, keyField, making && h("div", null, making))));
  put(place,
    h("p", { class: "muted" }, t("embedWhat")),
    !me().keys && notice("info", h("p", null, t("keysNeeded")), linkButton(t("toKeys"), link(["keys"]), { small: true, icon: "key" })),
    h("section", { class: "card stack" }, form, h("h2", null, t("embedCode")), code),
    h("section", { class: "card" }, h("h2", null, t("embedSteps")), h("ol", { class: "steps" },
      h("li", null, t("embedStepKey")), h("li", null, t("embedStepCors", { origin: ORIGIN })),
      h("li", null, t("embedStepTls")), h("li", null, t("embedStepCsp", { host: location.origin })))));
  draw();

  /** A key that was made here is for the knowledge base that was chosen then. */
  function otherKb() {
    const input = /** @type {HTMLInputElement} */ (keyField.querySelector("input"));
    if (made && input.value === made) input.value = "";
    draw();
  }

  async function makeKey() {
    const kb = String(new FormData(form).get("kb"));
    try {
      const { key } = await busy(/** @type {HTMLButtonElement} */ (making), () => post("/keys", { name: t("embedKeyName"), scope: "read", only: [kb] }));
      /** @type {HTMLInputElement} */ (keyField.querySelector("input")).value = key;
      made = key;
      draw();
      toast(t("embedKeyMade"));
    } catch (error) {
      toastFailure(error);
    }
  }

  function draw() {
    const said = Object.fromEntries(new FormData(form));
    put(code, copyable(snippet(/** @type {any} */ (said)), t("copy"), t("embedCode")));
  }
}

/** @param {{ kb: string, language: string, title: string, key: string }} said */
function snippet({ kb, language, title, key }) {
  const about = [["src", `${location.origin}/widget.js`], ["data-kb", kb ?? ""], ["data-key", key.trim() || `yw_…（${t("embedKeyHere")}）`],
    ["data-language", language], title.trim() && ["data-title", title.trim()]];
  const written = about.filter(Boolean).map((one) => `${one[0]}="${quoted(one[1])}"`);
  return `<script ${written.join("\n  ")} defer></script>`;
}

/** @param {string} text */
function quoted(text) {
  return text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
}
