// Answers put into words by a language model: shown sentence by sentence while they come, each with
// its sources, and marked where these do not support it. The model is a server in this process that
// says what it is told to, when it is told to.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";

import { asked, askView } from "./asking.mjs";
import { LONG, inaccessible, settled, visit, withPage } from "./browser.mjs";
import { serve } from "./server.mjs";
import { QUESTIONS } from "./stations.mjs";
import { filled, texts } from "./texts.mjs";

const { zh: t } = await texts("ask");

/** How the next question is answered. @type {(reply: import("node:http").ServerResponse) => Promise<void> | void} */
let says = () => {};
const model = createServer((request, reply) => {
  request.resume().on("end", () => says(reply));
});
await new Promise((done) => model.listen(0, "127.0.0.1", () => done(null)));
after(() => model.close());
const { port } = /** @type {import("node:net").AddressInfo} */ (model.address());
const server = await serve({ args: ["--llm", `http://127.0.0.1:${port}`, "--llm-model", "测试模型"] });

/** @param {import("node:http").ServerResponse} reply @param {string} text */
function say(reply, text) {
  if (!reply.headersSent) reply.writeHead(200, { "content-type": "text/event-stream" });
  for (const part of text.match(/[^]{1,3}/gu) ?? []) reply.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: part } }] })}\n\n`);
}

/** @param {import("node:http").ServerResponse} reply */
function end(reply) {
  reply.end('data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n');
}

test("sentences come one by one, with their sources, and unsupported ones are marked", LONG, withPage(server, {}, async (page) => {
  /** @type {() => void} */
  let goOn = () => {};
  const seen = new Promise((done) => (goOn = () => done(null)));
  says = async (reply) => {
    say(reply, "经营活动产生的现金流量净额同比下降5.10%[1]。公司另外");
    await seen;
    say(reply, "支付了900亿元[1]。这与天气有关。还有一处[99]。");
    end(reply);
  };
  const view = askView(page);
  await visit(page, "#/kb/samples/ask");
  await view.box.fill(QUESTIONS.text);
  await view.box.press("Enter");
  const written = page.locator(".ask-written");
  await written.locator(".is-supported").filter({ hasText: "同比下降5.10%" }).waitFor();
  assert.equal(await written.getByText("900亿元").count(), 0);
  goOn();
  const invented = written.locator(".is-unsupported").filter({ hasText: "900亿元" });
  await invented.waitFor();
  await written.getByText(filled(t.missingFact, { text: "900亿元" })).waitFor();
  await written.getByText(t.missingCitation).waitFor();
  await written.getByText(filled(t.missingSource, { text: "[99]" })).waitFor();
  await written.getByText(filled(t.written, { model: "测试模型" })).waitFor();
  await settled(page);
  assert.equal(await written.locator(".is-supported").count(), 1);
  assert.equal(await written.locator(".is-unsupported").count(), 3);
  // The original text stands below all the same.
  assert.ok((await view.quotes()).join("").includes("提前支付了部分设备采购款"));
  assert.deepEqual(await inaccessible(page), []);

  await written.getByRole("button", { name: filled(t.source, { n: 1 }) }).first().click();
  assert.ok(await view.marks.count() > 0);
}));

test("a source is shown when its sentence is pointed at or has the focus", LONG, withPage(server, {}, async (page) => {
  says = (reply) => {
    say(reply, "现金流量净额同比下降5.10%[1]。");
    end(reply);
  };
  const { blocks } = await server.post("/kbs/samples/ask", { question: QUESTIONS.text, llm: false });
  await visit(page, asked(QUESTIONS.text));
  const cite = page.locator(".ask-written").getByRole("button", { name: filled(t.source, { n: 1 }) });
  await cite.focus();
  await page.locator(".hint").filter({ hasText: blocks[0].text.slice(0, 20) }).waitFor();
  await page.locator("main h1").focus();
  await page.locator(".ask-written .is-supported").hover();
  await page.locator(".hint").filter({ hasText: blocks[0].text.slice(0, 20) }).waitFor();
}));

test("where the model fails the original text is there all the same", LONG, withPage(server, {}, async (page) => {
  says = (reply) => {
    reply.writeHead(500).end('{"error": "out of memory"}');
  };
  const view = askView(page);
  await visit(page, asked(QUESTIONS.text));
  await view.answered(QUESTIONS.text);
  await page.locator(".ask-written .notice").waitFor();
  assert.ok((await view.quotes()).join("").includes("提前支付了部分设备采购款"));
}));

test("what is not found is not put into words", LONG, withPage(server, {}, async (page) => {
  let calls = 0;
  says = (reply) => {
    calls += 1;
    end(reply);
  };
  await visit(page, asked(QUESTIONS.none));
  await askView(page).notFound.waitFor();
  await settled(page);
  assert.equal(calls, 0);
  assert.equal(await page.locator(".ask-written").count(), 0);
}));
