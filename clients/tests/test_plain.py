"""Interfaces without a library of their own: reranking and Dify, with requests and cohere."""

import unittest

from .served import FACT, KEY, QUESTION, URL, needs

TEXTS = ["松涛岛海缆在台风中受损。", f"{FACT}为本公司出具了审计报告。", "基站的下行速率。"]


@needs("requests")
class Plain(unittest.TestCase):
    def post(self, path, body):
        import requests

        headers = {"Authorization": f"Bearer {KEY}"} if KEY != "none" else {}
        return requests.post(f"{URL}{path}", json=body, headers=headers, timeout=60)

    def test_rerank(self):
        body = {"model": "yuanwen", "query": QUESTION, "documents": TEXTS, "top_n": 2}
        for path in ("/v1/rerank", "/rerank"):
            results = self.post(path, body).json()["results"]
            self.assertEqual([results[0]["index"], len(results)], [1, 2])
            self.assertEqual(results[0]["document"]["text"], TEXTS[1])

    def test_dify(self):
        setting = {"top_k": 3, "score_threshold": 0.1}
        body = {"knowledge_id": "yuanwen", "query": QUESTION, "retrieval_setting": setting}
        records = self.post("/retrieval", body).json()["records"]
        self.assertIn(FACT, records[0]["content"])
        self.assertTrue(all(isinstance(record["metadata"], dict) for record in records))
        condition = {"name": "kind", "comparison_operator": "is", "value": "news"}
        body["metadata_condition"] = {"logical_operator": "and", "conditions": [condition]}
        for record in self.post("/retrieval", body).json()["records"]:
            self.assertEqual(record["metadata"]["kind"], "news")
        unknown = self.post("/retrieval", {**body, "knowledge_id": "none"})
        self.assertEqual(unknown.json()["error_code"], 2001)


@needs("cohere")
class Cohere(unittest.TestCase):
    def test_rerank(self):
        import cohere

        for client in (cohere.Client, cohere.ClientV2):
            client = client(api_key=KEY, base_url=URL)
            reply = client.rerank(model="yuanwen", query=QUESTION, documents=TEXTS, top_n=1)
            self.assertEqual(reply.results[0].index, 1)
            self.assertTrue(0 < reply.results[0].relevance_score <= 1)


if __name__ == "__main__":
    unittest.main()
