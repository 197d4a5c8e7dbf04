"""The client. It holds no connection, so any number of threads may share one."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, BinaryIO, Iterator, List, Mapping, Optional, Sequence, Union
from urllib.parse import quote, urlencode

from .errors import YuanwenError
from .shapes import Answer, Document, KnowledgeBase, Passage

_PAUSE = 0.2
"""Seconds between two looks at a document that is being read."""


class Client:
    """A client of a service and one of its knowledge bases.

    :param url: the service's root.
    :param kb: the id of the knowledge base; may be left out where there is only one.
    :param api_key: a key, where the service has keys; ``YUANWEN_API_KEY`` if left out.
    :param timeout: seconds to wait for an answer.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8686",
        kb: Optional[str] = None,
        api_key: Optional[str] = None,
        timeout: float = 60.0,
    ) -> None:
        self._root = url.rstrip("/") + "/api/v1"
        self._kb = kb
        self._key = api_key or os.environ.get("YUANWEN_API_KEY")
        self._timeout = timeout

    @property
    def kb(self) -> str:
        """The id of the knowledge base."""
        if self._kb is None:
            ids = [kb.id for kb in self.kbs()]
            if len(ids) != 1:
                known = ", ".join(ids) or "none"
                message = f"which knowledge base? Give kb=…; there are: {known}"
                raise YuanwenError("kb_not_found", message)
            self._kb = ids[0]
        return self._kb

    def kbs(self) -> Iterator[KnowledgeBase]:
        """The knowledge bases of the service."""
        return (KnowledgeBase.of(raw) for raw in self._pages("/kbs", "kbs", {}))

    def ask(
        self,
        question: str,
        *,
        top: Optional[int] = None,
        as_of: Optional[str] = None,
        after: Sequence[str] = (),
    ) -> Answer:
        """Answers a question with original text.

        :param top: how many passages to give beside the answer.
        :param as_of: the date that 去年 and the like are counted from, as ``2023-05-04``.
        :param after: the questions before this one, the latest last.
        """
        body = {"question": question, "top": top, "as_of": as_of, "after": list(after)}
        return Answer.of(self._json("POST", self._path("/ask"), body))

    def search(self, query: str, limit: int = 10) -> List[Passage]:
        """The passages nearest to a query, best first."""
        body = {"query": query, "limit": limit}
        found = self._json("POST", self._path("/search"), body)
        return [Passage.of(raw) for raw in found["passages"]]

    def documents(self, q: Optional[str] = None, state: Optional[str] = None) -> Iterator[Document]:
        """The documents, by name.

        :param q: only those with this in the name, the title or the publisher.
        :param state: only those that have come so far, for example ``searchable``.
        """
        which = {"q": q, "state": state}
        return (Document.of(raw) for raw in self._pages(self._path("/documents"), "documents", which))

    def document(self, id: str) -> Document:
        """A document."""
        return Document.of(self._json("GET", self._path(f"/documents/{quote(id, safe='')}")))

    def upload(
        self,
        file: Union[str, "os.PathLike[str]", bytes, BinaryIO],
        name: Optional[str] = None,
    ) -> Document:
        """Adds a document: a path, bytes or an open file. It is queued; see :meth:`wait`.

        :param name: the name of the file with its extension; needed for bytes.
        """
        if isinstance(file, bytes):
            data: Any = file
        elif isinstance(file, (str, os.PathLike)):
            data, name = Path(file).read_bytes(), name or Path(file).name
        else:
            data, name = file.read(), name or Path(getattr(file, "name", "") or "").name
        if not name:
            raise ValueError("name the file: upload(data, name='report.pdf')")
        path = self._path("/documents") + "?" + urlencode({"name": name})
        answer = json.loads(self._call("POST", path, data, "application/octet-stream"))
        return Document.of(answer["documents"][0])

    def wait(self, id: str, timeout: float = 300.0) -> Document:
        """Waits until a document answers questions.

        :raises YuanwenError: if it cannot be read or was removed, with the code ``document_failed``, or takes
            longer than ``timeout`` seconds, with ``timeout``.
        """
        end = time.monotonic() + timeout
        while True:
            document = self.document(id)
            if document.state == "searchable":
                return document
            if document.state in ("failed", "removed"):
                reason = document.problem or document.state
                raise YuanwenError("document_failed", f"{document.name}: {reason}")
            if time.monotonic() >= end:
                raise YuanwenError("timeout", f"{document.name} is still {document.state}")
            time.sleep(_PAUSE)

    def delete(self, id: str) -> None:
        """Deletes a document. It is not found again once this returns."""
        self._call("DELETE", self._path(f"/documents/{quote(id, safe='')}"))

    def _path(self, path: str) -> str:
        return f"/kbs/{quote(self.kb, safe='')}{path}"

    def _pages(self, path: str, name: str, which: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        cursor = None
        while True:
            said = {**which, "cursor": cursor}
            query = urlencode({key: value for key, value in said.items() if value is not None})
            page = self._json("GET", f"{path}?{query}" if query else path)
            yield from page[name]
            cursor = page.get("next_cursor")
            if cursor is None:
                return

    def _json(self, method: str, path: str, body: Optional[Mapping[str, Any]] = None) -> Any:
        if body is None:
            return json.loads(self._call(method, path))
        said = {key: value for key, value in body.items() if value is not None}
        return json.loads(self._call(method, path, json.dumps(said).encode(), "application/json"))

    def _call(
        self,
        method: str,
        path: str,
        data: Optional[bytes] = None,
        kind: Optional[str] = None,
    ) -> bytes:
        request = urllib.request.Request(self._root + path, data=data, method=method)
        if kind:
            request.add_header("Content-Type", kind)
        if self._key:
            request.add_header("Authorization", f"Bearer {self._key}")
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            raise _refused(error) from None
        except OSError as error:
            reason = getattr(error, "reason", error)
            message = f"{self._root} does not answer: {reason}"
            raise YuanwenError("unreachable", message) from error


def _refused(error: urllib.error.HTTPError) -> YuanwenError:
    try:
        said = json.loads(error.read())["error"]
        return YuanwenError(said["code"], said["message"], error.code, said.get("details"))
    except (ValueError, KeyError, TypeError, OSError):
        return YuanwenError("unexpected", f"HTTP {error.code} {error.reason}", error.code)
