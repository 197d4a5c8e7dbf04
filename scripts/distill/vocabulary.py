"""The words of the table, and how likely each is.

Chinese words come from the word list of jieba (MIT), counts included: the most frequent ones, and
every single character that it or the model's tokenizer has. Latin words and numbers are whole
words of the model's tokenizer, the likeliest first. All are folded as the engine folds text:
compatibility forms, lower case, and traditional characters made simplified one by one with the
table of OpenCC (Apache-2.0).
"""

import math
import unicodedata

LATIN_SHARE = 0.3
"""The tokenizer's probabilities are of many languages; so much of it is taken to be left."""
RAREST = 3
"""No word counts as rarer than one that was seen so often."""


class Folding:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            pairs = (line.rstrip("\n").split("\t") for line in file)
            self.simplified = {char: forms.split(" ")[0] for char, forms in pairs}

    def __call__(self, text):
        text = unicodedata.normalize("NFKC", text).lower()
        return "".join(self.simplified.get(ch, ch) for ch in text)


def is_han(word):
    return all("\u3400" <= ch <= "\u9fff" or ch == "〇" for ch in word)


def counts(path, fold):
    """How often each Chinese word of jieba's list was seen."""
    found = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            fields = line.split()
            if len(fields) == 3 and is_han(fields[0]):
                word = fold(fields[0])
                found[word] = found.get(word, 0) + int(fields[1])
    return found


def pieces(tokenizer, fold):
    """Log-probabilities of the tokenizer's pieces: single Han characters, and whole Latin words."""
    han, latin = {}, {}
    for piece, score in zip(tokenizer.pieces, map(float, tokenizer.scores)):
        word = piece.strip("▁")
        if len(word) == 1 and is_han(word):
            word = fold(word)
            han[word] = max(han.get(word, -math.inf), score)
        elif piece.startswith("▁") and word.isascii() and word.isalnum():
            word = word.lower()
            latin[word] = max(latin.get(word, -math.inf), score)
    return han, latin


def vocabulary(tokenizer, fold, words, han, latin):
    """Words with their probabilities, in the order of their characters."""
    seen = counts(words, fold)
    single, whole = pieces(tokenizer, fold)
    known = {word for word in seen if len(word) == 1} | set(single)
    longer = sorted((w for w in seen if len(w) > 1), key=lambda w: (-seen[w], w))
    chosen = sorted(known) + longer[: max(0, han - len(known))]
    total = sum(seen.values())
    least = RAREST / total
    out = {}
    for word in chosen:
        count = seen.get(word, 0)
        out[word] = max(count / total if count else math.exp(single[word]), least)
    for word in sorted(whole, key=lambda w: (-whole[w], w))[:latin]:
        out[word] = max(math.exp(whole[word]) * LATIN_SHARE, least)
    return dict(sorted(out.items()))
