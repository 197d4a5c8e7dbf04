"""A retriever for LangChain (``pip install yuanwen[langchain]``)."""

from __future__ import annotations

import asyncio
from typing import Any, List, Optional, Union

from langchain_core.callbacks import (
    AsyncCallbackManagerForRetrieverRun,
    CallbackManagerForRetrieverRun,
)
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import PrivateAttr

from .client import Client
from .metadata import metadata
from .shapes import Block, Passage


class YuanwenRetriever(BaseRetriever):
    """Passages of a knowledge base, or with ``answers`` the original text that answers."""

    url: str = "http://127.0.0.1:8686"
    """The service's root."""
    kb: Optional[str] = None
    """The id of the knowledge base; may be left out where there is only one."""
    api_key: Optional[str] = None
    """A key, where the service has keys."""
    k: int = 10
    """How many passages to give at most."""
    answers: bool = False
    """Whether to give the blocks of the answer, and nothing where none was found."""
    timeout: float = 60.0
    """Seconds to wait for an answer."""

    _client: Client = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        super().model_post_init(context)
        self._client = Client(self.url, self.kb, self.api_key, self.timeout)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: Optional[int] = None,
    ) -> List[Document]:
        return self._retrieve(query, k)

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        k: Optional[int] = None,
    ) -> List[Document]:
        return await asyncio.to_thread(self._retrieve, query, k)

    def _retrieve(self, query: str, k: Optional[int]) -> List[Document]:
        most = self.k if k is None else k
        if not self.answers:
            return [_document(found) for found in self._client.search(query, most)]
        answer = self._client.ask(query, top=1)
        return [_document(block) for block in answer.blocks[:most]] if answer.found else []


def _document(found: Union[Block, Passage]) -> Document:
    return Document(page_content=found.text, metadata=metadata(found))
