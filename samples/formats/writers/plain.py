"""The document as plain text, JSON and tables of comma-separated values; and in the encodings that
Chinese files have beside UTF-8."""
import csv
import io
import json
import zipfile

import opencc

from . import MADE, grid, plain_text, runs, shown, size, tables, web


def marked(paragraph):
    return "".join(run["text"] + (f'[{run["note"]}]' if run["kind"] == "note" else "") for run in runs(paragraph))


def rows(table):
    """All rows; a cell that spans has its text in its first place and nothing in the others."""
    height, width = size(table)
    texts = [[""] * width for _ in range(height)]
    for row, column, _, _, cell in grid(table):
        texts[row][column] = shown(cell)
    return texts


def text(source):
    out = [source["title"], source["byline"]]
    for block in source["blocks"]:
        if "heading" in block:
            out.append(block["text"])
        elif "p" in block:
            out.append(marked(block["p"]))
        elif "table" in block:
            table = block["table"]
            lines = ["\t".join(row).rstrip("\t") for row in rows(table)]
            out += [table["caption"], table["unit"], "\n".join(lines)]
        elif "bullets" in block:
            out.append("\n".join("● " + item for item in block["bullets"]))
        else:
            out.append("\n".join(f"{n}. {item}" for n, item in enumerate(block["numbers"], 1)))
    out += [f"[{number}] {note}" for number, note in enumerate(source["notes"], 1)]
    return "\n\n".join(out) + "\n"


def values(table, delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows(table))
    return out.getvalue()


def sections(source):
    """The article as a content system exports it: fields, sections with paragraphs, records."""
    parts = [dict(heading=source["title"], paragraphs=[])]
    for block in source["blocks"]:
        if "heading" in block:
            parts.append(dict(heading=block["text"], paragraphs=[]))
        elif "p" in block:
            parts[-1]["paragraphs"].append(plain_text(block["p"]))
        elif "table" in block:
            parts[-1]["table"] = records(block["table"])
        else:
            parts[-1]["paragraphs"] += block.get("bullets") or block["numbers"]
    return parts


def records(table):
    """Rows as objects: a key is the header's texts above the column, spanned cells repeated."""
    height, width = size(table)
    full = [[""] * width for _ in range(height)]
    for row, column, tall, wide, cell in grid(table):
        for y in range(tall):
            for x in range(wide):
                full[row + y][column + x] = shown(cell)
    head, body = full[:table["header_rows"]], full[table["header_rows"]:]
    keys = []
    for column in range(width):
        names = list(dict.fromkeys(line[column] for line in head))
        keys.append("·".join(names) + ("（细分）" if "·".join(names) in keys else ""))
    return [dict(zip(keys, line)) for line in body]


def write(source, name):
    with open(f"{name}.txt", "w", encoding="utf-8") as file:
        file.write(text(source))
    # As Excel saves it: with a byte order mark.
    with open(f"{name}.csv", "w", encoding="utf-8-sig", newline="") as file:
        file.write(values(tables(source)[0]))
    export = dict(title=source["title"], publish_time=source["published"], author=source["publisher"],
                  sections=sections(source)[1:])
    export["summary"] = sections(source)[0]["paragraphs"][0]
    with open(f"{name}.json", "w", encoding="utf-8") as file:
        json.dump(export, file, ensure_ascii=False, indent=1)
        file.write("\n")
    with open(f"{name}.jsonl", "w", encoding="utf-8") as file:
        for number, part in enumerate(sections(source), 1):
            record = dict(id=number, title=part["heading"], content="\n".join(part["paragraphs"]))
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    write_zip(source, f"{name}.zip")


class NameInGbk(zipfile.ZipInfo):
    """An entry whose name is stored in GBK without the flag for UTF-8, as Windows in Chinese packs
    it. The library has no public way to say so."""

    def _encodeFilenameFlags(self):
        return self.filename.encode("gbk"), self.flag_bits


def write_zip(source, path):
    inside = {"简报/网络运行简报.txt": text(source), "简报/附表/季度指标.csv": values(tables(source)[0]),
              "简报/附表/区域资源.csv": values(tables(source)[1])}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in inside.items():
            info = NameInGbk(name, MADE.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content.encode("gbk"))


def save(path, content, encoding):
    with open(path, "wb") as file:
        file.write(content.encode(encoding))


def write_encodings(source, name, traditional_name):
    """Twins: GBK and UTF-16 of the same text, GB18030 with a paragraph of four-byte characters,
    Big5 of the text in traditional characters, whose UTF-8 twin is beside it."""
    rare = dict(source, blocks=source["blocks"] + [{"p": [source["rare"]]}])
    table = values(tables(source)[0])
    save(f"{name}.gbk.txt", text(source), "gbk")
    save(f"{name}.gbk.csv", table, "gbk")
    save(f"{name}.gbk.html", web.page(source, charset="gb2312").replace("↩", "返回"), "gbk")
    save(f"{name}.gb18030.txt", text(rare), "gb18030")
    save(f"{name}.gb18030.html", web.page(rare, charset="gb18030"), "gb18030")
    save(f"{name}.gb18030.csv", table + f'备注,{source["rare"]},,,\r\n', "gb18030")
    save(f"{name}.utf16.txt", text(source), "utf-16")
    save(f"{name}.utf16.csv", values(tables(source)[0], "\t"), "utf-16")
    convert = opencc.OpenCC("s2tw").convert
    for ending, charset, suffix in (("utf-8", "utf-8", ""), ("big5", "big5", ".big5")):
        save(f"{traditional_name}{suffix}.txt", convert(text(source)), ending)
        save(f"{traditional_name}{suffix}.csv", convert(table), ending)
        page = web.page(source, charset=charset, lang="zh-TW", convert=convert).replace("↩", "返回")
        save(f"{traditional_name}{suffix}.html", page, ending)
