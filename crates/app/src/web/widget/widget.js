// A question box for other web pages: a button at the corner, and a panel that answers with the
// original sentences of a knowledge base.
//
//   <script src="https://HOST/widget.js" data-kb="ID" data-key="yw_…" data-language="zh"
//           data-title="…" defer></script>
//
// One classic script without anything else, as it has to work in pages that we know nothing of: it
// lives in a shadow tree with a constructed style sheet, makes elements and no markup, and so holds
// under a content policy of `script-src HOST; connect-src HOST` and under Trusted Types. The key can be
// read by all who see the page; it should allow reading of this knowledge base only. The service has to
// be started with `--cors` and the origin of the page.

(() => {
  "use strict";

  /** @type {Record<string, Record<string, string>>} */
  const TEXTS = {
    zh: {
      title: "问文档", open: "打开提问窗口", close: "关闭", question: "问题", placeholder: "输入问题，按回车发送", send: "发送",
      hello: "请直接提问。回答是文档里的原文，并注明出处。", you: "您问", asking: "正在查找…", found: "原文", notFound: "没有在文档里找到答案。",
      nearest: "最接近的内容", page: "第 {n} 页", confidence: "置信度 {n}%", full: "在完整页面中打开", again: "再试一次", understood: "按“{q}”查找",
      offline: "连接不上 {host}。如果服务正在运行，请在启动时加上 --cors {origin}，允许这个网页使用。",
      key: "这个网页的密钥无效，或不能读这个知识库。请联系网页的管理员。", kb: "没有知识库“{kb}”。请检查网页里的 data-kb。",
      busy: "服务正忙，请稍后再试。", slow: "等待太久，已停止。请再试一次。", failed: "没有得到回答（{n}）。", table: "表格",
    },
    en: {
      title: "Ask the documents", open: "Open the question panel", close: "Close", question: "Question", placeholder: "Type a question, Enter sends it", send: "Send",
      hello: "Ask anything. Answers are original text of the documents, with their source.", you: "You asked", asking: "Looking…", found: "Original text", notFound: "The documents do not seem to answer this.",
      nearest: "Nearest to it", page: "page {n}", confidence: "confidence {n}%", full: "Open in the full page", again: "Try again", understood: "Asked as “{q}”",
      offline: "{host} does not answer. If the service is running, start it with --cors {origin}, so that this page may use it.",
      key: "The key of this page is not valid, or may not read this knowledge base. Tell whoever runs the page.", kb: "There is no knowledge base “{kb}”. Check data-kb in the page.",
      busy: "The service is busy. Try again in a moment.", slow: "This took too long. Please try again.", failed: "There was no answer ({n}).", table: "table",
    },
  };

  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  if (!script || document.querySelector("yuanwen-widget")) return;
  const host = new URL(script.src, location.href).origin;
  const { kb = "", key = "", language, title } = script.dataset;
  const lang = language === "en" || (!language && !/^zh/i.test(document.documentElement.lang || navigator.language)) ? "en" : "zh";
  const LIMIT = 30_000;
  const MOST_BEFORE = 20;

  /** @param {string} name @param {Record<string, any>} [values] */
  const t = (name, values = {}) => TEXTS[lang][name].replace(/\{(\w+)\}/g, (_, one) => values[one] ?? "");

  const CSS = `
:host { all: initial; --bg: #fff; --sunken: #f3f3ef; --ink: #1b1d1c; --soft: #4d5350; --line: #deded8; --edge: #8a908c; --accent: #0f6b5c; --on: #fff; --tint: #e2f0ec; --mark: #ffe9a8; --bad: #a92b22; --bad-bg: #fbe9e7;
  color-scheme: light dark; font: 15px/1.6 -apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: var(--ink); }
@media (prefers-color-scheme: dark) { :host { --bg: #1c201f; --sunken: #141716; --ink: #e9ebe9; --soft: #b7bdb9; --line: #303634; --edge: #737b77; --accent: #63c5ae; --on: #0b1f1a; --tint: #1b332d; --mark: #5a4a12; --bad: #f08b80; --bad-bg: #3a1f1c; } }
* { box-sizing: border-box; margin: 0; padding: 0; }
button, textarea { font: inherit; color: inherit; }
button { cursor: pointer; border: 0; background: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
[hidden] { display: none !important; }
a { color: var(--accent); text-underline-offset: 3px; }
svg { display: block; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.launch { position: fixed; z-index: 2147483000; right: 20px; bottom: 20px; width: 56px; height: 56px; border-radius: 50%; display: grid; place-items: center; background: var(--accent); color: var(--on); box-shadow: 0 6px 24px rgb(0 0 0 / 25%); }
.panel { position: fixed; z-index: 2147483000; right: 20px; bottom: 88px; width: 420px; max-width: calc(100vw - 40px); height: 600px; max-height: calc(100vh - 108px); display: flex; flex-direction: column; background: var(--bg); border: 1px solid var(--line); border-radius: 14px; box-shadow: 0 12px 48px rgb(0 0 0 / 28%); overflow: hidden; overflow-wrap: anywhere; }
header { display: flex; align-items: center; gap: 4px; padding: 10px 10px 10px 18px; border-bottom: 1px solid var(--line); }
h2 { flex: 1; font-size: 16px; font-weight: 650; }
.icon { width: 34px; height: 34px; display: grid; place-items: center; border-radius: 8px; color: var(--soft); }
.icon:hover { background: var(--sunken); color: var(--ink); }
.log { flex: 1; overflow-y: auto; padding: 16px 18px; display: flex; flex-direction: column; gap: 14px; overscroll-behavior: contain; }
.hello, .wait, .small { color: var(--soft); font-size: 13px; }
.asked { align-self: flex-end; max-width: 85%; padding: 7px 13px; border-radius: 14px 14px 4px 14px; background: var(--tint); white-space: pre-line; }
.answer { display: grid; gap: 10px; min-width: 0; }
.block { display: grid; gap: 5px; min-width: 0; padding-left: 12px; border-left: 3px solid var(--accent); }
.near .block { border-color: var(--line); }
.text { font-family: "Songti SC", "Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", serif; font-size: 17px; line-height: 1.7; white-space: pre-line; }
.near .text { font-size: 15px; }
mark { background: var(--mark); color: inherit; border-radius: 2px; }
.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: 14px; line-height: 1.45; }
th, td { border: 1px solid var(--line); padding: 4px 9px; text-align: start; vertical-align: top; min-width: 5em; }
:is(th, td):first-child { min-width: 8em; }
th { background: var(--sunken); font-weight: 550; }
td.figure { text-align: end; white-space: nowrap; }
summary { cursor: pointer; color: var(--soft); }
.near { display: grid; gap: 10px; margin-top: 8px; }
.bad { display: grid; gap: 8px; justify-items: start; padding: 10px 14px; border-radius: 8px; background: var(--bad-bg); }
.bad button { padding: 4px 12px; border: 1px solid var(--edge); border-radius: 8px; background: var(--bg); }
form { display: flex; gap: 8px; align-items: flex-end; padding: 12px; border-top: 1px solid var(--line); }
textarea { flex: 1; min-width: 0; height: 42px; max-height: 110px; padding: 8px 12px; border: 1px solid var(--edge); border-radius: 10px; background: var(--bg); resize: none; line-height: 1.6; }
textarea:focus-visible { outline-offset: -1px; border-color: var(--accent); }
textarea::placeholder { color: var(--soft); opacity: 1; }
.send { width: 42px; height: 42px; flex: none; display: grid; place-items: center; border-radius: 10px; background: var(--accent); color: var(--on); }
.send:disabled { opacity: .5; cursor: default; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 480px) { .panel { inset: 0; width: auto; max-width: none; height: 100%; height: 100dvh; max-height: none; border: 0; border-radius: 0; } .panel:not([hidden]) + .launch { display: none; } textarea { font-size: 16px; } }
@media print { .launch, .panel { display: none; } }`;

  /** @param {string} tag @param {Record<string, any> | null} [about] @param {...any} children @returns {any} */
  function h(tag, about, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(about ?? {})) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== undefined && value !== false && value !== null) element.setAttribute(name, value === true ? "" : String(value));
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return element;
  }

  /** @param {string} d @param {number} [size] */
  function icon(d, size = 20) {
    const make = (/** @type {string} */ tag) => document.createElementNS("http://www.w3.org/2000/svg", tag);
    const svg = make("svg");
    const path = make("path");
    for (const [name, value] of [["viewBox", "0 0 24 24"], ["width", size], ["height", size], ["aria-hidden", "true"]]) svg.setAttribute(String(name), String(value));
    path.setAttribute("d", d);
    svg.append(path);
    return svg;
  }

  /** The questions so far. @type {string[]} */
  const before = [];

  // What is shown.

  const log = h("div", { class: "log", role: "log", "aria-live": "polite", tabindex: 0, "aria-label": t("found") }, h("p", { class: "hello" }, t("hello")));
  const input = h("textarea", { rows: 1, maxlength: 2000, placeholder: t("placeholder"), "aria-label": t("question"), oninput: grow, onkeydown });
  const send = h("button", { type: "submit", class: "send", "aria-label": t("send"), title: t("send") }, icon("M4 12h15M13 6l6 6-6 6"));
  const full = h("a", { class: "icon", target: "_blank", rel: "noopener", href: page(), "aria-label": t("full"), title: t("full") }, icon("M14 4h6v6M20 4l-9 9M18 14v6H4V6h6", 18));
  const panel = h("section", { class: "panel", id: "panel", role: "dialog", "aria-label": title || t("title"), lang: lang === "en" ? "en" : "zh-Hans", hidden: true },
    h("header", null, h("h2", null, title || t("title")), full,
      h("button", { type: "button", class: "icon", "aria-label": t("close"), title: t("close"), onclick: () => show(false) }, icon("M6 6l12 12M18 6 6 18", 18))),
    log, h("form", { onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      submit();
    } }, input, send));
  const launch = h("button", { type: "button", class: "launch", "aria-label": title || t("open"), title: title || t("open"), "aria-expanded": "false", "aria-controls": "panel",
    onclick: () => show(panel.hidden) }, icon("M4 5h16v11H9l-5 4zM8 9h8M8 12h5", 26));

  const place = document.createElement("yuanwen-widget");
  const root = place.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  root.adoptedStyleSheets = [sheet];
  root.append(panel, launch);
  // The keys that are typed here are not the page's shortcuts.
  for (const kind of ["keydown", "keyup", "keypress"]) root.addEventListener(kind, (event) => event.stopPropagation());
  panel.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape" && !event.isComposing) show(false);
  });
  document.body.append(place);

  /** @param {boolean} open */
  function show(open) {
    panel.hidden = !open;
    launch.setAttribute("aria-expanded", String(open));
    (open ? input : launch).focus();
  }

  /** @param {KeyboardEvent} event */
  function onkeydown(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    }
  }

  function grow() {
    input.style.height = "42px";
    if (input.scrollHeight > 44) input.style.height = `${Math.min(110, input.scrollHeight + 2)}px`;
  }

  /** The address of the whole page, with what was asked so far. @param {string} [question] */
  function page(question) {
    const asked = question ? `?${new URLSearchParams([["q", question], ...before.map((one) => ["after", one])])}` : "";
    return `${host}/#/kb/${encodeURIComponent(kb)}/ask${asked}`;
  }

  // Asking. Questions before count, so that one may leave out what was said.

  let waiting = false;

  function submit() {
    const question = input.value.trim();
    if (!question || waiting) return;
    input.value = "";
    grow();
    log.append(h("p", { class: "asked" }, h("span", { class: "unseen" }, `${t("you")}: `), question));
    answer(question);
  }

  /** @param {string} question */
  async function answer(question) {
    const place = h("div", { class: "answer" }, h("p", { class: "wait" }, t("asking")));
    log.append(place);
    log.scrollTop = log.scrollHeight;
    waiting = true;
    send.disabled = true;
    full.href = page(question);
    try {
      const found = await ask(question);
      place.replaceChildren(...answered(found));
      before.push(found.completed || question);
      if (before.length > MOST_BEFORE) before.shift();
    } catch (error) {
      place.replaceChildren(h("div", { class: "bad" }, h("p", null, /** @type {Error} */ (error).message),
        h("button", { type: "button", onclick: () => {
          place.remove();
          answer(question);
        } }, t("again"))));
    }
    waiting = false;
    send.disabled = false;
    const asked = place.previousElementSibling ?? place;
    log.scrollTop += asked.getBoundingClientRect().top - log.getBoundingClientRect().top - 12;
  }

  /** @param {string} question */
  async function ask(question) {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), LIMIT);
    let response;
    try {
      response = await fetch(`${host}/api/v1/kbs/${encodeURIComponent(kb)}/ask`, {
        method: "POST", signal: late.signal, credentials: "omit",
        headers: { "content-type": "application/json", ...(key ? { authorization: `Bearer ${key}` } : {}) },
        body: JSON.stringify({ question, after: before, layout: true, top: 3, llm: false }),
      });
      if (response.ok) return await response.json();
    } catch {
      throw new Error(late.signal.aborted ? t("slow") : t("offline", { host, origin: location.origin }));
    } finally {
      clearTimeout(timer);
    }
    const { status } = response;
    const words = { 401: "key", 403: "key", 404: "kb", 429: "busy", 503: "busy" };
    throw new Error(t(/** @type {any} */ (words)[status] ?? "failed", { kb, n: status }));
  }

  /** @param {any} found */
  function answered(found) {
    const completed = found.completed && h("p", { class: "small" }, t("understood", { q: found.completed }));
    if (found.found) {
      return [completed, ...found.blocks.map(block), h("p", { class: "small" }, t("confidence", { n: Math.round(found.confidence * 100) }))].filter(Boolean);
    }
    const near = found.passages.slice(0, 3);
    return [completed, h("p", null, t("notFound")), near.length > 0 && h("details", null, h("summary", null, t("nearest")), h("div", { class: "near" }, ...near.map(block)))].filter(Boolean);
  }

  /** Original text with where it stands. @param {any} one */
  function block(one) {
    const name = [one.title || one.doc, one.page && t("page", { n: one.page })].filter(Boolean).join(" · ");
    const to = one.document && `${host}/#/kb/${encodeURIComponent(kb)}/documents/${encodeURIComponent(one.document)}${one.page ? `?page=${one.page}` : ""}`;
    const pieces = one.layout?.length ? one.layout : [{ kind: "text", text: one.text }];
    const said = pieces.map((/** @type {any} */ piece) => piece.text ?? "").join("\n");
    return h("div", { class: "block" }, ...pieces.map((/** @type {any} */ piece) => (piece.kind === "table" ? table(piece, said) : h("p", { class: "text" }, marked(piece.text, piece.highlight)))),
      h("p", { class: "small" }, to ? h("a", { href: to, target: "_blank", rel: "noopener" }, name) : name));
  }

  /** @param {any} piece @param {string} said what stands around it, which may be its caption or unit */
  function table(piece, said) {
    const about = [piece.caption, piece.unit].filter((one) => one && !said.includes(one)).join(" · ");
    return h("div", null, about && h("p", { class: "small" }, about), h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": about || t("table") },
      h("table", null, ...piece.rows.map((/** @type {any} */ row) => h("tr", null, ...row.cells.map((/** @type {any} */ cell) => h(row.header ? "th" : "td", {
        scope: row.header ? "col" : undefined, colspan: cell.column_span > 1 && cell.column_span, rowspan: cell.row_span > 1 && cell.row_span,
        class: !row.header && /^[\s()（）+\-−–,.%％\d]+$/.test(cell.text) && "figure" }, marked(cell.text, cell.highlight))))))));
  }

  /** Ranges count characters, not UTF-16 units. @param {string} text @param {[number, number][]} [ranges] */
  function marked(text, ranges = []) {
    const characters = Array.from(text);
    const parts = [];
    let at = 0;
    for (const [start, end] of ranges) {
      parts.push(characters.slice(at, start).join(""), h("mark", null, characters.slice(start, end).join("")));
      at = end;
    }
    return [...parts, characters.slice(at).join("")];
  }
})();
