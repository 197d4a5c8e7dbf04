"""The document as workbooks: the prose as text cells of a sheet, each table on a sheet of its own
with its caption and unit line above it, merged cells and number formats."""
import datetime

import openpyxl
import xlwt
from odf import number, opendocument, style, table as odf_table, text as odf_text
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from . import MADE, fix_times, grid, plain_text, repack, shown, size, tables, value

PROSE = "简报正文"


def prose(source):
    """Every heading, paragraph and item of the text, one a row."""
    yield source["title"]
    yield source["byline"]
    for block in source["blocks"]:
        if "heading" in block:
            yield block["text"]
        elif "p" in block:
            yield plain_text(block["p"])
        elif "bullets" in block:
            yield from ("• " + item for item in block["bullets"])
        elif "numbers" in block:
            yield from (f"{n}. {item}" for n, item in enumerate(block["numbers"], 1))
    yield from (f"注：{note}" for note in source["notes"])


def write_xlsx(source, path):
    book = openpyxl.Workbook()
    book.properties.title, book.properties.creator = source["title"], source["publisher"]
    book.properties.created = book.properties.modified = MADE
    sheet = book.active
    sheet.title = PROSE
    sheet.column_dimensions["A"].width = 100
    for row, line in enumerate(prose(source), 1):
        cell = sheet.cell(row, 1, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet["A1"].font = Font(bold=True, size=16)
    line = Side(style="thin")
    for table in tables(source):
        sheet = book.create_sheet(table["id"])
        width = size(table)[1]
        for row, text in ((1, table["caption"]), (2, table["unit"])):
            sheet.cell(row, 1, text).alignment = Alignment(horizontal="center" if row == 1 else "right")
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
        for row, column, height, wide, cell in grid(table):
            content, form = value(cell)
            placed = sheet.cell(row + 3, column + 1, content)
            placed.border = Border(line, line, line, line)
            placed.alignment = Alignment(horizontal="center", vertical="center")
            placed.font = Font(bold=row < table["header_rows"])
            if form:
                placed.number_format = form
            if height > 1 or wide > 1:
                sheet.merge_cells(start_row=row + 3, end_row=row + 2 + height, start_column=column + 1, end_column=column + wide)
        for column in range(1, width + 1):
            sheet.column_dimensions[get_column_letter(column)].width = 14
        sheet.freeze_panes = sheet.cell(3 + table["header_rows"], 1)
    book.save(path)
    repack(path, fix_times)


def write_xls(source, path):
    """Excel before 2007."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet(PROSE)
    sheet.col(0).width = 100 * 256
    for row, line in enumerate(prose(source)):
        sheet.write(row, 0, line)
    styles = {}
    for table in tables(source):
        sheet = book.add_sheet(table["id"])
        width = size(table)[1]
        sheet.write_merge(0, 0, 0, width - 1, table["caption"])
        sheet.write_merge(1, 1, 0, width - 1, table["unit"])
        for row, column, height, wide, cell in grid(table):
            content, form = value(cell)
            if form not in styles:
                styles[form] = xlwt.easyxf("borders: left thin, right thin, top thin, bottom thin", num_format_str=form or "General")
            if height > 1 or wide > 1:
                sheet.write_merge(row + 2, row + 1 + height, column, column + wide - 1, content, styles[form])
            else:
                sheet.write(row + 2, column, content, styles[form])
    book.save(path)


def number_styles(document):
    """The number formats as OpenDocument writes them, and the cell styles that use them."""
    shapes = {
        "#,##0": number.NumberStyle(name="N1"), "#,##0.0": number.NumberStyle(name="N2"),
        "0.00%": number.PercentageStyle(name="N3"), "yyyy\\-mm\\-dd": number.DateStyle(name="N4")}
    shapes["#,##0"].addElement(number.Number(decimalplaces=0, minintegerdigits=1, grouping="true"))
    shapes["#,##0.0"].addElement(number.Number(decimalplaces=1, minintegerdigits=1, grouping="true"))
    shapes["0.00%"].addElement(number.Number(decimalplaces=2, minintegerdigits=1))
    shapes["0.00%"].addElement(number.Text(text="%"))
    date = shapes["yyyy\\-mm\\-dd"]
    for element in (number.Year(style="long"), number.Text(text="-"), number.Month(style="long"), number.Text(text="-"), number.Day(style="long")):
        date.addElement(element)
    names = {}
    for form, shape in shapes.items():
        document.automaticstyles.addElement(shape)
        name = "C" + shape.getAttribute("name")
        document.automaticstyles.addElement(style.Style(name=name, family="table-cell", datastylename=shape.getAttribute("name")))
        names[form] = name
    return names


def ods_cell(cell, names, spans=None):
    content, form = value(cell)
    attributes = dict(spans or {})
    if isinstance(content, datetime.date):
        attributes |= dict(valuetype="date", datevalue=content.isoformat())
    elif form:
        attributes |= dict(valuetype="percentage" if "%" in form else "float", value=str(content))
    else:
        attributes |= dict(valuetype="string")
    if form:
        attributes["stylename"] = names[form]
    element = odf_table.TableCell(**attributes)
    element.addElement(odf_text.P(text=shown(cell)))
    return element


def write_ods(source, path):
    document = opendocument.OpenDocumentSpreadsheet()
    names = number_styles(document)
    sheet = odf_table.Table(name=PROSE)
    sheet.addElement(odf_table.TableColumn())
    for line in prose(source):
        row = odf_table.TableRow()
        row.addElement(ods_cell(line, names))
        sheet.addElement(row)
    document.spreadsheet.addElement(sheet)
    for table in tables(source):
        document.spreadsheet.addElement(ods_table(table, names))
    document.save(path)
    repack(path, fix_times)


def ods_table(table, names):
    height, width = size(table)
    sheet = odf_table.Table(name=table["id"])
    sheet.addElement(odf_table.TableColumn(numbercolumnsrepeated=width))
    for text in (table["caption"], table["unit"]):
        row = odf_table.TableRow()
        row.addElement(ods_cell(text, names, dict(numbercolumnsspanned=width, numberrowsspanned=1)))
        row.addElement(odf_table.CoveredTableCell(numbercolumnsrepeated=width - 1))
        sheet.addElement(row)
    starts = {(row, column): (tall, wide, cell) for row, column, tall, wide, cell in grid(table)}
    for y in range(height):
        row = odf_table.TableRow()
        for x in range(width):
            if (y, x) not in starts:
                row.addElement(odf_table.CoveredTableCell())
                continue
            tall, wide, cell = starts[y, x]
            spans = dict(numbercolumnsspanned=wide, numberrowsspanned=tall) if tall > 1 or wide > 1 else {}
            row.addElement(ods_cell(cell, names, spans))
        sheet.addElement(row)
    return sheet


def write(source, name):
    write_xlsx(source, f"{name}.xlsx")
    write_xls(source, f"{name}.xls")
    write_ods(source, f"{name}.ods")
