// Makes a key, and shows it: this once.

import { post, setKey } from "../core/api.js";
import { h } from "../core/dom.js";
import { kbs } from "../core/state.js";
import { speaks } from "../core/text.js";
import { Failure } from "../core/api.js";
import { button } from "../parts/button.js";
import { copyable } from "../parts/copy.js";
import { dialog, formDialog } from "../parts/dialog.js";
import { checkField, textField } from "../parts/field.js";
import { notice } from "../parts/notice.js";
import texts from "../text/admin.js";

const t = speaks(texts);

const SCOPES = /** @type {const} */ (["read", "write", "admin"]);

/**
 * @param {boolean} isFirst
 * @param {import("../shell/views.js").Context} context
 * @param {() => Promise<void>} then
 */
export function askForNewKey(isFirst, context, then) {
  const choices = kbs();
  const list = h("div", { class: "only-list", hidden: true }, ...choices.map((kb) => checkField(kb.name || kb.id, { about: { name: "only", value: kb.id } })));
  const scope = (/** @type {typeof SCOPES[number]} */ name) => h("label", { class: "choice" },
    h("input", { type: "radio", name: "scope", value: name, checked: name === (isFirst ? "admin" : "read"), disabled: isFirst && name !== "admin" }),
    h("span", null, h("strong", null, t(`scope_${name}`)), h("span", { class: "help" }, t(`scopeWhat_${name}`))));
  const which = (/** @type {"all" | "some"} */ value) => h("label", { class: "row" },
    h("input", { type: "radio", name: "which", value, checked: value === "all", onchange: () => (list.hidden = value === "all") }), h("span", null, t(value === "all" ? "onlyAll" : "onlySome")));

  formDialog(t("newKey"), [
    isFirst && notice("warning", t("firstWarning")),
    textField(t("keyName"), { help: t("keyNameHelp"), about: { name: "name", maxlength: 200 } }),
    h("fieldset", { class: "stack is-tight" }, h("legend", null, t("scope")), isFirst ? [h("p", { class: "help" }, t("firstScope")), scope("admin")] : SCOPES.map(scope)),
    !isFirst && choices.length > 0 && h("fieldset", { class: "stack is-tight" }, h("legend", null, t("only")), which("all"), which("some"), list),
    isFirst && checkField(t("firstUse"), { help: t("firstUseHelp"), checked: true, about: { name: "use" } }),
  ], t("makeKey"), async (form) => {
    const said = new FormData(form);
    const only = said.get("which") === "some" ? said.getAll("only") : [];
    if (said.get("which") === "some" && !only.length) throw new Failure("invalid_body", "", 0, { reason: t("onlyNone") });
    const made = await post("/keys", { name: String(said.get("name")).trim(), scope: said.get("scope"), only });
    const use = isFirst && said.get("use") !== null;
    if (use) setKey(made.key);
    // After this dialog has given the focus back.
    setTimeout(() => reveal(made.key, use, () => (isFirst ? context.again() : then())));
  });
}

/** @param {string} key @param {boolean} used by this browser @param {() => any} then */
function reveal(key, used, then) {
  dialog(t("keyMade"), (close) => [h("div", { class: "stack" },
    notice("warning", t("keyOnce")),
    copyable(key, t("copy"), t("keyIs")),
    used && h("p", { class: "help" }, t("keyUsed")),
    h("details", null, h("summary", null, t("how")), h("pre", { class: "snippet" }, `curl -H "Authorization: Bearer ${key}" ${location.origin}/api/v1/kbs`)),
    h("div", { class: "row is-end" }, button(t("done"), close, { look: "primary" })))], { onclose: then });
}
