#!/usr/bin/env python3
"""Learns the weights of `crates/engine/src/answer/companion.rs`.

    learn_companions.py NAME=EVAL.json:GOLD.jsonl …

EVAL.json is what `yuanwen eval --kb K --gold GOLD --unanswerable U --json` prints: for each answer
that could be one sentence, what it is worth alone and with each other sentence beside it. A logistic
regression (L2) on what speaks for the other sentence tells where the pair is right and the sentence
alone is wrong. Printed are, for held-out folds split by document, what each threshold costs and
brings, and the weights learned from all. Sets count by the square root of their sizes. Needs numpy.
"""

import json
import sys

import numpy as np

from learn_confidence import FOLDS, fit, fold, logistic

THRESHOLDS = (0.03, 0.04, 0.045, 0.05, 0.055, 0.06, 0.07, 0.08, 0.1, 0.15, 1.0)


def read(argument):
    name, paths = argument.split("=", 1)
    report, gold = paths.split(":")
    with open(gold, encoding="utf-8") as lines:
        labels = [json.loads(line) for line in lines if line.strip()]
    docs = {one["id"]: one["blocks"][0]["doc"] for one in labels if one.get("blocks")}
    with open(report, encoding="utf-8") as text:
        rows = json.load(text)["rows"]
    return name, [(fold(name + docs[row["id"]]), row) for row in rows]


def main():
    sets = [read(argument) for argument in sys.argv[1:]]
    names, pairs = [], []
    for at, (_, rows) in enumerate(sets):
        for nth, (own_fold, row) in enumerate(rows):
            alone, *others = row.get("companions") or [None]
            for other in others:
                names = names or list(other["figures"])
                x = [1.0, *(other["figures"][name] for name in names)]
                pairs.append((x, alone["wrong"] and not other["wrong"], own_fold, at, nth, other))
    x = np.array([pair[0] for pair in pairs])
    tells = np.array([pair[1] for pair in pairs])
    folds = np.array([pair[2] for pair in pairs])
    weight = np.array([1 / np.sqrt(len(sets[pair[3]][1])) for pair in pairs])
    weight *= len(pairs) / weight.sum()
    p = np.zeros(len(pairs))
    for at in range(FOLDS):
        train = folds != at
        p[~train] = logistic(x[~train] @ fit(x[train], tells[train], weight[train]))
    best = {}
    for likely, (_, _, _, at, nth, other) in zip(p, pairs):
        if likely > best.get((at, nth), (0, None))[0]:
            best[at, nth] = (likely, other)
    for threshold in THRESHOLDS:
        print(f"at {threshold:5}", end="")
        for at, (name, rows) in enumerate(sets):
            score = wrong = taken = 0
            for nth, (_, row) in enumerate(rows):
                likely, other = best.get((at, nth), (0, None))
                if other is None:
                    one = {"score": row["score"], "wrong": row["kw"] == 0 and row["es"] < 0.5}
                else:
                    taken += likely >= threshold
                    one = other if likely >= threshold else row["companions"][0]
                score, wrong = score + one["score"], wrong + one["wrong"]
            print(f"  {name}: score {100 * score / len(rows):.2f} wrong {wrong} pairs {taken}", end="")
        print()
    offset, *weights = fit(x, tells, weight)
    print(f"offset {offset:.2f}")
    for name, own in zip(names, weights):
        print(f'("{name}", {own:.2f}),')


if __name__ == "__main__":
    main()
