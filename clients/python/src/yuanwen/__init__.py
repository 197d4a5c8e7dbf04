"""Client of Yuanwen (原文): ask Chinese documents, get the original sentences back."""

from .client import Client
from .errors import YuanwenError
from .shapes import Answer, Block, Box, Document, KnowledgeBase, Passage

__all__ = [
    "Answer",
    "Block",
    "Box",
    "Client",
    "Document",
    "KnowledgeBase",
    "Passage",
    "YuanwenError",
]
__version__ = "0.1.0"
