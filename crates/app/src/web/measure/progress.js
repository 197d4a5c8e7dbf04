// Says that an evaluation runs, and for how long.

import { h } from "../core/dom.js";
import { duration, number } from "../core/format.js";
import { speaks } from "../core/text.js";
import { button } from "../parts/button.js";
import texts from "../text/measure.js";

const t = speaks(texts);

/** @param {import("./running.js").Running} running @param {AbortSignal} signal */
export function progress(running, signal) {
  const clock = h("span", { class: "figure", role: "timer" });
  const tell = () => (clock.textContent = t("elapsed", { time: duration(Date.now() - running.began) }));
  tell();
  const ticking = setInterval(tell, 1000);
  const end = () => clearInterval(ticking);
  signal.addEventListener("abort", end);
  running.done.then(end, end);
  return h("div", { class: "running" },
    h("div", { class: "running-bar", "aria-hidden": "true" }, h("span")),
    h("div", { class: "row is-between" },
      h("div", null, h("p", { role: "status" }, h("b", null, t("running", { n: number(running.questions) }))), h("p", { class: "help" }, t("runningHelp"))),
      h("div", { class: "row" }, clock, button(t("stop"), running.stop, { small: true }))));
}
