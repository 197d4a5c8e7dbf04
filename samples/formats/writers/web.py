"""The document as a page of a portal, as Markdown, as an electronic book and typeset as PDF."""
import html
import subprocess
import zipfile

from . import MADE, grid, runs, shown, size


def inline(paragraph, note_link=True):
    out = []
    for run in runs(paragraph):
        text = html.escape(run["text"], quote=False)
        if run["kind"] == "bold":
            text = f"<strong>{text}</strong>"
        elif run["kind"] == "link":
            text = f'<a href="{run["url"]}">{text}</a>'
        elif run["kind"] == "note" and note_link:
            number = run["note"]
            text += f'<sup><a href="#fn{number}" id="ref{number}">[{number}]</a></sup>'
        elif run["kind"] == "note":
            text += "<note/>"
        out.append(text)
    return "".join(out)


def table_html(table):
    rows = [[] for _ in range(size(table)[0])]
    for row, _, height, width, cell in grid(table):
        tag = "th" if row < table["header_rows"] else "td"
        spans = (f' rowspan="{height}"' if height > 1 else "") + (f' colspan="{width}"' if width > 1 else "")
        rows[row].append(f"<{tag}{spans}>{html.escape(shown(cell))}</{tag}>")
    lines = ["<tr>" + "".join(cells) + "</tr>" for cells in rows]
    head, body = lines[:table["header_rows"]], lines[table["header_rows"]:]
    return "\n".join([
        f'<p class="table-title">{table["caption"]}</p>', f'<p class="unit">{table["unit"]}</p>',
        "<table>", "<thead>", *head, "</thead>", "<tbody>", *body, "</tbody>", "</table>"])


def block_html(block, note_link=True):
    if "heading" in block:
        level = block["heading"]
        return f'<h{level}>{block["text"]}</h{level}>'
    if "p" in block:
        return f'<p>{inline(block["p"], note_link)}</p>'
    if "table" in block:
        return table_html(block["table"])
    tag, items = ("ul", block["bullets"]) if "bullets" in block else ("ol", block["numbers"])
    return "\n".join([f"<{tag}>", *(f"<li>{inline(item)}</li>" for item in items), f"</{tag}>"])


def article(source):
    return "\n".join(block_html(block) for block in source["blocks"])


def footnotes(source):
    notes = "\n".join(f'<li id="fn{number}">{note} <a href="#ref{number}">↩</a></li>'
                      for number, note in enumerate(source["notes"], 1))
    return f'<section class="footnotes" role="doc-endnotes">\n<hr>\n<ol>\n{notes}\n</ol>\n</section>'


PAGE = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="{charset}">
<title>{title}_{site}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{site}">
<link rel="stylesheet" href="/static/site.css">
<style>.article table {{ border-collapse: collapse }} .unit {{ text-align: right }}</style>
<script>var _trace = _trace || []; _trace.push(["page", "<p>{site}</p>"]);</script>
</head>
<body>
<header class="site-header">
<a class="logo" href="/"><img src="/static/logo.png" alt="{site}"></a>
<nav class="site-nav"><ul>
{nav}
</ul></nav>
<form class="search" action="/search"><input name="q"><button>{search}</button></form>
</header>
<div class="breadcrumb">{trail}</div>
<div class="main">
<article class="article">
<h1>{title}</h1>
<p class="byline">{byline}</p>
<div class="article-body">
{article}
</div>
{footnotes}
</article>
<div class="share"><span>{share}</span><a href="#">{channel}</a></div>
<aside class="related"><h3>{more}</h3><ul>
{related}
</ul></aside>
</div>
<footer class="site-footer"><p>{copyright}</p><p><a href="/map">{sitemap}</a></p></footer>
<script src="/static/site.js"></script>
</body>
</html>
"""
CHROME = dict(
    site="远山通信内部门户", search="搜索", share="分享到：", channel="企业微信", more="相关阅读",
    trail='您的位置：<a href="/">首页</a> &gt; <a href="/network">网络运行</a> &gt; 正文',
    copyright="版权所有 远山通信 保留所有权利", sitemap="网站地图")
NAV = ["首页", "公司新闻", "网络运行", "客户服务", "党建工作", "员工园地"]
RELATED = ["栖霞片区完成基站扩容", "青溪客服中心开通夜间专席", "望江新区机房迁移顺利完成"]


def page(source, charset="utf-8", lang="zh-CN", convert=lambda text: text):
    """The page as a portal serves it: navigation, share box, script and footer around the article."""
    nav = "\n".join(f'<li><a href="/c/{n}">{name}</a></li>' for n, name in enumerate(NAV))
    related = "\n".join(f'<li><a href="/a/{n}">{name}</a></li>' for n, name in enumerate(RELATED))
    text = PAGE.format(**CHROME, lang=lang, charset=charset, title=source["title"], byline=source["byline"],
                       nav=nav, related=related, article=article(source), footnotes=footnotes(source))
    return convert(text)


def markdown_runs(paragraph):
    out = []
    for run in runs(paragraph):
        text = run["text"].replace("<", "\\<")
        if run["kind"] == "bold":
            text = f"**{text}**"
        elif run["kind"] == "link":
            text = f'[{text}]({run["url"]})'
        elif run["kind"] == "note":
            text += f'[^{run["note"]}]'
        out.append(text)
    return "".join(out)


def markdown_table(table):
    """A pipe table where that is enough, HTML where cells span, as people write it."""
    cells = grid(table)
    if any(height > 1 or width > 1 for _, _, height, width, _ in cells):
        rows = table_html(table).split("\n")[2:]
        return f'{table["caption"]}\n\n{table["unit"]}\n\n' + "\n".join(rows)
    rows, columns = size(table)
    texts = [[""] * columns for _ in range(rows)]
    for row, column, _, _, cell in cells:
        texts[row][column] = shown(cell)
    lines = ["| " + " | ".join(row) + " |" for row in texts]
    lines.insert(1, "|" + " --- |" * 2 + " ---: |" * (columns - 2))
    return f'{table["caption"]}\n\n{table["unit"]}\n\n' + "\n".join(lines)


def markdown(source):
    out = [f'---\ntitle: {source["title"]}\ndate: {source["published"]}\n'
           f'author: {source["publisher"]}\ntags: [网络运行, 简报]\n---', f'# {source["title"]}', source["byline"]]
    for block in source["blocks"]:
        if "heading" in block:
            out.append("#" * block["heading"] + " " + block["text"])
        elif "p" in block:
            out.append(markdown_runs(block["p"]))
        elif "bullets" in block:
            out.append("\n".join("- " + markdown_runs(item) for item in block["bullets"]))
        elif "numbers" in block:
            out.append("\n".join(f"{n}. " + markdown_runs(item) for n, item in enumerate(block["numbers"], 1)))
        else:
            out.append(markdown_table(block["table"]))
    out += [f"[^{number}]: {note}" for number, note in enumerate(source["notes"], 1)]
    return "\n\n".join(out) + "\n"


CSS = """
@page { size: A4; margin: 25mm 24mm 22mm;
  @top-center { content: "%s"; font: 9pt "WenQuanYi Micro Hei"; border-bottom: 0.5pt solid #000; width: 100%%; vertical-align: bottom; padding-bottom: 1mm; margin-bottom: 5mm }
  @bottom-center { content: "— " counter(page) " —"; font: 9pt "WenQuanYi Micro Hei" }
  @footnote { border-top: 0.5pt solid #000; padding-top: 1.5mm; margin-top: 3mm } }
html { font: 10.5pt/1.65 "WenQuanYi Micro Hei" } body { margin: 0 }
p { margin: 0; text-indent: 2em; text-align: justify } strong { font-family: "WenQuanYi Micro Hei" }
a { color: inherit; text-decoration: none }
h1, h2, h3 { font-family: "WenQuanYi Micro Hei"; break-after: avoid; margin: 0.7em 0 0.35em }
h1 { font-size: 18pt; text-align: center } h2 { font-size: 14pt } h3 { font-size: 11.5pt }
.byline { text-align: center; text-indent: 0; font-size: 9.5pt; margin-bottom: 1em }
ul, ol { margin: 0; padding-left: 4em } ul { list-style: "• " }
.table-title { text-align: center; text-indent: 0; font-family: "WenQuanYi Micro Hei"; font-size: 10pt; margin-top: 0.5em; break-after: avoid }
.unit { text-align: right; text-indent: 0; font-size: 9pt; break-after: avoid }
table { border-collapse: collapse; width: 100%%; font-size: 9pt; margin-bottom: 0.8em; break-inside: avoid }
td, th { border: 0.5pt solid #000; padding: 1mm 1.5mm; font-weight: normal; text-align: center }
.note { float: footnote; font-size: 8.5pt; text-indent: 0 }
.note::footnote-call { font-size: 7pt; vertical-align: super; line-height: 0 }
.note::footnote-marker { content: counter(footnote) " " }
"""


def write_pdf(source, path):
    body = "\n".join(block_html(block, note_link=False) for block in source["blocks"])
    for note in source["notes"]:
        body = body.replace("<note/>", f'<span class="note">{note}</span>', 1)
    text = (f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{source["title"]}</title>'
            f'<style>{CSS % source["running_header"]}</style></head><body><h1>{source["title"]}</h1>'
            f'<p class="byline">{source["byline"]}</p>{body}</body></html>')
    subprocess.run(["weasyprint", "--quiet", "--encoding", "utf-8", "-", path], input=text.encode(), check=True,
                   env={"SOURCE_DATE_EPOCH": str(int(MADE.timestamp())), "PATH": "/usr/bin:/bin"})


XHTML = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="zh-CN">
<head><title>{title}</title></head>
<body>
{body}
</body>
</html>
"""


def chapters(source):
    """Title page, then a file for each heading of level 2 with what follows it."""
    parts = [(source["title"], [f'<h1>{source["title"]}</h1>', f'<p class="byline">{source["byline"]}</p>'])]
    for block in source["blocks"]:
        if block.get("heading") == 2:
            parts.append((block["text"], []))
        text = block_html(block).replace('<sup><a href="#fn', '<sup><a epub:type="noteref" href="#fn')
        parts[-1][1].append(text)
        if 'epub:type="noteref"' in text:
            number = next(run["note"] for run in runs(block["p"]) if run["kind"] == "note")
            note = source["notes"][number - 1]
            parts[-1][1].append(f'<aside epub:type="footnote" id="fn{number}"><p>{note}</p></aside>')
    return parts


def write_epub(source, path):
    parts = chapters(source)
    items = "\n".join(f'<item id="c{n}" href="text/c{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(parts)))
    spine = "\n".join(f'<itemref idref="c{n}"/>' for n in range(len(parts)))
    toc = "\n".join(f'<li><a href="text/c{n}.xhtml">{title}</a></li>' for n, (title, _) in enumerate(parts))
    nav = XHTML.format(title="目录", body=f'<nav epub:type="toc"><h1>目录</h1><ol>\n{toc}\n</ol></nav>')
    package = f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:yuanshan:network-brief-2023</dc:identifier>
<dc:title>{source["title"]}</dc:title>
<dc:language>zh-CN</dc:language>
<dc:creator>{source["publisher"]}</dc:creator>
<dc:date>{source["published"]}</dc:date>
<meta property="dcterms:modified">{MADE.isoformat()}Z</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>
{items}
</manifest>
<spine>
{spine}
</spine>
</package>
"""
    files = {"META-INF/container.xml": '<?xml version="1.0"?>\n<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
             '<rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
             "OEBPS/content.opf": package, "OEBPS/nav.xhtml": nav}
    for n, (title, body) in enumerate(parts):
        files[f"OEBPS/text/c{n}.xhtml"] = XHTML.format(title=title, body="\n".join(body).replace("<hr>", "<hr/>"))
    with zipfile.ZipFile(path, "w") as book:
        for name, text in {"mimetype": "application/epub+zip", **files}.items():
            info = zipfile.ZipInfo(name, MADE.timetuple()[:6])
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            book.writestr(info, text)


def write(source, name):
    with open(f"{name}.html", "w", encoding="utf-8") as file:
        file.write(page(source))
    with open(f"{name}.md", "w", encoding="utf-8") as file:
        file.write(markdown(source))
    write_epub(source, f"{name}.epub")
    write_pdf(source, f"{name}.pdf")
