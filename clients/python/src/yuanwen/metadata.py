"""What retrievers tell of a passage."""

from __future__ import annotations

from typing import Any, Dict, Union

from .shapes import Block, Passage


def metadata(found: Union[Block, Passage]) -> Dict[str, Any]:
    """What is known of a passage, without what is not."""
    known = {
        "doc": found.doc,
        "title": found.raw.get("title"),
        "page": found.page,
        "headings": list(found.headings),
        "document": found.raw.get("document"),
        "path": found.raw.get("path"),
        "score": getattr(found, "score", None),
    }
    return {name: value for name, value in known.items() if value is not None}
