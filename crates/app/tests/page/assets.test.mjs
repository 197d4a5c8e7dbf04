// The files of the page as they come over the wire: policy, caching, packing, size.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { request } from "node:http";

import { LONG, settled, withPage } from "./browser.mjs";
import { serve } from "./server.mjs";

const server = await serve();

/**
 * A reply as it is, not unpacked. @param {string} path @param {Record<string, string>} [headers]
 * @returns {Promise<{ status: number, headers: Record<string, any>, body: Buffer }>}
 */
function raw(path, headers = {}) {
  return new Promise((done, fail) => {
    const { hostname, port } = new URL(server.url);
    const asked = request({ hostname, port, path, headers }, (reply) => {
      /** @type {Buffer[]} */
      const parts = [];
      reply.on("data", (part) => parts.push(part));
      reply.on("end", () => done({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(parts) }));
    });
    asked.on("error", fail);
    asked.end();
  });
}

/** The addresses that a page names. @param {string} html */
const named = (html) => [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map((found) => found[1]);

test("the page allows nothing but itself", LONG, async () => {
  const { status, headers, body } = await raw("/");
  assert.equal(status, 200);
  const rules = new Map(headers["content-security-policy"].split(";").map((/** @type {string} */ rule) => {
    const [name, ...values] = rule.trim().split(" ");
    return [name, values.join(" ")];
  }));
  assert.equal(rules.get("default-src"), "'none'");
  assert.equal(rules.get("script-src"), "'self'");
  assert.equal(rules.get("style-src"), "'self'");
  assert.equal(rules.get("frame-ancestors"), "'none'");
  assert.equal(rules.get("base-uri"), "'none'");
  assert.equal(rules.get("require-trusted-types-for"), "'script'");
  assert.doesNotMatch(headers["content-security-policy"], /unsafe|\*|https?:|data:/);
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.equal(headers["referrer-policy"], "no-referrer");
  const html = body.toString();
  assert.doesNotMatch(html, /<style|style=|\son\w+=|<script(?![^>]*\ssrc=)/);
  for (const address of named(html)) assert.match(address, /^\/ui\/[0-9a-f]+\//);
});

test("each file of the page has its type and is kept as long as it holds", LONG, async () => {
  const html = (await raw("/")).body.toString();
  const types = { js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8", svg: "image/svg+xml" };
  for (const address of named(html)) {
    const { status, headers, body } = await raw(address);
    assert.equal(status, 200, address);
    const kind = /** @type {keyof typeof types} */ (address.split(".").at(-1));
    assert.equal(headers["content-type"], types[kind], address);
    assert.equal(headers["x-content-type-options"], "nosniff", address);
    // A debug build reads its files anew each time.
    assert.match(headers["cache-control"], /^(no-store|public, max-age=31536000, immutable)$/, address);
    const packed = await raw(address, { "accept-encoding": "gzip" });
    if (packed.headers["content-encoding"] === "gzip") assert.deepEqual(gunzipSync(packed.body), body, address);
    else assert.deepEqual(packed.body, body, address);
    assert.ok(packed.body.length <= body.length, address);
    assert.match(packed.headers.vary, /accept-encoding/i, address);
  }
  const main = named(html).find((address) => address.endsWith("/main.js")) ?? "";
  assert.equal((await raw(main, { "accept-encoding": "gzip" })).headers["content-encoding"], "gzip");
});

test("what may change is asked for by its tag", LONG, async () => {
  const { headers } = await raw("/");
  assert.equal(headers["cache-control"], "no-cache");
  assert.match(headers.etag, /^"\S+"$/);
  const again = await raw("/", { "if-none-match": headers.etag });
  assert.equal(again.status, 304);
  assert.equal(again.body.length, 0);
  assert.equal((await raw("/", { "if-none-match": '"other"' })).status, 200);
});

test("what is no file of the page is not found", LONG, async () => {
  const folder = named((await raw("/")).body.toString())[0].replace(/[^/]+$/, "").replace(/styles\/$/, "");
  for (const name of ["none.js", "../web.rs", "..%2fweb.rs", "%2e%2e/web.rs", "styles", "styles/", "//etc/passwd"]) {
    assert.equal((await raw(folder + name)).status, 404, name);
  }
});

test("a page comes with less than 300 KB before pictures", LONG, withPage(server, {}, async (page) => {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const types = new Map();
  let bytes = 0;
  let files = 0;
  session.on("Network.responseReceived", (/** @type {any} */ event) => types.set(event.requestId, event.type));
  session.on("Network.loadingFinished", (/** @type {any} */ event) => {
    if (types.get(event.requestId) === "Image") return;
    bytes += event.encodedDataLength;
    files += 1;
  });
  await page.goto("/");
  await page.locator("main h1").first().waitFor({ state: "attached" });
  const took = await page.evaluate(() => performance.now());
  await settled(page);
  console.log(`# ${files} files, ${Math.round(bytes / 1000)} KB; the heading stood after ${Math.round(took)} ms at most`);
  assert.ok(files > 20, `${files} files`);
  assert.ok(bytes > 10_000 && bytes < 300_000, `${bytes} bytes`);
}));
