// The question box for other web pages: in a page of another origin that has a strict policy.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";

import { LONG, PHONE, inaccessible, withPage } from "./browser.mjs";
import { folded } from "./paper.mjs";
import { serve } from "./server.mjs";
import { QUESTIONS } from "./stations.mjs";

/** A site that embeds the widget; what is embedded comes with the address. */
const site = createServer((request, reply) => {
  const { searchParams } = new URL(request.url ?? "", "http://site");
  if (request.url === "/favicon.ico") return reply.writeHead(204).end();
  const attributes = ["src", "data-kb", "data-key", "data-language", "data-title"]
    .filter((name) => searchParams.has(name)).map((name) => `${name}="${searchParams.get(name)}"`).join(" ");
  const host = new URL(searchParams.get("src") ?? "http://none").origin;
  reply.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": `default-src 'none'; script-src ${host}; connect-src ${host}; require-trusted-types-for 'script'`,
  });
  reply.end(`<!doctype html><html lang="zh"><title>内网主页</title><main><h1>内网主页</h1><p>欢迎。</p></main><script ${attributes} defer></script></html>`);
});
await new Promise((done) => site.listen(0, "127.0.0.1", () => done(null)));
after(() => site.close());
const { port } = /** @type {import("node:net").AddressInfo} */ (site.address());
const origin = `http://127.0.0.1:${port}`;
/** The same site by a name that the service does not know. */
const stranger = `http://localhost:${port}`;

const server = await serve({ args: ["--cors", origin] });
server.key = await server.newKey("admin");
const key = await server.newKey("read", ["--only", "samples"]);

/** @param {string} from @param {Record<string, string>} [more] */
const home = (from, more = {}) => `${from}/?${new URLSearchParams({ src: `${server.url}/widget.js`, "data-kb": "samples", "data-key": key, ...more })}`;

for (const [name, look] of /** @type {const} */ ([["wide", {}], ["narrow, dark", { size: PHONE, scheme: "dark" }]])) {
  test(`another site asks: ${name}`, LONG, withPage(server, { ...look, origins: [origin] }, async (page) => {
    const { blocks } = await server.post("/kbs/samples/ask", { question: QUESTIONS.text });
    await page.goto(home(origin));
    await page.getByRole("button", { name: "打开提问窗口" }).click();
    const panel = page.getByRole("dialog", { name: "问文档" });
    const box = panel.getByLabel("问题");
    assert.ok(await box.evaluate((/** @type {Element} */ one) => one === /** @type {ShadowRoot} */ (one.getRootNode()).activeElement));
    await box.fill(QUESTIONS.text);
    await box.press("Enter");
    await panel.locator(".block").first().waitFor();
    assert.equal(folded(await panel.locator(".block .text").first().innerText()), folded(blocks[0].text));
    assert.ok(await panel.locator("mark").count() > 0);
    const link = await panel.locator(".block a").getAttribute("href");
    assert.equal(link, `${server.url}/#/kb/samples/documents/${blocks[0].document}?page=${blocks[0].page}`);

    await box.fill(QUESTIONS.row);
    await box.press("Enter");
    await panel.locator(".answer table td").filter({ hasText: "20,418,553,270.38" }).waitFor();
    await box.fill(QUESTIONS.none);
    await box.press("Enter");
    await panel.getByText("没有在文档里找到答案").waitFor();
    assert.deepEqual(await inaccessible(page), []);

    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "hidden" });
    assert.equal(await page.evaluate(() => document.querySelector("yuanwen-widget")?.shadowRoot?.activeElement?.className), "launch");
  }));
}

test("it leads on to the full page with what was asked", LONG, withPage(server, { key, origins: [origin] }, async (page) => {
  await page.goto(home(origin, { "data-title": "问年报", "data-language": "en" }));
  await page.getByRole("button", { name: "问年报" }).click();
  const panel = page.getByRole("dialog", { name: "问年报" });
  await panel.getByLabel("Question").fill(QUESTIONS.text);
  await panel.getByLabel("Question").press("Enter");
  await panel.locator(".block").first().waitFor();
  const to = await panel.getByRole("link", { name: "Open in the full page" }).getAttribute("href");
  await page.goto(to);
  await page.locator("main h1").filter({ hasText: QUESTIONS.text }).waitFor();
  await page.locator(".ask-block").first().waitFor();
}));

test("a wrong key is said in words", LONG, withPage(server, { origins: [origin], expected: [/^401: POST/] }, async (page) => {
  await page.goto(home(origin, { "data-key": "yw_falsch_0000" }));
  await page.getByRole("button", { name: "打开提问窗口" }).click();
  await page.getByLabel("问题").fill(QUESTIONS.text);
  await page.getByLabel("问题").press("Enter");
  await page.getByText("这个网页的密钥无效").waitFor();
}));

test("a site that is not allowed is told what to do", LONG,
  withPage(server, { origins: [stranger], expected: [/CORS/, /failed: (POST|OPTIONS)/, /^403: /] }, async (page) => {
    await page.goto(home(stranger));
    await page.getByRole("button", { name: "打开提问窗口" }).click();
    await page.getByLabel("问题").fill(QUESTIONS.text);
    await page.getByLabel("问题").press("Enter");
    await page.getByText(`--cors ${stranger}`).waitFor();
  }));
