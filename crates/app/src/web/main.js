// Begins: asks who we are, draws the shell around the views, shows the view of the address.

import { whenRefused } from "./core/api.js";
import { h, put } from "./core/dom.js";
import { keep, kept } from "./core/kept.js";
import { here, onGo } from "./core/router.js";
import { refresh } from "./core/state.js";
import { choose, chosen } from "./core/text.js";
import { inWords } from "./core/wording.js";
import { button } from "./parts/button.js";
import { askForKey } from "./shell/key.js";
import { notice, toastRegion } from "./parts/notice.js";
import { speaks } from "./core/text.js";
import { drawShell } from "./shell/shell.js";
import { showView } from "./shell/views.js";
import shellTexts from "./text/shell.js";
import common from "./text/common.js";

const t = speaks(shellTexts);
const c = speaks(common);

const app = /** @type {HTMLElement} */ (document.getElementById("app"));
/** @type {HTMLElement} */
let main;

/** Draws all anew, as when language or key have changed. */
async function begin() {
  try {
    await refresh();
  } catch (error) {
    const refused = /** @type {any} */ (error).status === 401;
    put(app, h("main", { class: "alone" }, h("h1", null, t("product")),
      notice(refused ? "info" : "danger", refused ? t("needsKey") : inWords(error)),
      h("div", { class: "row" }, refused
        ? button(t("enterKey"), () => askForKey(begin), { look: "primary" })
        : button(c("again"), begin)),
    ), toastRegion());
    if (refused) askForKey(begin);
    return;
  }
  draw();
}

function draw() {
  main = drawShell(app, {
    language: () => {
      choose(chosen() === "zh" ? "en" : "zh");
      draw();
    },
    theme: () => {
      theme(isDark() ? "light" : "dark");
      draw();
    },
    key: () => askForKey(begin),
    again: begin,
  });
  showView(main, begin);
}

function isDark() {
  const wanted = document.documentElement.dataset.theme;
  return wanted ? wanted === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/** @param {string | null} wanted `null` follows the system */
function theme(wanted) {
  if (wanted) document.documentElement.dataset.theme = wanted;
  keep("theme", wanted);
}

let asking = false;
whenRefused(() => {
  // The first view says so itself; later a key may have been revoked.
  if (!main || asking) return;
  asking = true;
  askForKey(begin, () => (asking = false));
});
onGo(async () => {
  if (!main) return;
  drawShell.current(here());
  await showView(main, begin);
  // Who goes by keys goes on from the new view: the link that was pressed is not there any more.
  if (document.activeElement === document.body) main.querySelector("h1")?.focus({ preventScroll: true });
});
theme(kept("theme"));
begin();
