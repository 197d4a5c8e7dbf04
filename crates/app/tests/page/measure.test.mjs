// Evaluations and the explanation of a question: a labelled file is checked, run, read, held against
// another run and deleted; a question is explained in three stages.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { LONG, PHONE, WIDE, fits, inaccessible, settled, visit, withPage } from "./browser.mjs";
import { ROOT, serve, until } from "./server.mjs";
import { QUESTIONS, evaluated } from "./stations.mjs";

const server = await serve();
const gold = await readFile(join(ROOT, "samples/gold.jsonl"), "utf8");
const LIST = "#/kb/samples/measure";

/** Chooses a file of labelled questions and gives what is said of it. @param {any} page @param {string | Buffer} content */
async function choose(page, content) {
  await page.setInputFiles("input[type=file]", { name: "标注.jsonl", mimeType: "application/x-ndjson", buffer: Buffer.from(content) });
  await page.locator(".drop-said").getByText("标注.jsonl").waitFor();
  return page.locator(".drop-said").innerText();
}

test("a wrong line of a labelled file is named", LONG, withPage(server, {}, async (page) => {
  await visit(page, LIST);
  const right = '{"id": 1, "question": "甲？", "blocks": [{"doc": "乙"}]}';
  for (const [content, words] of /** @type {[string | Buffer, string][]} */ ([
    [`${right}\n\n{"id": 2, "question": "丙？"`, "第 3 行不是完整的 JSON"],
    [`${right}\n{"question": "丙？"}`, "第 2 行的 id"],
    [`${right}\n{"id": 2, "question": " "}`, "第 2 行缺少问题"],
    ['{"id": 1, "question": "甲？", "blocks": [{"text": "乙"}]}', "第 1 行的 blocks"],
    ['{"id": 1, "question": "甲？"}', "没有标注"],
    [Buffer.from([0xbc, 0xd7]), "不是 UTF-8"],
    [`${right}\n${right}`, "编号重复：1"],
    [right, "没有这些文档：乙"],
  ])) {
    await choose(page, content);
    await page.locator(".drop-said").getByText(words).waitFor();
  }
  assert.match(await choose(page, `\uFEFF${gold}`), /22 题/);
  assert.equal(await page.locator(".drop-said .notice").count(), 0);
}));

test("the example that is offered can be used", LONG, withPage(server, {}, async (page) => {
  await visit(page, LIST);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "下载示例文件" }).click()]);
  assert.match(await choose(page, await readFile(await download.path())), /3 题/);
}));

test("an evaluation is run, read, compared and deleted", LONG, withPage(server, {}, async (page) => {
  const before = await evaluated(server, { name: "之前" });
  await visit(page, LIST);
  await choose(page, gold);
  await page.getByLabel("名称").fill("只看词语");
  await page.getByLabel("比较意思").uncheck();
  await page.getByRole("button", { name: "开始评测" }).click();
  await page.getByRole("link", { name: "只看词语" }).click();
  await settled(page);
  const id = new URL(page.url()).hash.split("/").at(-1);
  const run = await server.get(`/kbs/samples/evaluations/${id}`);
  assert.deepEqual(run.options, { rated: false, embedder: false, reranker: false });
  assert.equal(await page.locator(".figure-value").first().innerText(), run.report.bdci.toFixed(1));
  // Four pictures of any set, and one by the types that these labels name.
  await until(async () => (await page.locator("figure svg[role=img]").count()) === 5, "there are not five pictures");
  assert.equal(await page.locator(".question").count(), 20);
  const worst = [...run.report.rows].sort((one, other) => one.score - other.score)[0];
  const first = page.locator(".question").first();
  assert.equal(await first.locator("h3").innerText(), worst.question);
  assert.ok((await first.locator(".pair").innerText()).includes(worst.expected.split("\n")[0].slice(0, 12)));
  await page.getByLabel("类型").selectOption("person");
  const persons = run.report.rows.filter((/** @type {any} */ row) => row.asks === "person").length;
  assert.equal(await page.locator(".question").count(), persons);
  assert.match(page.url(), /kind=person/);

  await visit(page, LIST);
  for (const name of ["只看词语", "之前"]) await page.getByLabel(`选来比较：${name}`).check();
  await page.getByRole("button", { name: "比较选中的两次" }).click();
  await settled(page);
  assert.match(page.url(), new RegExp(`measure/${id}/${before}$`));
  const compared = await server.get(`/kbs/samples/evaluations/${id}/compare/${before}`);
  const verdict = await page.locator(".verdict").innerText();
  assert.ok(verdict.includes(`${compared.wins} 题更好，${compared.losses} 题更差`), verdict);

  await visit(page, LIST);
  await page.locator("tr", { hasText: "只看词语" }).getByRole("button", { name: "删除" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "删除" }).click();
  await page.locator("tr", { hasText: "只看词语" }).waitFor({ state: "detached" });
  assert.deepEqual((await server.get("/kbs/samples/evaluations")).evaluations.map((/** @type {any} */ one) => one.id), [before]);
}));

test("waiting can be stopped, and goes on in other views", LONG, withPage(server, {}, async (page) => {
  /** @type {() => void} */
  let letGo = () => {};
  const held = new Promise((go) => (letGo = () => go(null)));
  await page.route("**/evaluations", async (/** @type {any} */ route) => {
    if (route.request().method() === "POST") await held;
    await route.continue().catch(() => {});
  });
  await visit(page, LIST);
  await choose(page, gold);
  await page.getByRole("button", { name: "开始评测" }).click();
  await page.getByRole("timer").waitFor();
  await visit(page, "#/kb/samples/words");
  await visit(page, LIST);
  assert.match(await page.getByRole("timer").innerText(), /已用 \d+/);
  await page.getByRole("button", { name: "停止等待" }).click();
  await page.getByText("已停止等待").waitFor();
  letGo();
}));

test("a question is explained in three stages", LONG, withPage(server, {}, async (page) => {
  await visit(page, "#/kb/samples/explain");
  await page.getByLabel("问题", { exact: true }).fill(QUESTIONS.row);
  await page.getByRole("button", { name: "解析" }).click();
  await page.locator(".scores").waitFor();
  await settled(page);
  assert.equal(new URLSearchParams(page.url().split("?")[1]).get("q"), QUESTIONS.row);
  assert.deepEqual(await page.locator(".stage h2").allInnerTexts(), ["怎样理解问题", "考虑了哪些段落", "选了什么答案"]);
  const answer = await server.post("/kbs/samples/ask", { question: QUESTIONS.row, explain: true, layout: true });
  assert.equal(await page.locator(".considered > li").count(), Math.min(5, answer.passages.length));
  assert.equal(await page.locator(".scores tfoot td").first().innerText(), answer.passages[0].score.toFixed(2));
  assert.ok((await page.locator(".terms").first().innerText()).includes("总资"));
  assert.ok(await page.locator(".stage").last().getByText("找到了答案", { exact: true }).isVisible());
  // No figure goes by the name that the code has for it.
  for (const code of ["bm25", "margin", "unheld"]) assert.equal(await page.getByText(code, { exact: true }).count(), 0);
}));

for (const [width, size] of /** @type {const} */ ([["wide", WIDE], ["narrow", PHONE]])) {
  for (const scheme of /** @type {const} */ (["light", "dark"])) {
    test(`a comparison and an explanation are within reach, ${width}, ${scheme}`, LONG, withPage(server, { size, scheme }, async (page) => {
      const options = { embedder: false };
      const [before, now] = [await evaluated(server, { options }), await evaluated(server, {})];
      for (const hash of [`${LIST}/${now}/${before}`, `#/kb/samples/explain?${new URLSearchParams({ q: QUESTIONS.pages, as_of: "2024" })}`]) {
        await visit(page, hash);
        for (const more of await page.locator("main details > summary").all()) if (await more.isVisible()) await more.click();
        assert.deepEqual(await inaccessible(page), []);
        assert.ok(await fits(page), `${hash} is wider than the window`);
      }
    }));
  }
}
