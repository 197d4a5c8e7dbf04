"""The package against a running service: YUANWEN_URL, over samples/docs."""

import asyncio
import importlib.util
import os
import unittest

from yuanwen import Client, YuanwenError

URL = os.environ.get("YUANWEN_URL")
QUESTION = "哪家会计师事务所为远山通信2023年年度报告出具了审计报告？"
FACT = "青溪正衡会计师事务所"
REPORT = "远山通信2023年年度报告"
UNKNOWN = "火星开采许可证由谁签发？"
STATION = "远山通信完成雪岭基站改造\n\n改造后雪岭基站的下行速率达到每秒八百兆比特。\n"


def has(module):
    return importlib.util.find_spec(module) is not None


@unittest.skipUnless(URL, "YUANWEN_URL names no service")
class Served(unittest.TestCase):
    def setUp(self):
        self.client = Client(URL)


class TheClient(Served):
    def test_asks(self):
        answer = self.client.ask(QUESTION, top=2)
        self.assertTrue(answer.found)
        self.assertIn(FACT, answer.answer)
        block = answer.blocks[0]
        self.assertEqual((block.doc, block.page, block.boxes[0].page), (REPORT, 2, 2))
        self.assertEqual(len(answer.passages), 2)
        self.assertFalse(self.client.ask(UNKNOWN).found)
        later = self.client.ask("那2022年呢？", after=[QUESTION], as_of="2024-01")
        self.assertIn("2022", later.raw["completed"])

    def test_searches(self):
        found = self.client.search(QUESTION, limit=3)
        self.assertEqual(len(found), 3)
        self.assertIn(FACT, found[0].text)
        self.assertGreaterEqual(found[0].score, found[1].score)

    def test_lists_documents(self):
        names = [document.name for document in self.client.documents()]
        self.assertIn(REPORT, names)
        report = next(iter(self.client.documents(q=REPORT)))
        self.assertEqual(self.client.document(report.id), report)
        self.assertEqual((report.state, report.pages > 1), ("searchable", True))

    def test_uploads_and_deletes(self):
        try:
            document = self.client.upload(STATION.encode(), name="雪岭基站.txt")
        except YuanwenError as error:
            if error.status in (404, 405, 501):
                self.skipTest("this service takes no uploads")
            raise
        document = self.client.wait(document.id)
        question = "雪岭基站改造后的下行速率是多少？"
        self.assertIn("八百兆", self.client.ask(question).answer)
        self.client.delete(document.id)
        self.assertNotIn("八百兆", self.client.ask(question).answer)
        # Some services remember for a time what was removed.
        try:
            self.assertEqual(self.client.document(document.id).state, "removed")
        except YuanwenError as error:
            self.assertEqual(error.code, "document_not_found")
        listed = [other.id for other in self.client.documents()]
        self.assertNotIn(document.id, listed)

    def test_says_what_is_wrong(self):
        for client, code, status in [
            (Client(URL, kb="none"), "kb_not_found", 404),
            (Client("http://127.0.0.1:9", kb="none", timeout=5), "unreachable", None),
        ]:
            with self.assertRaises(YuanwenError) as caught:
                client.ask(QUESTION)
            self.assertEqual((caught.exception.code, caught.exception.status), (code, status))
        with self.assertRaises(ValueError):
            self.client.upload(b"text")


@unittest.skipUnless(has("langchain_core"), "langchain-core is not installed")
class LangChain(Served):
    def test_retrieves(self):
        from yuanwen.langchain import YuanwenRetriever

        retriever = YuanwenRetriever(url=URL, k=3)
        found = retriever.invoke(QUESTION)
        self.assertEqual(len(found), 3)
        self.assertIn(FACT, found[0].page_content)
        self.assertEqual(found[0].metadata["doc"], REPORT)
        self.assertEqual(asyncio.run(retriever.ainvoke(QUESTION)), found)
        self.assertEqual(len(retriever.invoke(QUESTION, k=1)), 1)
        answers = YuanwenRetriever(url=URL, answers=True)
        self.assertIn(FACT, answers.invoke(QUESTION)[0].page_content)
        self.assertEqual(answers.invoke(UNKNOWN), [])


@unittest.skipUnless(has("llama_index"), "llama-index-core is not installed")
class LlamaIndex(Served):
    def test_retrieves(self):
        from yuanwen.llamaindex import YuanwenRetriever

        retriever = YuanwenRetriever(url=URL, k=3)
        found = retriever.retrieve(QUESTION)
        self.assertEqual(len(found), 3)
        self.assertIn(FACT, found[0].text)
        self.assertEqual(found[0].metadata["doc"], REPORT)
        later = asyncio.run(retriever.aretrieve(QUESTION))
        self.assertEqual([node.text for node in later], [node.text for node in found])
        answers = YuanwenRetriever(url=URL, answers=True)
        self.assertIn(FACT, answers.retrieve(QUESTION)[0].text)
        self.assertEqual(answers.retrieve(UNKNOWN), [])


if __name__ == "__main__":
    unittest.main()
