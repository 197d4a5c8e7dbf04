"""The document as Word and PowerPoint files, with the styles, numbering, notes and merged cells that
a person's file has."""
import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
import pptx
from pptx.oxml.ns import qn as pptx_qn
from pptx.util import Emu, Pt

from . import MADE, fix_times, grid, repack, runs, shown, size

NOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def write_docx(source, path):
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author = source["title"], source["publisher"]
    properties.created = properties.modified = MADE
    running_parts(document, source)
    add_footnotes(document, source["notes"])
    document.add_paragraph(source["title"], style="Title")
    document.add_paragraph(source["byline"]).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for block in source["blocks"]:
        if "heading" in block:
            document.add_heading(block["text"], block["heading"] - 1)
        elif "p" in block:
            docx_runs(document.add_paragraph(), block["p"])
        elif "table" in block:
            docx_table(document, block["table"])
        elif "bullets" in block:
            for item in block["bullets"]:
                document.add_paragraph(item, style="List Bullet")
        else:
            docx_numbers(document, block["numbers"])
    document.save(path)
    repack(path, fix_times)


def running_parts(document, source):
    """A running header, and a footer with the page number as a field."""
    section = document.sections[0]
    section.header.paragraphs[0].text = source["running_header"]
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", None), (None, " PAGE "), ("separate", None), ("text", "1"), ("end", None)):
        run = footer.add_run()
        if kind == "text":
            run.text = text
        elif kind is None:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = text
            run._r.append(element)
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            run._r.append(element)


def add_footnotes(document, notes):
    """The footnotes part: the two separators that every file has, then the notes."""
    body = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
        f'<w:r><w:t xml:space="preserve"> {note}</w:t></w:r></w:p></w:footnote>' for number, note in enumerate(notes, 1))
    xml = (f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:footnotes {nsdecls("w")}>'
           '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
           '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
           f"{body}</w:footnotes>")
    part = Part(PackURI("/word/footnotes.xml"), NOTES, xml.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def docx_runs(paragraph, content):
    for run in runs(content):
        if run["kind"] == "link":
            paragraph._p.append(hyperlink(paragraph, run))
            continue
        # Editing leaves a sentence in several runs; so does this.
        middle = len(run["text"]) // 2
        for text in (run["text"][:middle], run["text"][middle:]):
            paragraph.add_run(text).bold = True if run["kind"] == "bold" else None
        if run["kind"] == "note":
            mark = paragraph.add_run()
            mark.font.superscript = True
            reference = OxmlElement("w:footnoteReference")
            reference.set(qn("w:id"), str(run["note"]))
            mark._r.append(reference)


def hyperlink(paragraph, run):
    relation = paragraph.part.relate_to(run["url"], RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    return parse_xml(f'<w:hyperlink {nsdecls("w", "r")} r:id="{relation}"><w:r><w:rPr><w:u w:val="single"/></w:rPr>'
                     f'<w:t>{run["text"]}</w:t></w:r></w:hyperlink>')


def docx_numbers(document, items):
    """A list that starts again at 1: an instance of the style's numbering with its own start."""
    numbering = document.part.numbering_part.element
    style = document.styles["List Number"].element
    instance = int(style.find(".//" + qn("w:numId")).get(qn("w:val")))
    abstract = next(num for num in numbering.num_lst if num.numId == instance).abstractNumId.val
    number = numbering.add_num(abstract)
    number.add_lvlOverride(0).add_startOverride(1)
    for item in items:
        paragraph = document.add_paragraph(item, style="List Number")
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = 0
        properties.get_or_add_numId().val = number.numId


def docx_table(document, table):
    document.add_paragraph(table["caption"], style="Caption")
    document.add_paragraph(table["unit"]).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    height, width = size(table)
    grown = document.add_table(height, width, style="Table Grid")
    for row, column, tall, wide, cell in grid(table):
        placed = grown.cell(row, column)
        if tall > 1 or wide > 1:
            placed = placed.merge(grown.cell(row + tall - 1, column + wide - 1))
        placed.text = shown(cell)
    for row in grown.rows[:table["header_rows"]]:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def write_pptx(source, path):
    """A title slide, then a slide for every heading; what does not fit continues on another slide
    with the same title, as people do it. The footnote goes to the notes of its slide."""
    show = pptx.Presentation()
    properties = show.core_properties
    properties.title, properties.author = source["title"], source["publisher"]
    properties.created = properties.modified = MADE
    slide = show.slides.add_slide(show.slide_layouts[0])
    slide.shapes.title.text = source["title"]
    slide.placeholders[1].text = source["byline"]
    for title, blocks in slides(source):
        add_slide(show, source, title, blocks)
    show.save(path)
    repack(path, fix_times)


def slides(source):
    """Titles and blocks: a new slide at each heading and for each table."""
    title, blocks = source["title"], []
    for block in source["blocks"]:
        if "heading" in block:
            if blocks or title != source["title"]:
                yield title, blocks
            title, blocks = block["text"], []
        else:
            blocks.append(block)
    yield title, blocks


def add_slide(show, source, title, blocks):
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = title
    frame = slide.placeholders[1].text_frame
    paragraphs = iter([frame.paragraphs[0]])
    new = lambda: next(paragraphs, None) or frame.add_paragraph()
    for block in blocks:
        if "p" in block:
            paragraph = new()
            pptx_runs(paragraph, block["p"])
            bullet(paragraph, "a:buNone")
            for run in runs(block["p"]):
                if run["kind"] == "note":
                    slide.notes_slide.notes_text_frame.text = source["notes"][run["note"] - 1]
        elif "bullets" in block:
            for item in block["bullets"]:
                new().text = item
        elif "numbers" in block:
            for item in block["numbers"]:
                paragraph = new()
                paragraph.text = item
                bullet(paragraph, "a:buAutoNum", type="arabicPeriod")
        else:
            pptx_table(slide, block["table"])
    for paragraph in frame.paragraphs:
        paragraph.font.size = Pt(14)
    if any("table" in block for block in blocks):
        slide.placeholders[1].height = Emu(1500000)


def pptx_runs(paragraph, content):
    for run in runs(content):
        part = paragraph.add_run()
        part.text = run["text"]
        if run["kind"] == "bold":
            part.font.bold = True
        elif run["kind"] == "link":
            part.hyperlink.address = run["url"]


def bullet(paragraph, kind, **attributes):
    properties = paragraph._p.get_or_add_pPr()
    if kind == "a:buNone":
        properties.set("marL", "0")
        properties.set("indent", "0")
    element = properties.makeelement(pptx_qn(kind), attributes)
    properties.append(element)


def pptx_table(slide, table):
    """The caption and the unit line in text boxes of their own above the table."""
    top = 3150000
    for text, left in ((table["caption"], 457200), (table["unit"], 5900000)):
        box = slide.shapes.add_textbox(Emu(left), Emu(top), Emu(2800000), Emu(300000))
        box.text_frame.text = text
    height, width = size(table)
    frame = slide.shapes.add_table(height, width, Emu(457200), Emu(top + 350000), Emu(8229600), Emu(330000 * height))
    for row, column, tall, wide, cell in grid(table):
        placed = frame.table.cell(row, column)
        if tall > 1 or wide > 1:
            placed.merge(frame.table.cell(row + tall - 1, column + wide - 1))
        placed.text = shown(cell)
