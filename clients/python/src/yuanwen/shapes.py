"""What the service sends, as dataclasses. ``raw`` has all that was sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping, Optional, Sequence

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Box:
    """A rectangle on a page, in points from the top left."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class Block:
    """A stretch of original text that answers."""

    doc: str
    text: str
    page: Optional[int]
    headings: Sequence[str]
    boxes: Sequence[Box]
    raw: Json = field(repr=False, compare=False)

    @classmethod
    def of(cls, raw: Json) -> "Block":
        boxes = [
            Box(box["page"], box["x0"], box["y0"], box["x1"], box["y1"])
            for box in raw.get("boxes") or ()
        ]
        headings = tuple(raw.get("headings") or ())
        return cls(raw["doc"], raw["text"], raw.get("page"), headings, boxes, raw)


@dataclass(frozen=True)
class Passage:
    """A passage that was found or considered."""

    doc: str
    text: str
    score: float
    page: Optional[int]
    headings: Sequence[str]
    raw: Json = field(repr=False, compare=False)

    @classmethod
    def of(cls, raw: Json) -> "Passage":
        headings = tuple(raw.get("headings") or ())
        return cls(raw["doc"], raw["text"], raw["score"], raw.get("page"), headings, raw)


@dataclass(frozen=True)
class Answer:
    """An answer. Where ``found`` is false, ``blocks`` are the nearest there is and no answer."""

    found: bool
    confidence: float
    answer: str
    blocks: Sequence[Block]
    passages: Sequence[Passage]
    raw: Json = field(repr=False, compare=False)

    @classmethod
    def of(cls, raw: Json) -> "Answer":
        return cls(
            raw["found"],
            raw["confidence"],
            raw["answer"],
            [Block.of(block) for block in raw["blocks"]],
            [Passage.of(passage) for passage in raw["passages"]],
            raw,
        )


@dataclass(frozen=True)
class Document:
    """A document of a knowledge base. Pages and title are known once it was read."""

    id: str
    name: str
    state: str
    pages: int
    title: Optional[str]
    problem: Optional[str]
    raw: Json = field(repr=False, compare=False)

    @classmethod
    def of(cls, raw: Json) -> "Document":
        content = raw.get("content") or raw
        return cls(
            str(raw["id"]),
            raw["name"],
            raw.get("state") or "",
            content.get("pages") or 0,
            content.get("title"),
            raw.get("problem"),
            raw,
        )


@dataclass(frozen=True)
class KnowledgeBase:
    """A knowledge base of the service."""

    id: str
    name: str
    description: str
    raw: Json = field(repr=False, compare=False)

    @classmethod
    def of(cls, raw: Json) -> "KnowledgeBase":
        return cls(raw["id"], raw.get("name") or "", raw.get("description") or "", raw)
