// The models of a knowledge base: which compares meanings, which orders the best passages; changing
// the first takes a while, during which the old one serves.

import { get, path, patch } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { number } from "../core/format.js";
import { may } from "../core/state.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import { button, busy } from "../parts/button.js";
import { formDialog } from "../parts/dialog.js";
import { selectField, textField } from "../parts/field.js";
import { notice, toast } from "../parts/notice.js";
import texts from "../text/settings.js";

const t = speaks(texts);

/** @typedef {import("./settings.js").Settings} Settings */

/** The model inside the program, as it calls itself. */
const BUILTIN = "e5-small-zh-static";
/** So often a change under way is asked for, in milliseconds. */
const POLL = 1500;
/** What a name with which an address begins looks like. */
const REMOTE = /^(\w+\+)?https?:\/\/|^\{/;

/**
 * @param {import("./settings.js").About} about
 * @param {Settings} settings
 * @param {import("../shell/views.js").Context} context
 * @param {boolean} own whether they may be changed
 */
export function models(about, settings, { kb, signal }, own) {
  const progress = h("div", { role: "status" });
  const embedder = h("div", { class: "stack is-tight" });
  const reranker = h("div", { class: "stack is-tight" });
  /** @type {string[]} */
  let installed = [];
  draw();
  follow(settings);
  if (own && may("admin")) {
    get("/system", {}, signal).then((system) => {
      installed = system.models.installed;
      draw();
    }, () => {});
  }
  return h("section", { class: "card stack" },
    h("div", null, h("h2", null, t("models")), h("p", { class: "help" }, t("modelsWhat"))), embedder, progress, reranker,
    own && h("p", { class: "help" }, t("install")));

  function draw() {
    const isReranker = (/** @type {string} */ name) => /rerank/i.test(name);
    put(embedder, chooser({ label: "embedder", current: settings.embedder === BUILTIN ? "builtin" : settings.embedder,
      choices: [["builtin", `${t("builtin")} (${BUILTIN})`], ...pairs(installed.filter((name) => !isReranker(name)), settings.embedder === BUILTIN ? null : settings.embedder)],
      then: changeEmbedder, frozen: settings.changing !== null && !settings.changing.problem }));
    put(reranker, chooser({ label: "reranker", current: settings.reranker ?? "none",
      choices: [["none", t("noReranker")], ...pairs([...installed].sort((a, b) => Number(isReranker(b)) - Number(isReranker(a))), settings.reranker)],
      then: changeReranker }));
  }

  /**
   * @param {{ label: "embedder" | "reranker", current: string, choices: [string, string][], then: (model: string, pressed: HTMLButtonElement) => Promise<void>, frozen?: boolean }} wanted
   *   `frozen` while it is being changed
   */
  function chooser({ label, current, choices, then, frozen = false }) {
    const problem = h("div", { role: "alert" });
    const change = button(t("change"), async () => {
      const model = select.value === "other" ? input.value.trim() : select.value;
      if (!model) return input.focus();
      put(problem);
      try {
        await then(model, change);
      } catch (error) {
        put(problem, notice("danger", inWords(error)));
      }
    }, { disabled: true });
    const field = selectField(t(label), own ? [...choices, ["other", t("other")]] : choices, {
      help: t(label === "embedder" ? "embedderHelp" : "rerankerHelp"), chosen: current, about: { disabled: !own || frozen, onchange: chosen } });
    const select = /** @type {HTMLSelectElement} */ (field.querySelector("select"));
    const address = textField(t("address"), { help: t("addressHelp"), about: { maxlength: 2000, spellcheck: "false", oninput: chosen } });
    const input = /** @type {HTMLInputElement} */ (address.querySelector("input"));
    address.hidden = true;
    function chosen() {
      address.hidden = select.value !== "other";
      change.disabled = select.value === "other" ? !input.value.trim() : select.value === current;
    }
    return [h("div", { class: "chooser" }, field, own && change), address, problem];
  }

  /** @param {string} model */
  async function changeEmbedder(model) {
    const words = [t("confirmEmbedderWhat", { model: shown(model), n: number(about.passages) }), REMOTE.test(model) && t("confirmRemote", { url: model })];
    formDialog(t("confirmEmbedder"), words.map((one) => one && h("p", null, one)), t("change"), async () => {
      settings = await patch(path`/kbs/${kb}/settings`, { embedder: model });
      draw();
      follow(settings);
    });
  }

  /** @param {string} model @param {HTMLButtonElement} pressed */
  async function changeReranker(model, pressed) {
    const change = async () => {
      settings = await patch(path`/kbs/${kb}/settings`, { reranker: model });
      draw();
      toast(t("rerankerSaved"));
    };
    if (!REMOTE.test(model)) return busy(pressed, change);
    formDialog(t("reranker"), [h("p", null, t("confirmRemote", { url: model }))], t("change"), change);
  }

  /** Shows a change under way until it has ended or the view is left. @param {Settings} now */
  function follow(now) {
    const { changing } = now;
    if (!changing) return put(progress);
    if (changing.problem) return put(progress, notice("danger", h("p", null, t("failed", { model: shown(changing.embedder) })), h("p", null, changing.problem)));
    const share = changing.expected ? changing.passages / changing.expected : 0;
    put(progress, h("div", { class: "stack is-tight changing" }, h("p", null, t("changing", { model: shown(changing.embedder) })),
      h("div", { class: "bar", role: "progressbar", "aria-label": t("changing", { model: shown(changing.embedder) }), "aria-valuenow": Math.round(share * 100), "aria-valuemin": 0, "aria-valuemax": 100 },
        h("span", { style: { width: `${share * 100}%` } })),
      h("p", { class: "help figure" }, changing.expected ? t("changingCount", { n: number(changing.passages), all: number(changing.expected) }) : t("changingStart"))));
    setTimeout(async () => {
      if (signal.aborted) return;
      try {
        settings = await get(path`/kbs/${kb}/settings`, {}, signal);
        if (!settings.changing || settings.changing.problem) draw();
        if (!settings.changing) {
          toast(t("changed", { model: shown(settings.embedder) }));
        }
        follow(settings);
      } catch (error) {
        if (!signal.aborted) put(progress, notice("danger", inWords(error)));
      }
    }, POLL);
  }
}

/** @param {string} model */
function shown(model) {
  return model === "builtin" || model === BUILTIN ? `${t("builtin")} (${BUILTIN})` : model;
}

/** Models to choose from, with the one that is set. @param {string[]} names @param {string | null} current @returns {[string, string][]} */
function pairs(names, current) {
  const all = current && current !== BUILTIN && !names.includes(current) ? [current, ...names] : names;
  return all.map((name) => [name, name]);
}
