// The line that puts a question box into other web pages, made for a knowledge base and a key.

import { h, put } from "../core/dom.js";
import { link } from "../core/router.js";
import { kbs, me, usualKb } from "../core/state.js";
import { chosen, speaks } from "../core/text.js";
import { linkButton } from "../parts/button.js";
import { copyable } from "../parts/copy.js";
import { selectField, textField } from "../parts/field.js";
import { notice } from "../parts/notice.js";
import texts from "../text/system.js";

const t = speaks(texts);

/** What a page's address looks like in the example. */
const ORIGIN = "https://wiki.example";

/** @param {HTMLElement} place */
export function embed(place) {
  const code = h("div");
  const form = h("form", { class: "stack", oninput: draw, onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
    h("div", { class: "pair" },
      selectField(t("embedKb"), kbs().map((kb) => [kb.id, kb.name || kb.id]), { chosen: usualKb() ?? "", about: { name: "kb" } }),
      selectField(t("embedLanguage"), [["zh", t("embedZh")], ["en", t("embedEn")]], { chosen: chosen(), about: { name: "language" } })),
    h("div", { class: "pair" },
      textField(t("embedTitle"), { about: { name: "title", maxlength: 40, value: t("embedTitleDefault") } }),
      textField(t("embedKey"), { help: t("embedKeyHelp"), about: { name: "key", maxlength: 200, placeholder: "yw_…", spellcheck: "false" } })));
  put(place,
    h("p", { class: "muted" }, t("embedWhat")),
    !me().keys && notice("info", h("p", null, t("keysNeeded")), linkButton(t("toKeys"), link(["keys"]), { small: true, icon: "key" })),
    h("section", { class: "card stack" }, form, h("h2", null, t("embedCode")), code),
    h("section", { class: "card" }, h("h2", null, t("embedSteps")), h("ol", { class: "steps" },
      h("li", null, t("embedStepKey")), h("li", null, t("embedStepCors", { origin: ORIGIN })),
      h("li", null, t("embedStepTls")), h("li", null, t("embedStepCsp", { host: location.origin })))));
  draw();

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
