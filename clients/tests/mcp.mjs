// The TypeScript SDK of the Model Context Protocol, over Streamable HTTP and stdio.
import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const { YUANWEN_URL, YUANWEN_BIN, YUANWEN_KB, YUANWEN_API_KEY } = process.env;
const question = "哪家会计师事务所为远山通信2023年年度报告出具了审计报告？";
const fact = "青溪正衡会计师事务所";
const headers = YUANWEN_API_KEY ? { Authorization: `Bearer ${YUANWEN_API_KEY}` } : {};

const transports = {
  http: new StreamableHTTPClientTransport(new URL(`${YUANWEN_URL}/mcp`), { requestInit: { headers } }),
  stdio: new StdioClientTransport({ command: YUANWEN_BIN, args: ["mcp", "--kb", YUANWEN_KB] }),
};
for (const [name, transport] of Object.entries(transports)) {
  const client = new Client({ name: "test", version: "1" });
  await client.connect(transport);
  const { tools } = await client.listTools();
  assert.deepEqual(tools.map((tool) => tool.name), ["search", "fetch", "ask"]);
  assert.match(client.getInstructions(), /word for word/);
  // The SDK checks the structure against the tool's output schema.
  const call = async (tool, args) => {
    const result = await client.callTool({ name: tool, arguments: args });
    assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent);
    return result.structuredContent;
  };
  const { results } = await call("search", { query: question });
  assert.ok(results[0].text.includes(fact));
  const read = await call("fetch", { id: results[0].id });
  assert.ok(read.text.includes(fact));
  const answer = await call("ask", { question });
  assert.ok(answer.found && answer.blocks[0].text.includes(fact));
  const wrong = await client.callTool({ name: "fetch", arguments: { id: "nothing" } });
  assert.ok(wrong.isError);
  await client.close();
  console.log(`npm @modelcontextprotocol/sdk over ${name}: ok`);
}
