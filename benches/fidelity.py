#!/usr/bin/env python3
"""Compares the text that `yuanwen parse` finds with poppler's `pdftotext`, document by document.

    fidelity.py FOLDER [--yuanwen target/release/yuanwen] [--limit 0.999] [--allow NAME]... [--json]

For every PDF of the folder: the F1 of the two multisets of characters, after NFKC and without
white space and control characters; running headers, page numbers and the like are counted on
both sides. Order is not looked at. Lists each document below the limit with the characters that
differ: `+` only we have it, `-` only pdftotext has it. Exits with 1 if a document that `--allow`
does not name is below the limit, or cannot be read.
"""
import collections, json, os, subprocess, sys, unicodedata
from concurrent.futures import ThreadPoolExecutor

import common


def characters(text):
    text = unicodedata.normalize("NFKC", text)
    return collections.Counter(
        c for c in text if not c.isspace() and unicodedata.category(c) != "Cc")


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def f1(ours, theirs):
    total = sum(ours.values()) + sum(theirs.values())
    return 2 * sum((ours & theirs).values()) / total if total else 1.0


def some(counter, limit=12):
    items = [f"{c}×{n}" if n > 1 else c for c, n in counter.most_common(limit)]
    return " ".join(items) + (" …" if len(counter) > limit else "")


def compare(yuanwen, path):
    row = dict(name=os.path.splitext(os.path.basename(path))[0], f1=0.0, error=None)
    code, ours, message = run([yuanwen, "parse", path, "--text"])
    if code != 0:
        return dict(row, error=message.strip() or f"exit code {code}")
    code, theirs, message = run(["pdftotext", path, "-"])
    if code != 0:
        return dict(row, error="pdftotext: " + message.strip())
    ours, theirs = characters(ours), characters(theirs)
    return dict(row, f1=f1(ours, theirs), more=ours - theirs, less=theirs - ours,
                characters=sum(theirs.values()))


def main():
    ap = common.arguments(__doc__)
    ap.add_argument("--limit", type=float, default=0.999)
    ap.add_argument("--allow", action="append", default=[], metavar="NAME")
    o = common.parse(ap)
    pdfs = common.files(o.folder, "pdf")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = list(pool.map(lambda path: compare(o.yuanwen, path), pdfs))
    below = [row for row in rows if row["error"] or row["f1"] < o.limit]
    bad = [row for row in below if row["name"] not in o.allow]
    if o.json:
        plain = [{k: v for k, v in row.items() if k not in ("more", "less")} for row in rows]
        print(json.dumps(plain, ensure_ascii=False))
        return 1 if bad else 0
    for row in sorted(below, key=lambda row: row["f1"]):
        note = " (allowed)" if row["name"] in o.allow else ""
        if row["error"]:
            print(f'{row["name"]}: {row["error"]}{note}')
            continue
        print(f'{row["name"]}: {row["f1"]:.5f} of {row["characters"]} characters{note}')
        for sign, counter in (("+", row["more"]), ("-", row["less"])):
            if counter:
                print(f"  {sign}{sum(counter.values())}: {some(counter)}")
    read = [row for row in rows if not row["error"]]
    if read:
        worst = min(read, key=lambda row: row["f1"])
        mean = sum(row["f1"] for row in read) / len(read)
        print(f'{len(rows)} documents, {len(below)} below {o.limit}; '
              f'mean F1 {mean:.5f}, lowest {worst["f1"]:.5f} ({worst["name"]})')
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
