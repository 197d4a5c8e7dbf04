use super::*;
use crate::document::{Block, BlockKind};

fn read(text: &str) -> Document {
    parse("甲.md", text.as_bytes()).unwrap()
}

/// A letter for what each block is (a digit for a heading's level), and its text.
fn outline(text: &str) -> Vec<String> {
    let show = |block: &Block| {
        let kind = match &block.kind {
            BlockKind::Heading(level) => level.to_string(),
            BlockKind::Paragraph => "p".to_owned(),
            BlockKind::ListItem => "i".to_owned(),
            BlockKind::Table(table) => {
                format!("t{}x{}/{}", table.rows, table.columns, table.header_rows)
            }
            BlockKind::Caption => "c".to_owned(),
            BlockKind::Note => "n".to_owned(),
        };
        let aside = if block.furniture.is_some() { "~" } else { "" };
        format!("{aside}{kind} {}", block.text.replace(['\t', '\n'], "|"))
    };
    read(text).blocks.iter().map(show).collect()
}

#[test]
fn a_saved_article_with_front_matter() {
    let document = read(
        "---\nlayout: post\ntitle: \"远山通信召开总结会\"\ndate: 2022-01-14 13:02:46 +0800\n---\n\
         <!-- 图 --><p style=\"x\"><img src=\"a.jpg\" alt=\"a.jpg\"></p><p>会议在雪岭召开。</p>\
         <p><strong>会议要求</strong>抓好落实。</p>\n\n<http://news.example/1>\n\n\
         [返回新闻](//news.example/a)｜[首页](//news.example/)\n",
    );
    let shown: Vec<_> = document
        .blocks
        .iter()
        .map(|block| (block.text.as_str(), block.furniture.is_some()))
        .collect();
    assert_eq!(
        shown,
        [
            ("远山通信召开总结会", false),
            ("会议在雪岭召开。", false),
            ("会议要求抓好落实。", false),
            ("http://news.example/1", true),
            ("返回新闻｜首页", true),
        ]
    );
    assert_eq!(document.meta.published.unwrap().to_string(), "2022-01-14");
}

#[test]
fn a_post_has_its_date_from_its_name() {
    let document = parse("_posts/2023-05-04-a.md", "---\ntitle: 甲\n---\n正文。".as_bytes());
    assert_eq!(document.unwrap().meta.published.unwrap().to_string(), "2023-05-04");
}

#[test]
fn commonmark() {
    let cases: &[(&str, &[&str])] = &[
        (
            "# 远山通信2023年年度报告\n---\n## 一、概况 {#a}\n- 甲\n- 乙\n\n1. 丙\n2. 丁\n   1. 戊\n\n正文。\n",
            &[
                "1 远山通信2023年年度报告",
                "2 一、概况",
                "i • 甲",
                "i • 乙",
                "i 1. 丙",
                "i 2. 丁",
                "i 1. 戊",
                "p 正文。",
            ],
        ),
        (
            "标题一\n===\n\n甲 *乙* **丙** ~~丁~~ `戊_己` &amp; \\* [庚](x) <https://a.cn>",
            &["1 标题一", "p 甲 乙 丙 丁 戊_己 & * 庚 https://a.cn"],
        ),
        ("乘方写作 2**3，积写作 2*3。", &["p 乘方写作 2**3，积写作 2*3。"]),
        ("**会议强调：**要抓好**“落实”**工作。", &["p 会议强调：要抓好“落实”工作。"]),
        ("甲[^1]乙。\n\n[^1]: 注释。\n", &["p 甲[1]乙。", "n [1] 注释。"]),
        (
            "# 甲\n若 a < b，Vec<T> 与 <某某> 成立 1 < 2 且 <br> 换行",
            &["1 甲", "p 若 a < b，Vec<T> 与 <某某> 成立 1 < 2 且", "p 换行"],
        ),
        ("> 引文。\n\n```rust\nfn a() {}\n  b();\n```\n", &["p 引文。", "p fn a() {}|  b();"]),
        (
            "    远山通信的段落。\n    另一段。\n\n\tlet x = 1;\n",
            &["p 远山通信的段落。", "p 另一段。", "p let x = 1;"],
        ),
        (
            "![远山通信雪岭基站全景](a.jpg)\n\n文字![图](b.jpg)在后。\n\n![image](c.png)\n",
            &["c 远山通信雪岭基站全景", "p 文字在后。"],
        ),
        ("<script>没有结尾\n\n正文。", &["p <script>没有结尾", "p 正文。"]),
        ("[TOC]\n\n# 甲\n\n[乙][1]\n\n[1]: http://a.cn\n", &["1 甲", "p 乙"]),
    ];
    for (source, expected) in cases {
        assert_eq!(outline(source), *expected, "{source}");
    }
}

#[test]
fn lines_of_chinese_are_paragraphs_unless_they_are_wrapped() {
    let cases: &[(&str, &[&str])] = &[
        (
            "第一句。\n第二句，\n接着写。\n姓名\n张三",
            &["p 第一句。", "p 第二句，接着写。", "p 姓名", "p 张三"],
        ),
        ("the first line\nand the second", &["p the first line and the second"]),
        (
            "远山通信今年在雪岭和松涛岛一共新建基站一百二十座覆盖率\n提高到百分之九十八客户满意度居全省第一公司还将在明年里\n继续增加投入。",
            &[
                "p 远山通信今年在雪岭和松涛岛一共新建基站一百二十座覆盖率提高到百分之九十八客户满意度居全省第一公司还将在明年里继续增加投入。",
            ],
        ),
    ];
    for (source, expected) in cases {
        assert_eq!(outline(source), *expected, "{source}");
    }
}

#[test]
fn tables_in_markdown_and_in_html() {
    let cases: &[(&str, &[&str])] = &[
        (
            "单位：元\n| 项目 | **2023年** |\n| --- | ---: |\n| 收入<br>合计 | 1, 234 |\n| 利润 | a\\|b |\n",
            &["c 单位：元", "t3x2/1 项目|2023年|收入合计|1, 234|利润|a|b"],
        ),
        ("| 甲 | 乙 |\n| 1 | 2 |\n", &["t2x2/1 甲|乙|1|2"]),
        ("| 甲 |\n| --- |\n| 乙 | 丙 | 丁 |\n", &["t2x3/1 甲|乙|丙|丁"]),
        (
            "<table><tr><th rowspan=\"2\">项目</th><th colspan=\"2\">金额</th></tr><tr><th>本期</th><th>上期</th></tr><tr><td>收入</td><td>1</td><td>2</td></tr></table>",
            &["t3x3/2 项目|金额|本期|上期|收入|1|2"],
        ),
    ];
    for (source, expected) in cases {
        assert_eq!(outline(source), *expected, "{source}");
    }
}

#[test]
fn what_converters_from_pdf_write() {
    let source = "# 远山通信简报\n\n## 一、概况\n\n<!-- Media -->\n\n<!-- figureText: 甲 乙 -->\n\n\
        图 1 网络结构\n\n<!-- Media -->\n\n占比 \\( {8.3}\\% \\)，\\( 5\\mathrm{G} \\) 用户。<PAGE_DIV> \n\n\
        二、网络\n\n正文 \\( {}^{1} \\) 。\n\n---\n\n<!-- Footnote -->\n\n\\( {}^{1} \\) 注释。\n\n\
        <!-- Footnote -->\n\n---\n\n<PAGE_DIV> ## 目 录\n\n一、概况 .1\n\n二、网络 .2\n";
    assert_eq!(
        outline(source),
        [
            "1 远山通信简报",
            "2 一、概况",
            "p 图 1 网络结构",
            "p 占比 8.3%，5G 用户。",
            "2 二、网络",
            "p 正文 ¹ 。",
            "n ¹ 注释。",
            "~2 目 录",
            "~p 一、概况 .1",
            "~p 二、网络 .2",
        ]
    );
}

#[test]
fn front_matter_that_never_closes_is_text() {
    assert_eq!(read("---\n正文。\n").blocks.len(), 1);
    assert_eq!(parse("a.md", b"---\na: b\n---\n"), Err(ParseError::NoText));
}
