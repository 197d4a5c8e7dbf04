#!/usr/bin/env python3
"""How well and how fast pictures of pages are read: ours next to Tesseract, in one run.

    benches/ocr.py FOLDER [FOLDER ...]

Every page of the PDFs there is drawn at 150 and 200 dots an inch, clean and degraded (turned by
1°, blurred, saved as a poor JPEG), and read by each. The truth is the text layer as `yuanwen parse`
gives it. Wanted: poppler's `pdftoppm`, `tesseract` with chi_sim and eng, and Pillow; rapidfuzz
makes it faster.
"""
import collections
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import unicodedata

import common

DOTS = (150, 200)


def normal(text):
    """Width and compatibility forms folded; no space, and no dots, which leaders are made of."""
    return re.sub(r"[\s.·…•]+", "", unicodedata.normalize("NFKC", text))


def distance(a, b):
    """The edit distance (Levenshtein)."""
    try:
        from rapidfuzz.distance import Levenshtein
        return Levenshtein.distance(a, b)
    except ImportError:
        pass
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        corner, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (x != y))
    return row[-1]


def score(found, truth):
    """Wrong characters, order counted; then shared characters, whatever their order."""
    found, truth = normal(found), normal(truth)
    shared = sum((collections.Counter(found) & collections.Counter(truth)).values())
    return distance(found, truth), shared, len(found), len(truth)


def pages_of(yuanwen, path):
    """The text of each page, running headers included, in our order."""
    _, _, code, out = common.run([yuanwen, "parse", path, "--json"])
    if code != 0:
        sys.exit(f"{path}: cannot be read")
    document = json.loads(out)
    pages = [[] for _ in document["pages"]]
    for block in document["blocks"]:
        first = block["page"]
        # A block that runs over a page break is not told apart here: such pages are left out.
        spread = {box["page"] for box in block.get("boxes", [])} | {first}
        for page in spread:
            if pages[page - 1] is not None:
                pages[page - 1] = None if len(spread) > 1 else pages[page - 1] + [block["text"]]
    return [None if texts is None else "\n".join(texts) for texts in pages]


def degrade(source, target):
    from PIL import Image, ImageFilter
    picture = Image.open(source).convert("L")
    dots = picture.info.get("dpi", None) or Image.open(source).info.get("dpi")
    picture = picture.rotate(1, resample=Image.BICUBIC, fillcolor=255)
    picture.filter(ImageFilter.GaussianBlur(0.8)).save(target, quality=40, dpi=dots)


def readers(yuanwen):
    tesseract = ["tesseract", "-", "-", "--psm", "3", "-l"]
    put = lambda command, path: [path if part == "-" and i == 1 else part for i, part in enumerate(command)]
    return {
        "yuanwen": lambda path: [yuanwen, "parse", path, "--text"],
        "tesseract chi_sim": lambda path: put(tesseract + ["chi_sim"], path),
        "tesseract chi_sim+eng": lambda path: put(tesseract + ["chi_sim+eng"], path),
    }


def run(command):
    """What `common.run` gives, with seconds of work in place of seconds passed."""
    before = os.times()
    _, memory, code, out = common.run(command)
    after = os.times()
    seconds = after.children_user - before.children_user + after.children_system - before.children_system
    return seconds, memory, code, out


def main():
    ap = common.arguments(__doc__, folder=False)
    ap.add_argument("folders", nargs="+")
    options = common.parse(ap)
    for tool in ("pdftoppm", "tesseract"):
        if not shutil.which(tool):
            sys.exit(f"{tool}: not installed")
    if not common.importable("PIL"):
        sys.exit("Pillow: not installed")
    # One thread each, so that seconds compare.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    results = collections.defaultdict(list)
    with tempfile.TemporaryDirectory() as work:
        for path in [path for folder in options.folders for path in common.files(folder, "pdf")]:
            for number, truth in enumerate(pages_of(options.yuanwen, path), 1):
                if not truth or len(normal(truth)) < 20:
                    continue
                for dots in DOTS:
                    clean = os.path.join(work, f"clean-{dots}.png")
                    poor = os.path.join(work, f"poor-{dots}.jpg")
                    draw = ["pdftoppm", "-png", "-singlefile", "-r", str(dots), "-f", str(number), path]
                    subprocess.run(draw + [clean[:-4]], check=True)
                    degrade(clean, poor)
                    for kind, picture in (("clean", clean), ("degraded", poor)):
                        for name, command in readers(options.yuanwen).items():
                            seconds, memory, code, out = run(command(picture))
                            if code != 0:
                                print(f"{name}: {os.path.basename(path)} page {number}: failed", file=sys.stderr)
                            results[kind, dots, name].append((*score(out, truth), seconds, memory))
    rows = []
    for (kind, dots, name), pages in sorted(results.items()):
        wrong, shared, found, truth, seconds, _ = (sum(column) for column in zip(*pages))
        rows.append({
            "pictures": f"{kind}, {dots} dpi", "reader": name, "pages": len(pages),
            "accuracy": 1 - wrong / truth, "f1": 2 * shared / (found + truth),
            "seconds": seconds / len(pages), "median": statistics.median(page[4] for page in pages),
            "memory": max(page[5] for page in pages),
        })
    if options.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    print("| pictures | reader | pages | characters right | in any order, F1 | CPU s a page | median | MiB |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for row in rows:
        print("| {pictures} | {reader} | {pages} | {accuracy:.4f} | {f1:.4f} | {seconds:.1f} | {median:.1f} "
              "| {memory:.0f} |".format(**row))


main()
