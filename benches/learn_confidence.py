#!/usr/bin/env python3
"""Learns the weights of `crates/engine/src/answer/confidence.rs`.

    learn_confidence.py NAME=EVAL.json:GOLD.jsonl:UNANSWERABLE.jsonl …

EVAL.json is what `yuanwen eval --kb K --gold GOLD --unanswerable UNANSWERABLE --json` prints. Two
logistic regressions (L2) on the evidence are learned: one tells questions that the documents answer
from those they do not, the other, of the former, right answers from wrong ones. An answer is right
unless it holds no keyword and resembles no label. The confidence is a logistic curve over the
weighed sum of the logarithms of both. Figures are of held-out folds, split by document; each set's
questions count equally within their set and sets by the square root of their sizes. Needs numpy.
"""

import hashlib
import json
import sys

import numpy as np

FOLDS = 5
LEAST_ANSWERED = 0.85
# What the first logarithm counts against the second, as in confidence.rs.
ANSWERED = 0.35


def fold(key):
    return int(hashlib.md5(key.encode()).hexdigest(), 16) % FOLDS


def read(argument):
    name, paths = argument.split("=", 1)
    report, gold, unanswerable = (path for path in paths.split(":"))
    lines = lambda path: [json.loads(line) for line in open(path, encoding="utf-8") if line.strip()]
    report = json.load(open(report, encoding="utf-8"))
    docs = {one["id"]: one["blocks"][0]["doc"] for one in lines(gold) if one.get("blocks")}
    ways = {one["id"]: one for one in lines(unanswerable)}
    rows = []
    for row in report["rows"]:
        right = row["kw"] > 0 or row["es"] >= 0.5
        rows.append((row["evidence"], right, "answerable", fold(name + docs[row["id"]])))
    for row in report["calibration"].get("rows", []):
        one = ways[row["id"]]
        rows.append((row["evidence"], False, one["way"], fold(name + one.get("doc", one["question"]))))
    return name, rows


def fit(x, y, weight, l2=1.0, steps=60):
    """Newton's method; the offset, in the first column, is not shrunk."""
    w, shrink = np.zeros(x.shape[1]), np.full(x.shape[1], l2)
    shrink[0] = 0
    for _ in range(steps):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (weight * (p - y)) + shrink * w
        curve = (x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(shrink + 1e-9)
        w -= np.linalg.solve(curve, gradient)
    return w


def calibration_error(p, right, weight):
    bins = np.minimum((p * 10).astype(int), 9)
    gaps = [abs((weight * (p - right))[bins == at].sum()) for at in range(10)]
    return sum(gaps) / weight.sum()


def figures(label, p, right, answerable, threshold):
    given = p >= threshold
    share = lambda a, b: 100 * a.sum() / max(b.sum(), 1)
    print(f"{label:10} answered {share(given & answerable, answerable):5.1f}  "
          f"wrong {share(given & answerable & ~right, given & answerable):5.1f}  "
          f"false {share(given & ~answerable, ~answerable):5.1f}  "
          f"ece {calibration_error(p, right, np.ones(len(p))):.3f}")


def logistic(x):
    return 1 / (1 + np.exp(-x))


class Curves:
    """The two regressions and the curve over them."""

    def __init__(self, x, right, answerable, weight):
        self.answered = fit(x, answerable, weight)
        self.right = fit(x[answerable], right[answerable], weight[answerable])
        both = np.column_stack([np.ones(len(x)), self.both(x)])
        self.offset, self.factor = fit(both, right, weight, l2=0.01)

    def both(self, x):
        return ANSWERED * np.log(logistic(x @ self.answered)) + np.log(logistic(x @ self.right))

    def confidence(self, x):
        return logistic(self.offset + self.factor * self.both(x))


def main():
    sets = [read(argument) for argument in sys.argv[1:]]
    rows = [(at, *row) for at, (_, rows) in enumerate(sets) for row in rows]
    names = list(rows[0][1])
    x = np.array([[1.0, *(row[1][name] for name in names)] for row in rows])
    right = np.array([row[2] for row in rows])
    way = np.array([row[3] for row in rows])
    folds, own = np.array([row[4] for row in rows]), np.array([row[0] for row in rows])
    answerable = way == "answerable"
    weight = np.array([1 / np.sqrt((own == at).sum()) for at in own])
    weight *= len(rows) / weight.sum()
    p = np.zeros(len(rows))
    for at in range(FOLDS):
        train = folds != at
        curves = Curves(x[train], right[train], answerable[train], weight[train])
        p[~train] = curves.confidence(x[~train])
    for threshold in (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8):
        figures(f"at {threshold}", p, right, answerable, threshold)
    enough = np.quantile(p[answerable], 1 - LEAST_ANSWERED)
    print(f"threshold for {LEAST_ANSWERED}: {enough:.3f}")
    figures("all", p, right, answerable, enough)
    for at, (name, _) in enumerate(sets):
        mine = own == at
        figures(name, p[mine], right[mine], answerable[mine], enough)
    for name in sorted(set(way) - {"answerable"}):
        print(f"  {name:8} {(way == name).sum():4}  false {100 * (p[way == name] >= enough).mean():.1f}")
    curves = Curves(x, right, answerable, weight)
    learned = curves.confidence(x)
    print(f"threshold of what is learned from all: {np.quantile(learned[answerable], 1 - LEAST_ANSWERED):.3f}")
    print(f"offsets ({curves.answered[0]:.2f}, {curves.right[0]:.2f})")
    print(f"scale ({curves.factor:.2f}, {curves.offset:.2f})")
    for name, first, second in zip(names, curves.answered[1:], curves.right[1:]):
        print(f'("{name}", {first:.2f}, {second:.2f}),')


if __name__ == "__main__":
    main()
