"""OpenAI's own client."""

import unittest

from .served import FACT, FILE, KEY, QUESTION, UNKNOWN, URL, needs


@needs("openai")
class OpenAi(unittest.TestCase):
    def setUp(self):
        from openai import OpenAI

        self.client = OpenAI(base_url=f"{URL}/v1", api_key=KEY, max_retries=0)
        self.addCleanup(self.client.close)

    def ask(self, *texts, **more):
        messages = [{"role": "user", "content": text} for text in texts]
        create = self.client.chat.completions.create
        return create(model="yuanwen", messages=messages, **more)

    def test_models(self):
        ids = [model.id for model in self.client.models.list()]
        self.assertIn("yuanwen", ids)
        self.assertEqual(self.client.models.retrieve(ids[0]).object, "model")

    def test_embeddings(self):
        create = self.client.embeddings.create
        # The client asks for base64 by itself unless told otherwise.
        packed = create(model="yuanwen", input=[QUESTION, FACT]).data
        plain = create(model="yuanwen", input=QUESTION, encoding_format="float").data
        self.assertEqual(len(packed), 2)
        for one, other in zip(packed[0].embedding, plain[0].embedding):
            self.assertAlmostEqual(one, other, places=6)

    def test_chat(self):
        reply = self.ask(QUESTION)
        text = reply.choices[0].message.content
        self.assertIn(FACT, text)
        self.assertIn(FILE, text)
        self.assertEqual(reply.choices[0].finish_reason, "stop")
        self.assertGreater(reply.usage.total_tokens, 0)
        self.assertIn("没有找到", self.ask(UNKNOWN).choices[0].message.content)

    def test_chat_piece_by_piece(self):
        whole = self.ask(QUESTION).choices[0].message.content
        stream = self.ask(QUESTION, stream=True, stream_options={"include_usage": True})
        chunks = list(stream)
        pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
        self.assertEqual("".join(pieces), whole)
        self.assertEqual(chunks[-1].usage.completion_tokens, len(whole))

    def test_vector_store(self):
        search = self.client.vector_stores.search
        page = search("yuanwen", query=QUESTION, max_num_results=3)
        first = page.data[0]
        self.assertIn(FACT, first.content[0].text)
        self.assertEqual(first.filename, FILE)
        self.assertTrue(0 < first.score <= 1)
        self.assertEqual(len(list(page)), 3)
        news = {"type": "eq", "key": "kind", "value": "news"}
        for found in search("yuanwen", query=QUESTION, filters=news):
            self.assertEqual(found.attributes["kind"], "news")

    def test_errors(self):
        import openai

        with self.assertRaises(openai.NotFoundError) as caught:
            self.client.chat.completions.create(model="none", messages=[])
        self.assertEqual(caught.exception.code, "kb_not_found")
        with self.assertRaises(openai.BadRequestError) as caught:
            self.ask("")
        self.assertEqual(caught.exception.param, "messages")


if __name__ == "__main__":
    unittest.main()
