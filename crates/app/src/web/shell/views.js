// Which view stands for which address. A view is loaded when it is first shown.
//
//   #/kb/ID/ask             #/kb/ID/documents[/DOC]      #/kb/ID/measure[/RUN]    #/kb/ID/explain
//   #/kb/ID/review          #/kb/ID/words                #/kb/ID/settings
//   #/bases                 #/keys                       #/system

import { h, put } from "../core/dom.js";
import { go, here, link } from "../core/router.js";
import { kbs, kbName, me, rememberKb, usualKb } from "../core/state.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import { linkButton } from "../parts/button.js";
import { empty, notice } from "../parts/notice.js";
import texts from "../text/shell.js";

const t = speaks(texts);

/**
 * What a view gets: where it is shown, and a signal that says when it is left.
 * @typedef {object} Context
 * @property {string} kb the knowledge base; empty where the view is not of one
 * @property {string[]} path what of the address is behind the view's name
 * @property {URLSearchParams} params
 * @property {AbortSignal} signal
 * @property {() => Promise<void>} again draws the page anew, as after knowledge bases have changed
 */

/** @type {Record<string, () => Promise<{ show: (main: HTMLElement, context: Context) => any }>>} */
const OF_KB = {
  ask: () => import("../ask/view.js"),
  documents: () => import("../documents/view.js"),
  measure: () => import("../measure/view.js"),
  explain: () => import("../measure/explain.js"),
  review: () => import("../keep/review.js"),
  words: () => import("../keep/words.js"),
  settings: () => import("../keep/settings.js"),
};
/** @type {typeof OF_KB} */
const OF_ALL = {
  bases: () => import("../keep/bases.js"),
  keys: () => import("../keep/keys.js"),
  system: () => import("../keep/system.js"),
};

let left = new AbortController();

/** Shows the view of the address in the main part. @param {HTMLElement} main @param {() => Promise<void>} again */
export async function showView(main, again) {
  left.abort();
  left = new AbortController();
  const { signal } = left;
  const { path, params } = here();
  const inKb = path[0] === "kb";
  const kb = inKb ? path[1] : "";
  const name = inKb ? path[2] : path[0];
  const find = (inKb ? OF_KB : OF_ALL)[name ?? ""];
  if (!find) return nowhere(main);
  if (inKb && !kbs().some((one) => one.id === kb)) return put(main, head(), notice("warning", t("noSuchKb")));
  if (inKb) rememberKb(kb);
  document.title = [t(/** @type {any} */ (name)), inKb && kbName(kb), t("product")].filter(Boolean).join(" · ");
  try {
    const view = await find();
    if (signal.aborted) return;
    main.dataset.view = name;
    put(main);
    window.scrollTo(0, 0);
    await view.show(main, { kb, path: path.slice(inKb ? 3 : 1), params, signal, again });
  } catch (error) {
    if (!signal.aborted) put(main, head(), notice("danger", inWords(error)));
  }
}

/** The heading of what is no view. */
function head() {
  return h("h1", { class: "unseen", tabindex: -1 }, t("product"));
}

/** Begins with the usual knowledge base; says what to do where there is none. @param {HTMLElement} main */
function nowhere(main) {
  const kb = usualKb();
  if (kb) return go(link(["kb", kb, "ask"]), { replace: true });
  const make = me().many && me().scope === "admin";
  put(main, head(),
    empty(t("noKbs"), make ? t("makeOne") : t("askForOne"),
      make && linkButton(t("bases"), link(["bases"]), { look: "primary", icon: "plus" })));
}
