// A browser for the tests of the page, and what no test may leave behind: an error on the console,
// a breach of the content policy, a reply of 400 or more, a request to anywhere but the server. Each
// of them fails the test in which it happened unless the test says that it wants it.
//
// The environment: PAGE_NPM is the folder whose node_modules has playwright-core and axe-core,
// PAGE_CHROMIUM the browser. PAGE_FAILED, where it is set, gets a screenshot of each failure;
// PAGE_PATIENCE is how long something is waited for.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after } from "node:test";

import { ROOT } from "./server.mjs";

const require = createRequire(join(process.env.PAGE_NPM ?? join(ROOT, "target/page-npm"), "package.json"));
const { chromium } = require("playwright-core");

/** How long an element or a condition is waited for, in milliseconds. */
const PATIENCE = Number(process.env.PAGE_PATIENCE ?? 90_000);
/** How long a test may take. */
export const LONG = { timeout: 600_000 };

export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** @type {Promise<any> | null} */
let launching = null;

function browser() {
  launching ??= chromium.launch({
    executablePath: process.env.PAGE_CHROMIUM ?? "/usr/bin/chromium",
    timeout: 180_000,
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
  });
  return launching;
}
if (process.env.NODE_TEST_CONTEXT) after(async () => (await launching)?.close());

/**
 * @typedef {object} Look
 * @property {{ width: number, height: number }} [size] `WIDE` if not said
 * @property {number} [pixels] of the device a CSS pixel
 * @property {"zh" | "en"} [language]
 * @property {"light" | "dark"} [scheme] what the system wants
 * @property {string} [key] that the browser has kept
 * @property {RegExp[]} [expected] lines of trouble that are part of the test, as `Trouble` words them
 * @property {string[]} [permissions]
 * @property {string[]} [origins] others that the page may ask
 */

/**
 * A test with a page of its own: `body` gets the page, on which nothing is open yet.
 * @param {{ url: string }} server
 * @param {Look} look
 * @param {(page: any, trouble: Trouble) => Promise<void>} body
 */
export function withPage(server, look, body) {
  return async (/** @type {any} */ t) => {
    const { page, trouble, close } = await open(server, look);
    try {
      await body(page, trouble);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done(null)))).catch(() => {});
      trouble.none();
    } catch (error) {
      await picture(page, t.name);
      if (!trouble.all.length || !(error instanceof Error) || error.message.startsWith("trouble")) throw error;
      throw new Error(`${error.message}\ntrouble in the browser:\n${trouble.all.join("\n")}`, { cause: error });
    } finally {
      await close();
    }
  };
}

/** A page in a browser that has nothing but what `look` says. @param {{ url: string }} server @param {Look} [look] */
export async function open(server, look = {}) {
  const kept = { language: look.language, key: look.key };
  const context = await (await browser()).newContext({
    baseURL: server.url,
    viewport: look.size ?? WIDE,
    deviceScaleFactor: look.pixels ?? 1,
    colorScheme: look.scheme ?? "light",
    reducedMotion: "reduce",
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    permissions: look.permissions ?? [],
    storageState: {
      cookies: [],
      origins: [{
        origin: server.url,
        localStorage: Object.entries(kept).flatMap(([name, value]) => (value ? [{ name: `yuanwen.${name}`, value }] : [])),
      }],
    },
  });
  context.setDefaultTimeout(PATIENCE);
  const trouble = new Trouble([server.url, ...(look.origins ?? [])], look.expected ?? []);
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`);
    });
  });
  context.on("page", (/** @type {any} */ page) => trouble.watch(page));
  const page = await context.newPage();
  return { page, context, trouble, close: () => context.close() };
}

/** What went wrong in a browser while a test ran. */
export class Trouble {
  /** @param {string[]} origins that may be asked @param {RegExp[]} expected */
  constructor(origins, expected) {
    this.origins = origins;
    this.expected = expected;
    /** @type {string[]} */
    this.all = [];
  }

  /** @param {string} line */
  note(line) {
    if (!this.expected.some((one) => one.test(line))) this.all.push(line);
  }

  /** @param {any} page */
  watch(page) {
    page.on("console", (/** @type {any} */ message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      // Replies are looked at below, where their address is known.
      if (message.text().startsWith("Failed to load resource")) return;
      this.note(`console ${message.type()}: ${message.text()} (${message.location().url}:${message.location().lineNumber})`);
    });
    page.on("pageerror", (/** @type {any} */ error) => this.note(`uncaught: ${error.stack ?? error}`));
    page.on("crash", () => this.note("the page crashed"));
    page.on("request", (/** @type {any} */ request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith("http") && !this.origins.includes(origin)) this.note(`asked elsewhere: ${request.url()}`);
    });
    page.on("response", (/** @type {any} */ response) => {
      if (response.status() >= 400) this.note(`${response.status()}: ${response.request().method()} ${response.url()}`);
    });
    page.on("requestfailed", (/** @type {any} */ request) => {
      const why = request.failure()?.errorText ?? "";
      // What a view asked for and was left before it came.
      if (why !== "net::ERR_ABORTED") this.note(`failed: ${request.method()} ${request.url()} ${why}`);
    });
  }

  none() {
    assert.deepEqual(this.all, [], "trouble in the browser");
  }
}

/** Keeps what a failed test showed. @param {any} page @param {string} name */
async function picture(page, name) {
  if (!process.env.PAGE_FAILED) return;
  await mkdir(process.env.PAGE_FAILED, { recursive: true });
  const file = join(process.env.PAGE_FAILED, `${name.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 80)}.png`);
  await page.screenshot({ path: file, timeout: 10_000 }).catch(() => {});
}

/** Opens a view and waits until it is there. @param {any} page @param {string} hash `#/…` */
export async function visit(page, hash) {
  if (page.url() === "about:blank") await page.goto(`/${hash}`);
  else {
    // An address that differs only behind the # is not loaded anew: the view before has to go.
    await page.evaluate((/** @type {string} */ wanted) => {
      document.querySelectorAll("main > *").forEach((one) => one.setAttribute("data-before", ""));
      if (location.hash === wanted) dispatchEvent(new HashChangeEvent("hashchange"));
      else location.hash = wanted;
    }, hash);
    await page.waitForFunction(() => !document.querySelector("main > [data-before]"));
  }
  await settled(page);
}

/** Waits until the view has its head and nothing is on its way. @param {any} page */
export async function settled(page) {
  await page.locator("main h1").first().waitFor({ state: "attached" });
  await page.waitForFunction(() => !document.querySelector("main .loading, [aria-busy='true'], .sheet.is-waiting"));
}

const AXE = require("axe-core").source;

/** What axe-core finds, one line each; also what is not serious. @param {any} page @returns {Promise<string[]>} */
export async function inaccessible(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => /** @type {any} */ (window).axe.run(document, { resultTypes: ["violations"] }));
  return violations.flatMap((/** @type {any} */ one) => one.nodes.map((/** @type {any} */ node) =>
    `${one.id} (${one.impact}) ${node.target.join(" ")}: ${node.any.concat(node.all, node.none).map((/** @type {any} */ check) => check.message).join("; ")}`));
}

/** Whether the page has nothing that stands out of the window at its side. @param {any} page */
export function fits(page) {
  return page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
}
