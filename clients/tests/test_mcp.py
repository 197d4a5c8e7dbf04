"""The Python SDK of the Model Context Protocol, over stdio and Streamable HTTP."""

import json
import unittest

from .served import BINARY, FACT, KB, KEY, QUESTION, UNKNOWN, URL, needs


@needs("mcp")
class Mcp(unittest.IsolatedAsyncioTestCase):
    async def drive(self, session):
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        self.assertEqual(set(tools), {"search", "fetch", "ask"})
        self.assertTrue(all(read_only(tool) for tool in tools.values()))

        found = await self.call(session, "search", {"query": QUESTION})
        first = found["results"][0]
        self.assertIn(FACT, first["text"])
        read = await self.call(session, "fetch", {"id": first["id"]})
        self.assertIn(first["text"], read["text"])
        self.assertTrue(read["url"].startswith(("file:", "http:")), read["url"])
        answer = await self.call(session, "ask", {"question": QUESTION})
        self.assertTrue(answer["found"])
        self.assertIn(FACT, answer["blocks"][0]["text"])
        self.assertTrue(answer["blocks"][0]["boxes"])
        unknown = await self.call(session, "ask", {"question": UNKNOWN})
        self.assertFalse(unknown["found"])
        wrong = await session.call_tool("fetch", {"id": "nothing"})
        self.assertTrue(attribute(wrong, "is_error", "isError"))
        self.assertIn("search", wrong.content[0].text)

    async def call(self, session, tool, arguments):
        """The SDK checks the structure against the tool's output schema."""
        result = await session.call_tool(tool, arguments)
        content = attribute(result, "structured_content", "structuredContent")
        self.assertEqual(json.loads(result.content[0].text), content)
        return content

    async def over(self, streams):
        from mcp import ClientSession

        async with streams as (read, write, *_):
            async with ClientSession(read, write) as session:
                await session.initialize()
                await self.drive(session)

    async def test_stdio(self):
        from mcp import StdioServerParameters, stdio_client

        command = StdioServerParameters(command=BINARY, args=["mcp", "--kb", KB])
        await self.over(stdio_client(command))

    async def test_http(self):
        await self.over(http())

    async def test_high_level_client(self):
        try:
            from mcp import Client
        except ImportError:
            self.skipTest("this version of mcp has no Client")
        for mode in ("auto", "legacy"):
            with self.subTest(mode):
                async with Client(http(), mode=mode) as client:
                    await self.drive(client)


def http():
    """The transport, under its new or its old name, with the key."""
    import mcp.client.streamable_http as http

    headers = {"Authorization": f"Bearer {KEY}"} if KEY != "none" else {}
    if hasattr(http, "streamable_http_client"):
        client = http.create_mcp_http_client(headers=headers)
        return http.streamable_http_client(f"{URL}/mcp", http_client=client)
    return http.streamablehttp_client(f"{URL}/mcp", headers=headers)


def read_only(tool):
    return attribute(tool.annotations, "read_only_hint", "readOnlyHint")


def attribute(value, *names):
    """An attribute under its new or its old name."""
    return next(getattr(value, name) for name in names if hasattr(value, name))


if __name__ == "__main__":
    unittest.main()
