"""A retriever for LlamaIndex (``pip install yuanwen[llamaindex]``)."""

from __future__ import annotations

import asyncio
from typing import Any, List, Optional, Union

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from .client import Client
from .metadata import metadata
from .shapes import Block, Passage


class YuanwenRetriever(BaseRetriever):
    """Passages of a knowledge base, or with ``answers`` the original text that answers.

    :param url: the service's root.
    :param kb: the id of the knowledge base; may be left out where there is only one.
    :param api_key: a key, where the service has keys.
    :param k: how many passages to give at most.
    :param answers: whether to give the blocks of the answer, and nothing where none was found.
    :param timeout: seconds to wait for an answer.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8686",
        kb: Optional[str] = None,
        api_key: Optional[str] = None,
        k: int = 10,
        answers: bool = False,
        timeout: float = 60.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._client = Client(url, kb, api_key, timeout)
        self._k = k
        self._answers = answers

    def _retrieve(self, query_bundle: QueryBundle) -> List[NodeWithScore]:
        query = query_bundle.query_str
        if not self._answers:
            found = self._client.search(query, self._k)
            return [_node(passage, passage.score) for passage in found]
        answer = self._client.ask(query, top=1)
        blocks = answer.blocks[: self._k] if answer.found else ()
        return [_node(block, answer.confidence) for block in blocks]

    async def _aretrieve(self, query_bundle: QueryBundle) -> List[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


def _node(found: Union[Block, Passage], score: float) -> NodeWithScore:
    node = TextNode(text=found.text, metadata=metadata(found))
    return NodeWithScore(node=node, score=score)
