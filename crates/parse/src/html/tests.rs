//! Whole pieces of HTML to blocks.

use super::*;
use crate::document::{Block, BlockKind};

/// A block as one line: what it is, and its text.
pub(super) fn line_of(block: &Block) -> String {
    let kind = match &block.kind {
        BlockKind::Heading(level) => format!("h{level}"),
        BlockKind::Paragraph => "p".to_owned(),
        BlockKind::ListItem => "li".to_owned(),
        BlockKind::Caption => "caption".to_owned(),
        BlockKind::Note => "note".to_owned(),
        BlockKind::Table(table) => {
            format!(
                "table {}x{} {}/{}",
                table.rows, table.columns, table.header_rows, table.header_columns
            )
        }
    };
    format!("{kind}: {}", block.text)
}

fn shown(html: &str) -> Vec<String> {
    let mut builder = Builder::default();
    blocks_of(html, &mut builder);
    builder.blocks.iter().map(line_of).collect()
}

#[test]
fn elements_to_blocks() {
    let cases: &[(&str, &[&str])] = &[
        ("<h1>甲<br>乙</h1><p>丙<b>丁</b></p>戊", &["h1: 甲乙", "p: 丙丁", "p: 戊"]),
        ("<div>甲<div>乙</div>丙</div>", &["p: 甲", "p: 乙", "p: 丙"]),
        ("　　甲。<br>　　乙。<br/><br/>&nbsp;&nbsp;丙。", &["p: 甲。", "p: 乙。", "p: 丙。"]),
        (
            "<ul><li>甲<li>乙<ol start=3><li>丙<li value=7>丁</ol></ul>",
            &["li: • 甲", "li: • 乙", "li: 3. 丙", "li: 7. 丁"],
        ),
        (
            "<ol><li><p>甲</p><p>乙</p></li><li>（一）丙</li></ol>",
            &["li: 1. 甲", "p: 乙", "li: （一）丙"],
        ),
        (
            "<ol type=A><li>甲</ol><ol style='list-style-type:simp-chinese-informal'><li>乙</ol>",
            &["li: A. 甲", "li: 一、乙"],
        ),
        ("<dl><dt>问<dd>答</dl><blockquote>引</blockquote>", &["p: 问", "p: 答", "p: 引"]),
        ("<pre>甲\n  乙\n\n丙</pre>", &["p: 甲\n  乙", "p: 丙"]),
        (
            "<figure><img src=x alt='一张图片'><figcaption>图 1 甲</figcaption></figure>",
            &["caption: 图 1 甲"],
        ),
        (
            "<p><img alt='雪岭基站全景'></p><p>甲<img alt='雪岭基站全景'></p><img alt='IMG_20230504.jpg'>",
            &["caption: 雪岭基站全景", "p: 甲"],
        ),
        (
            "甲<sup><a href='#fn1'>[1]</a></sup>乙 m<sup>2</sup><aside epub:type='footnote'><p>注文 <a href='#r'>返回</a></p></aside>",
            &["p: 甲[1]乙 m2", "note: 注文"],
        ),
        ("<ruby>漢<rp>(</rp><rt>hàn</rt><rp>)</rp></ruby>字<wbr>&shy;表", &["p: 漢字表"]),
        (
            "<p style='display: none'>甲</p><p hidden>乙</p><span aria-hidden=true>丙</span>丁<script>戊</script>",
            &["p: 丁"],
        ),
    ];
    for (html, expected) in cases {
        assert_eq!(shown(html), *expected, "{html}");
    }
}

/// Pages of the usual shapes: title, date, publisher, and the text that is not furniture.
#[test]
fn pages_as_operators_and_authorities_make_them() {
    let text = "远山通信在雪岭新建基站一百二十座，覆盖率提高到百分之九十八，客户满意度居全省第一。";
    let menu =
        "<a href=a>首页</a><a href=b>新闻中心</a><a href=c>服务大厅</a><a href=d>联系我们</a>";
    let related = "<h3>相关阅读</h3><ul><li><a href=1>松涛岛海缆开工建设</a><li><a href=2>雪岭\
        隧道覆盖完成</a><li><a href=3>客服热线升级改造</a></ul>";
    let pages = [
        // An authority's page: what it says stands in meta elements.
        format!(
            "<html><head><title>雪岭基站建成_远山通信</title><meta name=ArticleTitle \
             content=雪岭基站建成><meta name=PubDate content='2023-05-04 10:20'><meta \
             name=ContentSource content=雪岭日报></head><body><div class=nav>{menu}</div><div \
             class=main><h1>雪岭基站建成<script>x();</script></h1><div class=TRS_Editor><div><div>\
             <p>　　{text}</p><p>　　{text}</p></div></div></div><p>责任编辑：张三</p></div>\
             <div class=footer>版权所有 远山通信</div></body></html>"
        ),
        // Tables and fonts, a line for date and source, previous and next page.
        format!(
            "<title>雪岭基站建成</title><body><table width=100%><tr><td>{menu}</td></tr></table>\
             <table><tr><td><table><tr><td align=center><b>雪岭基站建成</b></td></tr><tr><td>\
             发布时间：2023-05-04 来源：雪岭日报 字号：【大 中 小】</td></tr><tr><td><font \
             size=3>　　{text}<br>　　{text}</font></td></tr></table><p>上一篇：<a href=x>松涛岛</a>\
             </p><p>下一篇：<a href=y>没有了</a></p></td></tr></table></body>"
        ),
        // A share box, a chart of the share's price, a list of other articles.
        format!(
            "<title>雪岭基站建成 - 远山通信</title><body><div id=top><p>雪岭基站建成</p></div><div \
             class=article><h1>雪岭基站建成</h1><div class=info><span>2023-05-04 10:20</span> \
             <span>来源：雪岭日报</span></div><div class=share><a href=#>微博</a><a href=#>微信\
             </a></div><p><a href=q><img src=k.png alt='K图 600000_0'></a></p><p>{text}</p><p>\
             {text}</p>{related}</div></body>"
        ),
    ];
    for page in &pages {
        for bytes in [page.as_bytes().to_vec(), encoding_rs::GB18030.encode(page).0.into_owned()] {
            let document = parse("a.html", &bytes).unwrap();
            let meta = &document.meta;
            assert_eq!(meta.title.as_deref(), Some("雪岭基站建成"), "{page}");
            assert_eq!(meta.published.unwrap().to_string(), "2023-05-04", "{page}");
            assert_eq!(meta.publisher.as_deref(), Some("雪岭日报"), "{page}");
            let kept = document.blocks.iter().filter(|block| block.furniture.is_none());
            let kept: Vec<&str> = kept.map(|block| block.text.as_str()).collect();
            assert_eq!(kept.first().copied(), Some("雪岭基站建成"), "{kept:?}");
            assert!(kept.ends_with(&[text, text]) && kept.len() <= 4, "{kept:?}");
        }
    }
}
