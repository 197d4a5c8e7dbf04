"""What can go wrong."""

from __future__ import annotations

from typing import Any, Mapping, Optional


class YuanwenError(Exception):
    """A call that the service refused, or that did not reach it.

    ``code`` is stable (``document_not_found``, ``unauthorized``, …); it is ``unreachable`` where
    there was no answer, and ``status`` is then ``None``. The message says what to do.
    """

    def __init__(
        self,
        code: str,
        message: str,
        status: Optional[int] = None,
        details: Optional[Mapping[str, Any]] = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.details: Mapping[str, Any] = dict(details or {})
