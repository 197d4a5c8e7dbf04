use super::*;
use crate::document::Kind;

fn read(text: &str) -> Document {
    parse(text.as_bytes()).unwrap()
}

/// A letter for what each block is (a digit for a heading's level), and its text.
fn outline(text: &str) -> Vec<String> {
    let show = |block: &crate::document::Block| {
        let kind = match &block.kind {
            BlockKind::Heading(level) => level.to_string(),
            BlockKind::Paragraph => "p".to_owned(),
            BlockKind::ListItem => "i".to_owned(),
            BlockKind::Table(table) => format!("t{}x{}", table.rows, table.columns),
            BlockKind::Caption => "c".to_owned(),
            BlockKind::Note => "n".to_owned(),
        };
        let aside = if block.furniture.is_some() { "~" } else { "" };
        format!("{aside}{kind} {}", block.text.replace(['\t', '\n'], "|"))
    };
    read(text).blocks.iter().map(show).collect()
}

#[test]
fn a_news_article() {
    let document = read(
        "\u{FEFF}远山通信完成雪岭基站改造\n\n发布时间：2023-05-04 发布人：新闻宣传部\n\n\
         远山通信今天完成改造。\n共 12 座基站。\n",
    );
    let kinds: Vec<_> = document.blocks.iter().map(|block| block.kind.clone()).collect();
    assert_eq!(kinds[0], BlockKind::Heading(1));
    assert_eq!(kinds[1..], [const { BlockKind::Paragraph }; 3]);
    assert_eq!(document.meta.title.as_deref(), Some("远山通信完成雪岭基站改造"));
    assert_eq!(document.meta.published.unwrap().to_string(), "2023-05-04");
    assert_eq!(document.meta.publisher.as_deref(), Some("新闻宣传部"));
    assert_eq!(document.meta.kind, Kind::News);
}

#[test]
fn a_date_without_a_label_under_the_headline() {
    let document = read("雪岭基站建成\n2023-05-04 10:20　来源：雪岭日报\n远山通信今天宣布建成。\n");
    assert_eq!(document.meta.published.unwrap().to_string(), "2023-05-04");
    assert_eq!(document.meta.publisher.as_deref(), Some("雪岭日报"));
}

#[test]
fn lines_that_a_program_wrapped_are_joined() {
    let source = "雪岭项目简报\n\n远山通信今年在雪岭和松涛岛一共新建基站一百二十座，覆盖率\n\
        提高到百分之九十八，客户满意度居全省第一。公司还将在明年\n继续增加投入。\n\n\
        第二段也是这样被折成几行的，每行大约二十七个汉字，直到\n这一段结束。\n";
    assert_eq!(
        outline(source),
        [
            "1 雪岭项目简报",
            "p 远山通信今年在雪岭和松涛岛一共新建基站一百二十座，覆盖率提高到百分之九十八，客户满意度居全省第一。公司还将在明年继续增加投入。",
            "p 第二段也是这样被折成几行的，每行大约二十七个汉字，直到这一段结束。",
        ]
    );
    let latin = "Notes\n\nThe network of the valley was extended by a dozen stations in\nthe \
        first quarter, and the operator expects that all villages on\nthe island can be reached \
        before the end of the year.\n";
    assert_eq!(outline(latin).len(), 2);
    assert!(outline(latin)[1].contains("stations in the first quarter, and"));
}

#[test]
fn an_indent_begins_a_paragraph_and_a_sentence_may_end_at_the_end_of_a_line() {
    let source = "\u{3000}\u{3000}远山通信今年在雪岭和松涛岛一共新建基站一百二十座。覆盖率\n\
        提高到百分之九十八。客户满意度居全省第一。工程已经通过验收。\n因此公司决定继续。\n\
        \u{3000}\u{3000}第二段从这里开始，也被折成几行，每行大约是三十个汉字左右，\n直到结束。\n";
    assert_eq!(outline(source).len(), 2, "{:?}", outline(source));
}

#[test]
fn short_lines_stay_lines() {
    let source = "通讯录\n张三\n雪岭路一号\n电话 12345678\n李四\n松涛街二号\n";
    assert_eq!(outline(source).len(), 6);
}

#[test]
fn headings_by_number_and_by_shape() {
    let long = "远山通信在雪岭新建基站一百二十座，覆盖率提高到百分之九十八，客户满意度居全省第一，\
        工程质量全部合格，公司决定在松涛岛继续增加投入。";
    let source = format!(
        "管理办法\n\n第一章 总则\n{long}\n一、目的\n{long}\n（一）范围\n{long}\n1.2 结构 说明\n{long}\n\
         一、甲\n二、乙\n三、丙\n\n网络建设再上台阶\n\n{long}\n\n1. 第一项\n（1）其他\n● 又一项\n"
    );
    let kinds: Vec<String> =
        outline(&source).iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(
        kinds,
        ["1", "2", "p", "3", "p", "4", "p", "5", "p", "i", "i", "3", "6", "p", "i", "i", "i"]
    );
}

#[test]
fn tables_of_tabs_and_boxes() {
    assert_eq!(
        outline("指标\n项目\t2022年\t2023年\n收入\t10\t12\n利润\t1\t2\n完。"),
        ["1 指标", "t3x3 项目|2022年|2023年|收入|10|12|利润|1|2", "p 完。"]
    );
    let boxed = "+----+----+\n| 甲 | 乙 |\n+----+----+\n| 1  |    |\n+----+----+\n┌──┬──┐\n│丙│丁│\n├──┼──┤\n│3│4│\n└──┴──┘\n";
    assert_eq!(outline(boxed), ["t2x2 甲|乙|1", "t2x2 丙|丁|3|4"]);
    assert_eq!(outline("甲方\t远山通信\n正文。")[0], "1 甲方|远山通信");
}

#[test]
fn tables_of_spaces_with_captions_and_notes() {
    let source = "简报\n\n一、概况[1]\n正文。\n\n表1 主要指标\n单位：万户\n\
        季度          移动用户    接通率\n第一季度       1,248.6    99.68%\n\
        第二季度                  99.71%\n注：接通率为全年平均。\n\n二、网络\n正文。\n\n\
        （一）光缆\n区域\t\t基站\n\t\t年末\t年初\n北部\t雪岭\t2\t1\n合计\t\t5\t4\n\n\
        [1] 不含海缆。\n";
    assert_eq!(
        outline(source),
        [
            "1 简报",
            "2 一、概况[1]",
            "p 正文。",
            "c 表1 主要指标",
            "c 单位：万户",
            "t3x3 季度|移动用户|接通率|第一季度|1,248.6|99.68%|第二季度|99.71%",
            "n 注：接通率为全年平均。",
            "2 二、网络",
            "p 正文。",
            "3 （一）光缆",
            "t4x4 区域|基站|年末|年初|北部|雪岭|2|1|合计|5|4",
            "n [1] 不含海缆。",
        ]
    );
    let document = read(source);
    let tables: Vec<_> = document.blocks.iter().filter_map(|block| block.table()).collect();
    assert_eq!(tables[0].caption.as_deref(), Some("表1 主要指标"));
    assert_eq!(tables[0].unit.as_deref(), Some("单位：万户"));
    assert_eq!([tables[0].header_rows, tables[1].header_rows], [1, 2]);
    // Gaps in prose, addresses and contents are no columns.
    let lines = "姓　　名：张三\n住　　址：雪岭路 5 号\n电　　话：12345678\n";
    assert_eq!(outline(lines).len(), 3);
}

#[test]
fn tags_go_and_what_only_looks_like_them_stays() {
    let cases: &[(&str, &[&str])] = &[
        (
            "若 a < b，则<某某>成立，即 <T> 与 a<b>c。",
            &["p 若 a < b，则<某某>成立，即 <T> 与 a<b>c。"],
        ),
        ("<p>甲&nbsp;乙。</p> <p><b>丙</b>丁。</p>", &["p 甲 乙。", "p 丙丁。"]),
        (
            "<p>甲。</p>\n乙。\n丙 <某某>。<br/>丁。",
            &["p 甲。", "p 乙。", "p 丙 <某某>。", "p 丁。"],
        ),
        ("<script>x</script><p>甲。</p><p>乙。</p>", &["p 甲。", "p 乙。"]),
    ];
    for (source, expected) in cases {
        assert_eq!(outline(source), *expected, "{source}");
    }
}

#[test]
fn rules_go_and_contents_are_marked() {
    let source = "报告\n======\n目录\n一、概况……1\n二、网络……5\n-----\n一、概况\n正文。\n";
    assert_eq!(
        outline(source),
        ["1 报告", "~p 目录", "~i 一、概况……1", "~i 二、网络……5", "2 一、概况", "p 正文。"]
    );
}

#[test]
fn what_cannot_be_read_says_so() {
    assert_eq!(parse("\n \n".as_bytes()), Err(ParseError::NoText));
    let broken = ["远山通信的正文，这里有一个坏字节".as_bytes(), &[0xFF], "。".as_bytes()].concat();
    assert_eq!(parse(&broken).unwrap().warnings.len(), 1);
}
