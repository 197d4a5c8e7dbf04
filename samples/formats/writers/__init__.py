"""The source as the writers see it. See source.json for its form: blocks that are a heading, a
paragraph of runs, bullets, numbers or a table; cells that are text, a number with its format or a
date."""
import datetime
import json
import re
import zipfile

# Every file says it was made at this moment, so that a second run gives the same bytes.
MADE = datetime.datetime(2024, 1, 18, 9, 0, 0)


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def runs(paragraph):
    """The runs of a paragraph, item or cell, each with `text` and `kind`: None, bold, link, note."""
    for run in [paragraph] if isinstance(paragraph, str) else paragraph:
        if isinstance(run, str):
            yield dict(text=run, kind=None)
        elif "bold" in run:
            yield dict(text=run["bold"], kind="bold")
        elif "link" in run:
            yield dict(text=run["link"], kind="link", url=run["url"])
        else:
            yield dict(text=run["text"], kind="note", note=run["note"])


def plain_text(paragraph):
    return "".join(run["text"] for run in runs(paragraph))


def grid(table):
    """The cells of a table with their places: row, column, rows, columns, cell."""
    taken, placed = set(), []
    for row, cells in enumerate(table["rows"]):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            height = cell.get("rows", 1) if isinstance(cell, dict) else 1
            width = cell.get("columns", 1) if isinstance(cell, dict) else 1
            taken |= {(row + y, column + x) for y in range(height) for x in range(width)}
            placed.append((row, column, height, width, cell))
            column += width
    return placed


def size(table):
    cells = grid(table)
    return (max(row + height for row, _, height, _, _ in cells),
            max(column + width for _, column, _, width, _ in cells))


def value(cell):
    """What a workbook keeps: text, number or date; and the number format."""
    if isinstance(cell, dict):
        if "number" in cell:
            return cell["number"], cell["format"]
        if "date" in cell:
            return datetime.date.fromisoformat(cell["date"]), "yyyy\\-mm\\-dd"
        return cell["text"], None
    return cell, None


def shown(cell):
    """What a person reads in a cell."""
    content, form = value(cell)
    if form is None:
        return content
    if isinstance(content, datetime.date):
        return content.isoformat()
    if form == "0.00%":
        return f"{content:.2%}"
    return f"{content:,.1f}" if form.endswith(".0") else f"{content:,}"


def tables(source):
    return [block["table"] for block in source["blocks"] if "table" in block]


def repack(path, edit=lambda name, content: content):
    """Writes a ZIP file anew with fixed times; `edit` may change a part's content."""
    with zipfile.ZipFile(path) as old:
        parts = {name: edit(name, old.read(name)) for name in old.namelist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, MADE.timetuple()[:6])
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(info, content)


def fix_times(name, content):
    """Properties name the time of saving; the fixed one stands there instead."""
    if name not in ("docProps/core.xml", "meta.xml"):
        return content
    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?", MADE.isoformat().encode(), content)
