#!/usr/bin/env python3
"""How fast each format is read, next to a known tool each, in one run.

    formats.py [FOLDER] [--yuanwen target/release/yuanwen] [--copies 200] [--rounds 3]
               [--only EXT]... [--python python3] [--json]

For each format: `yuanwen index` of a folder into a fresh knowledge base (which does far more than
read: passages, catalogue, full-text index; on all cores), our reader alone on one thread
(`cargo build --release --example parse_all`, left out if it is not built), and the tools that
PYTHON can import, each as one process that reads all files in turn and counts the characters. The
contenders take turns, in an order that is reversed every other round; figures are medians of the
rounds. Nothing is subtracted, the start of a process included.

The files are copies of FOLDER's files of that format (default samples/formats), repeated until
there are COPIES of them; each ends in bytes of its own that do not show, since equal files are
parsed only once. A ratio is the tool's time by ours: above 1 we are faster.
"""
import json, os, shutil, statistics, sys, tempfile

import common

# Extracts text: `text` of a path gives it. Names are those on PyPI.
TOOLS = {
    "pdf": [("PyMuPDF", "import pymupdf", "''.join(p.get_text() for p in pymupdf.open(path))")],
    "docx": [("python-docx", "import docx", "docx_text(path)"),
             ("docx2txt", "import docx2txt", "docx2txt.process(path)")],
    "pptx": [("python-pptx", "import pptx", "pptx_text(path)")],
    "xlsx": [("openpyxl", "import openpyxl", "xlsx_text(path)")],
    "xls": [("xlrd", "import xlrd", "xls_text(path)")],
    "ods": [("pandas+odfpy", "import pandas, odf", "sheets_text(pandas.read_excel(path, sheet_name=None, engine='odf'))")],
    "csv": [("pandas", "import pandas", "pandas.read_csv(path, encoding_errors='replace').to_string()")],
    "html": [("trafilatura", "import trafilatura", "trafilatura.extract(open(path, 'rb').read()) or ''"),
             ("BeautifulSoup", "from bs4 import BeautifulSoup", "BeautifulSoup(open(path, 'rb').read(), 'lxml').get_text()")],
    "md": [("markdown-it-py", "from markdown_it import MarkdownIt", "markdown_text(path)")],
    "txt": [("charset-normalizer", "import charset_normalizer", "str(charset_normalizer.from_path(path).best())")],
    "epub": [("EbookLib+BeautifulSoup", "from ebooklib import epub\nfrom bs4 import BeautifulSoup", "epub_text(path)")],
    "eml": [("email+BeautifulSoup", "import email, email.policy\nfrom bs4 import BeautifulSoup", "eml_text(path)")],
    "json": [("json", "import json", "json.dumps(json.load(open(path, 'rb')), ensure_ascii=False)")],
}
# One tool for most formats.
MARKITDOWN = ("markitdown", "import markitdown\nreader = markitdown.MarkItDown()", "reader.convert(path).text_content")
FOR_MARKITDOWN = ("docx", "pptx", "xlsx", "xls", "html", "epub", "csv")

SCRIPT = """
import sys, warnings
warnings.simplefilter("ignore")
{imports}

def docx_text(path):
    document = docx.Document(path)
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\\n".join([*(p.text for p in document.paragraphs), *cells])

def pptx_text(path):
    out = []
    for slide in pptx.Presentation(path).slides:
        for shape in slide.shapes:
            if shape.has_text_frame: out.append(shape.text_frame.text)
            if shape.has_table: out += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\\n".join(out)

def xlsx_text(path):
    book = openpyxl.load_workbook(path, data_only=True)
    return "\\n".join(str(v) for sheet in book for row in sheet.iter_rows(values_only=True) for v in row if v is not None)

def xls_text(path):
    book = xlrd.open_workbook(path, formatting_info=True)
    return "\\n".join(str(v) for sheet in book.sheets() for n in range(sheet.nrows) for v in sheet.row_values(n))

def sheets_text(sheets):
    return "\\n".join(sheet.to_string() for sheet in sheets.values())

def markdown_text(path):
    tokens = MarkdownIt("commonmark").enable("table").parse(open(path, encoding="utf-8", errors="replace").read())
    return "\\n".join(token.content for token in tokens)

def epub_text(path):
    book = epub.read_epub(path)
    items = (item for item in book.get_items() if item.get_type() == 9)
    return "\\n".join(BeautifulSoup(item.get_content(), "lxml").get_text() for item in items)

def eml_text(path):
    message = email.message_from_binary_file(open(path, "rb"), policy=email.policy.default)
    body = message.get_body(("html", "plain"))
    text = body.get_content() if body else ""
    return BeautifulSoup(text, "lxml").get_text()

characters = errors = 0
for path in open(sys.argv[1]).read().split("\\n"):
    try:
        characters += len({text})
    except Exception:
        errors += 1
print(characters, errors)
"""


def copies(paths, count, folder):
    """Copies that differ in bytes that do not show."""
    out = []
    for number in range(max(count, len(paths))):
        path = paths[number % len(paths)]
        with open(path, "rb") as file:
            content = file.read()
        stem, extension = os.path.splitext(os.path.basename(path))
        copy = os.path.join(folder, f"{number:05}-{stem}{extension}")
        with open(copy, "wb") as file:
            file.write(marked(content, extension[1:].lower(), number))
        out.append(copy)
    return out


def marked(content, extension, number):
    """A ZIP file gets a comment, a text white space at its end, others bytes behind theirs."""
    end = content.rfind(b"PK\x05\x06")
    if content.startswith(b"PK") and end >= 0 and content[end + 20:] == b"\0\0":
        comment = b"%08d" % number
        return content[:end + 20] + len(comment).to_bytes(2, "little") + comment
    if extension in ("pdf", "xls"):
        return content + b"\n%%%08d\n" % number + b"\0" * (502 if extension == "xls" else 0)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content
    bits = f"{number:016b}"
    if extension == "csv":
        return content.rstrip(b"\r\n") + b"".join(b"\r\n" if bit == "1" else b"\n" for bit in bits)
    return content.rstrip(b"\r\n") + b"\n\n" + bits.replace("0", " ").replace("1", "\t").encode() + b"\n"


def must(command, codes=(0, 3)):
    seconds, memory, code, output = common.run(command)
    if code not in codes:
        sys.exit(f"{' '.join(command[:4])} …: exit code {code}")
    return seconds, memory, output


def contenders(o, extension, folder, paths):
    """Names and functions that give seconds, MiB and what was read: characters and errors."""
    kb = os.path.join(os.path.dirname(folder), "kb")
    listing = os.path.join(os.path.dirname(folder), "list")
    with open(listing, "w") as file:
        file.write("\n".join(paths))

    def index():
        shutil.rmtree(kb, ignore_errors=True)
        seconds, memory, _ = must([o.yuanwen, "index", "--kb", kb, folder])
        return seconds, memory, None

    def alone():
        _, memory, output = must([reader, *paths])
        seconds, _, characters, errors = output.split()
        return float(seconds), memory, (int(characters), int(errors))

    def tool(imports, text):
        script = SCRIPT.format(imports=imports, text=text)
        return lambda: (lambda s, m, out: (s, m, tuple(map(int, out.split()[-2:]))))(
            *must([o.python, "-c", script, listing]))

    runs = {"index": index}
    reader = os.path.join(os.path.dirname(o.yuanwen), "examples/parse_all")
    if os.path.exists(reader):
        runs["parse"] = alone
    tools = TOOLS.get(extension, []) + ([MARKITDOWN] if extension in FOR_MARKITDOWN else [])
    for name, imports, text in tools:
        if common.run([o.python, "-c", imports])[2] == 0:
            runs[name] = tool(imports, text)
    return runs


def measure(o, extension):
    with tempfile.TemporaryDirectory(prefix="yuanwen-formats-") as temp:
        folder = os.path.join(temp, "docs")
        os.mkdir(folder)
        paths = copies(common.files(o.folder, extension), o.copies, folder)
        size = sum(map(os.path.getsize, paths))
        runs = contenders(o, extension, folder, paths)
        samples = {name: [] for name in runs}
        for number in range(o.rounds):
            names = list(runs)
            for name in names if number % 2 == 0 else reversed(names):
                samples[name].append(runs[name]())
    result = {name: dict(seconds=statistics.median(s for s, _, _ in found), mib=max(m for _, m, _ in found),
                         read=found[-1][2]) for name, found in samples.items()}
    return dict(format=extension, files=len(paths), bytes=size, results=result)


def table(rows):
    lines = ["| format | files | KiB each | contender | seconds | documents/s | MB/s | MiB | time ÷ `index` | time ÷ our reader | characters, errors |",
             "|---|---|---|---|---|---|---|---|---|---|---|"]
    for row in rows:
        index = row["results"]["index"]["seconds"]
        alone = row["results"].get("parse", {}).get("seconds")
        for name, r in row["results"].items():
            label = {"index": "**`yuanwen index`**", "parse": "**our reader, one thread**"}.get(name, name)
            each = f'{row["bytes"] / row["files"] / 1024:.0f}'
            read = f'{r["read"][0]:,}, {r["read"][1]}' if r["read"] else ""
            ratio = f'{r["seconds"] / alone:.1f}×' if alone else ""
            lines.append(
                f'| {row["format"]} | {row["files"]} | {each} | {label} | {r["seconds"]:.3f} | {row["files"] / r["seconds"]:,.0f} '
                f'| {row["bytes"] / r["seconds"] / 1e6:.1f} | {r["mib"]:.0f} | {r["seconds"] / index:.1f}× | {ratio} | {read} |')
    return "\n".join(lines)


def main():
    ap = common.arguments(__doc__, folder=False)
    ap.add_argument("folder", nargs="?", default=os.path.join(common.ROOT, "samples/formats"))
    ap.add_argument("--copies", type=int, default=200)
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--only", action="append", metavar="EXT", help="this format alone; may be given again")
    ap.add_argument("--python", default=sys.executable, help="the Python that has the other tools")
    o = common.parse(ap)
    rows = [measure(o, extension) for extension in o.only or TOOLS]
    print(json.dumps(rows) if o.json else table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
