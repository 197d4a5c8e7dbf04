"""What all tests share: where the server is, and what is asked of the samples."""

import importlib.util
import os
import unittest

URL = os.environ.get("YUANWEN_URL", "http://127.0.0.1:8686")
KEY = os.environ.get("YUANWEN_API_KEY") or "none"
BINARY = os.environ.get("YUANWEN_BIN", "yuanwen")
KB = os.environ.get("YUANWEN_KB", "")

QUESTION = "哪家会计师事务所为远山通信2023年年度报告出具了审计报告？"
FACT = "青溪正衡会计师事务所"
FILE = "远山通信2023年年度报告.pdf"
UNKNOWN = "火星开采许可证由谁签发？"


def needs(module):
    """Skips tests where a library is not installed."""
    there = importlib.util.find_spec(module) is not None
    return unittest.skipUnless(there, f"{module} is not installed")
