// The key that requests are sent with: entered once, kept in this browser.

import { Failure, get, key, setKey } from "../core/api.js";
import { h } from "../core/dom.js";
import { speaks } from "../core/text.js";
import { formDialog } from "../parts/dialog.js";
import { button } from "../parts/button.js";
import { textField } from "../parts/field.js";
import texts from "../text/shell.js";

const t = speaks(texts);

/** Asks for a key and tries it. @param {() => Promise<void>} then @param {() => void} [closed] */
export function askForKey(then, closed = () => {}) {
  const before = key();
  const input = textField(t("key"), {
    help: t("keyHelp"),
    about: { name: "key", type: "password", required: !before, spellcheck: "false", placeholder: "yw_…" },
  });
  const forget = button(t("forgetKey"), () => {
    setKey("");
    box.close();
    then();
  }, { look: "quiet" });
  const box = formDialog(t("enterKey"), [input, before && h("div", null, forget)], t("useKey"), async (form) => {
    const wanted = new FormData(form).get("key");
    setKey(String(wanted ?? "").trim() || before);
    try {
      await get("/me");
    } catch (error) {
      setKey(before);
      if (error instanceof Failure && error.status === 401) throw new Failure("unauthorized", "", 401, { reason: t("wrongKey") });
      throw error;
    }
    await then();
  });
  box.addEventListener("close", closed);
}
