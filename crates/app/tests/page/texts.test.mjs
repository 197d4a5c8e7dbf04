// The texts of the page: both languages say the same things, what is used is there, and nothing
// that a person reads stands anywhere else.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT } from "./server.mjs";
import { modules, surfaces, texts } from "./texts.mjs";

/** The names of what is filled in. @param {string} text */
const blanks = (text) => [...new Set([...text.matchAll(/\{(\w+)/g)].map((found) => found[1]))].sort();

test("both languages have the same texts, with the same blanks", async () => {
  const all = await surfaces();
  assert.ok(all.includes("shell") && all.includes("errors"), String(all));
  for (const surface of all) {
    const { zh, en } = await texts(surface);
    assert.deepEqual(Object.keys(en).sort(), Object.keys(zh).sort(), surface);
    for (const key of Object.keys(zh)) {
      assert.ok(zh[key].trim() && en[key].trim(), `${surface}.${key} is empty`);
      assert.deepEqual(blanks(en[key]), blanks(zh[key]), `${surface}.${key}`);
      // English may quote a question in Chinese; an example alone is the same in both.
      const isChinese = /\p{Script=Han}/u.test(en[key]) && !/[a-z]{3}/.test(en[key]);
      if (isChinese) assert.equal(en[key], zh[key], `${surface}.${key} in English`);
    }
  }
});

test("each text that a module names is there", async () => {
  let named = 0;
  for (const [name, source] of await modules()) {
    const files = new Map([...source.matchAll(/import (\w+) from "(?:\.\.\/|\.\/)+text\/(\w+)\.js"/g)].map((found) => [found[1], found[2]]));
    for (const [, speaker, variable] of source.matchAll(/const (\w+) = speaks\((\w+)\)/g)) {
      const surface = files.get(variable);
      assert.ok(surface, `${name}: ${variable} is of no file of texts`);
      const { zh } = await texts(surface);
      for (const [, key] of source.matchAll(new RegExp(`\\b${speaker}\\(\\s*"([^"]+)"`, "g"))) {
        named += 1;
        assert.ok(Object.hasOwn(zh, key), `${name}: ${speaker}("${key}") is not in text/${surface}.js`);
      }
    }
  }
  assert.ok(named > 20, `only ${named} texts were found`);
});

/** What may stand in a module: signs, and the name of a language in that language. */
const SIGNS = new Set(["原", "中文"]);

test("nothing that a person reads stands outside of the files of texts", async () => {
  const strings = /"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;
  for (const [name, source] of await modules()) {
    // The widget is one file for pages of others, which cannot load the texts of this one; and the
    // labelled questions of an example are Chinese in any language.
    if (name.startsWith("text/") || name.startsWith("widget/") || name === "measure/labels.js") continue;
    const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$|\s\/\/ .*$/gm, "");
    const read = [...code.matchAll(strings)].map(([text]) => text.slice(1, -1)).filter((text) => /\p{Script=Han}/u.test(text));
    assert.deepEqual(read.filter((text) => !SIGNS.has(text)), [], name);
  }
});

/** What the page never asks for, so that nobody reads of it. */
const NEVER = [
  "invalid_json", "job_not_found", "conversation_not_found", "conversation_full", "method_not_allowed",
  "idempotency_mismatch", "idempotency_running", "invalid_form", "unsupported_media_type", "range_not_satisfiable",
];

test("each error of the service has words", async () => {
  const { zh } = await texts("errors");
  const source = await readFile(join(ROOT, "crates/app/src/service/error.rs"), "utf8");
  const codes = [...source.matchAll(/^ {4}\w+ "(\w+)" \d{3} "/gm)].map((found) => found[1]);
  assert.ok(codes.length > 40, String(codes));
  assert.deepEqual(codes.filter((code) => !Object.hasOwn(zh, code) && !NEVER.includes(code)), []);
});
