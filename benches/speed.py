#!/usr/bin/env python3
"""Time and peak memory of `yuanwen`, next to other PDF tools on the same files in the same run.

    speed.py FOLDER [--yuanwen target/release/yuanwen] [--rounds 3] [--slow]
             [--questions Q.jsonl] [--json]

Each round runs, in an order that is reversed every other round: `yuanwen index` into a fresh
knowledge base, `pdftotext` over every file, PyMuPDF and, with --slow, pdfplumber where they can be
imported. Then, over the last knowledge base: a second `index` with nothing changed, `ask` as a new
process, `batch` for the time of a question once the process is warm, and the binary's size.

Times are wall-clock medians of the rounds. Memory is the peak resident set of the largest single
process, children included; none shows less than this script's own, about 15 MiB. PyMuPDF
and pdfplumber run in one python3 each, all files in turn.
"""
import json, os, shutil, statistics, sys, tempfile

import common
from common import importable, run

MUPDF = """
import sys, pymupdf
for path in sys.argv[1:]:
    with pymupdf.open(path) as doc:
        if doc.needs_pass: doc.authenticate("")
        for page in doc: page.get_text()
"""
PLUMBER = """
import sys, pdfplumber
for path in sys.argv[1:]:
    with pdfplumber.open(path) as doc:
        for page in doc.pages:
            page.extract_text()
            page.close()
"""
LIMITS = {"index": (8.0, 250.0), "index again": (1.0, None), "ask": (0.3, None),
          "a question, warm": (0.03, None)}


def must(command, codes=(0, 3)):
    """Seconds, MiB and output of a command. The exit code 3 means: some skipped."""
    seconds, memory, code, output = run(command)
    if code not in codes:
        sys.exit(f"{' '.join(command[:4])} …: exit code {code}")
    return seconds, memory, output


def each(commands):
    """A command for every file: seconds in all, the largest process, failures are not counted."""
    total, peak = 0.0, 0.0
    for command in commands:
        seconds, memory, _, _ = run(command)
        total, peak = total + seconds, max(peak, memory)
    return total, peak


def main():
    ap = common.arguments(__doc__)
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--slow", action="store_true", help="pdfplumber too: minutes for a thousand pages")
    ap.add_argument("--questions", default=os.path.join(common.ROOT, "samples/gold.jsonl"))
    o = common.parse(ap)
    pdfs = common.files(o.folder, "pdf")

    temp = tempfile.mkdtemp(prefix="yuanwen-speed-")
    kb = os.path.join(temp, "kb")

    def index_fresh():
        shutil.rmtree(kb, ignore_errors=True)
        return must([o.yuanwen, "index", "--kb", kb, *pdfs])[:2]

    contenders = {"index": index_fresh}
    if shutil.which("pdftotext"):
        contenders["pdftotext"] = lambda: each([["pdftotext", path, os.devnull] for path in pdfs])
    if importable("pymupdf"):
        contenders["PyMuPDF"] = lambda: must([sys.executable, "-c", MUPDF, *pdfs])[:2]
    if o.slow and importable("pdfplumber"):
        contenders["pdfplumber"] = lambda: must([sys.executable, "-c", PLUMBER, *pdfs])[:2]

    try:
        samples = {name: [] for name in contenders}
        for number in range(o.rounds):
            names = list(contenders)
            for name in names if number % 2 == 0 else reversed(names):
                samples[name].append(contenders[name]())
        index_fresh()
        with open(o.questions, encoding="utf-8") as file:
            question = json.loads(file.readline())["question"]
        answers = os.path.join(temp, "answers.jsonl")
        samples["index again"] = [must([o.yuanwen, "index", "--kb", kb, *pdfs])[:2] for _ in range(o.rounds)]
        samples["ask"] = [must([o.yuanwen, "ask", "--kb", kb, question])[:2] for _ in range(max(5, o.rounds))]
        memory = must([o.yuanwen, "batch", "--kb", kb, "--questions", o.questions, "--out", answers])[1]
        with open(answers, encoding="utf-8") as file:
            warm = [json.loads(line)["ms"] / 1000 for line in file][1:]
        samples["a question, warm"] = [(seconds, memory) for seconds in warm]
        samples["the slowest of them"] = [(max(warm), memory)]
        size = sum(os.path.getsize(os.path.join(d, f)) for d, _, fs in os.walk(kb) for f in fs)
    finally:
        shutil.rmtree(temp, ignore_errors=True)

    results = {name: dict(seconds=statistics.median(s for s, _ in runs), mib=max(m for _, m in runs))
               for name, runs in samples.items()}
    ours = results["index"]
    binary = os.path.getsize(o.yuanwen) / 2**20
    if o.json:
        print(json.dumps(dict(files=len(pdfs), binary_mib=binary, kb_mib=size / 2**20, results=results)))
        return 0
    print(f"{len(pdfs)} PDFs, {o.rounds} rounds, {os.cpu_count()} cores; binary {binary:.1f} MiB, "
          f"knowledge base {size / 2**20:.1f} MiB")
    print(f"{'':22}{'seconds':>10}{'MiB':>8}   time and memory as a multiple of index; limit")
    for name, r in results.items():
        ratio = f'{r["seconds"] / ours["seconds"]:.2f}× {r["mib"] / ours["mib"]:.2f}×' if name in contenders else ""
        limit = LIMITS.get(name)
        over = ""
        if limit:
            over = f"≤ {limit[0]} s" + (f", {limit[1]:.0f} MiB" if limit[1] else "")
            if r["seconds"] > limit[0] or (limit[1] and r["mib"] > limit[1]):
                over += "  OVER"
        print(f'{name:22}{r["seconds"]:10.3f}{r["mib"]:8.0f}   {ratio:15}{over}')
    return 0


if __name__ == "__main__":
    sys.exit(main())
