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
