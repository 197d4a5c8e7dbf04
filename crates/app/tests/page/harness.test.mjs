// That these tests notice what must not happen on the page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { LONG, inaccessible, open, visit } from "./browser.mjs";
import { serve, until } from "./server.mjs";

const server = await serve();

/** What goes wrong, and how it is told. What a test evaluates by itself may make code of text: hence a timer. @type {[string, () => any, RegExp][]} */
const WRONGS = [
  ["an error on the console", () => console.error("too much"), /^console error: too much/],
  ["an error that nobody caught", () => void setTimeout(() => { throw new Error("burst"); }), /^uncaught: .*burst/],
  ["a promise that nobody caught", () => void Promise.reject(new Error("broken")), /^uncaught: .*broken/],
  ["an inline style", () => document.body.setAttribute("style", "color: red"), /policy: style-src/],
  ["markup out of text", () => { try { document.body.innerHTML = "<b>bold</b>"; } catch { /* told as a breach of the policy */ } }, /policy: require-trusted-types-for/],
  ["a script out of text", () => void setTimeout(() => { try { eval("1"); } catch { /* likewise */ } }), /policy: (script-src|require-trusted-types-for)/],
  ["a request to elsewhere", () => void fetch("http://127.0.0.1:9/elsewhere").catch(() => {}), /policy: connect-src http:\/\/127\.0\.0\.1:9/],
  ["a picture from elsewhere", () => void Object.assign(new Image(), { src: "http://127.0.0.1:9/a.png" }), /policy: img-src/],
  ["an address that is not there", () => void fetch("/api/v1/nowhere"), /^404: GET .*nowhere/],
];

for (const [name, wrong, told] of WRONGS) {
  test(`it is noticed: ${name}`, LONG, async () => {
    const { page, trouble, close } = await open(server);
    try {
      await visit(page, "#/kb/samples/ask");
      trouble.none();
      await page.evaluate(wrong);
      await until(() => trouble.all.some((line) => told.test(line)), `it was not noticed: ${JSON.stringify(trouble.all)}`);
      assert.throws(() => trouble.none());
    } finally {
      await close();
    }
  });
}

test("it is noticed: what cannot be read aloud or seen", LONG, async () => {
  const { page, close } = await open(server);
  try {
    await visit(page, "#/kb/samples/ask");
    assert.deepEqual(await inaccessible(page), []);
    await page.evaluate(() => {
      const faint = document.createElement("p");
      faint.textContent = "hardly to be seen";
      faint.style.color = "#ccc";
      document.querySelector("main h1")?.after(document.createElement("button"), document.createElement("img"), faint);
    });
    const found = (await inaccessible(page)).join("\n");
    for (const rule of ["button-name", "image-alt", "color-contrast"]) assert.match(found, new RegExp(rule));
  } finally {
    await close();
  }
});
