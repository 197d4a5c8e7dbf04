//! Blocks of invented documents to passages.

use yuanwen_parse::{Cell, CharPlace, Furniture};

use yuanwen_parse::{Block, BlockKind, Document, Table};

use super::build::*;
use super::*;

fn block(kind: BlockKind, text: &str) -> Block {
    Block { kind, text: text.to_owned(), ..Block::default() }
}

fn of(blocks: Vec<Block>) -> Vec<Passage> {
    let document = Document { blocks, ..Document::default() };
    let all = passages(&document);
    for passage in &all {
        for (part, range) in passage.part_ranges() {
            let source =
                &document.blocks[part.block as usize].text[part.start as usize..part.end as usize];
            assert_eq!(source, &passage.text[range]);
        }
    }
    all
}

#[test]
fn sentences_stay_whole_and_passages_even() {
    let sentence = "远山通信在各地建成了安全可靠的算力网络。";
    let all = of(vec![block(BlockKind::Paragraph, &sentence.repeat(40))]);
    assert_eq!(all.len(), 2);
    for passage in &all {
        assert!(passage.text.ends_with('。') && passage.text.starts_with("远山"));
        assert!((300..=LONGEST).contains(&chars(&passage.text)), "{}", chars(&passage.text));
    }
}

#[test]
fn a_sentence_longer_than_a_passage_is_not_cut() {
    let text = format!("{}。", "很长的句子，".repeat(200));
    let all = of(vec![block(BlockKind::Paragraph, &text)]);
    assert_eq!(all.iter().map(|passage| passage.text.as_str()).collect::<Vec<_>>(), [text]);
}

#[test]
fn headings_open_their_section_and_make_the_path() {
    let long = "公司持续推进网络建设，服务水平稳步提升。".repeat(12);
    let all = of(vec![
        block(BlockKind::Heading(1), "一、概况"),
        block(BlockKind::Heading(2), "（一）网络"),
        block(BlockKind::Paragraph, &long),
        block(BlockKind::Heading(2), "（二）服务"),
        block(BlockKind::Paragraph, &long),
        block(BlockKind::Heading(1), "二、展望"),
        block(BlockKind::Paragraph, &long),
    ]);
    let paths: Vec<_> = all.iter().map(|passage| passage.headings.join(" > ")).collect();
    assert_eq!(paths, ["一、概况 > （一）网络", "一、概况 > （二）服务", "二、展望"]);
    assert!(all[0].text.starts_with("一、概况\n（一）网络\n公司"));
}

#[test]
fn short_sections_share_a_passage_and_keep_their_own_path() {
    let all = of(vec![
        block(BlockKind::Heading(1), "一、业务"),
        block(BlockKind::Heading(2), "1. 移动"),
        block(BlockKind::Paragraph, "用户稳步增长。"),
        block(BlockKind::Heading(2), "2. 算力"),
        block(BlockKind::Paragraph, "机架投入运营。"),
    ]);
    let [passage] = &all[..] else { panic!("{all:?}") };
    let at = |text: &str| passage.text.find(text).expect("in the passage");
    assert_eq!(passage.headings_at(at("用户稳步")), ["一、业务", "1. 移动"]);
    assert_eq!(passage.headings_at(at("机架投入")), ["一、业务", "2. 算力"]);
}

#[test]
fn a_label_that_spans_rows_stands_before_each_later_row() {
    let text = "地区\t城市\t门店\n北区\t甲市\t3\n乙市\t5\n南区\t丙市\t8";
    let cell = |row, column, row_span, content: &str| {
        let start = text.find(content).expect("a cell") as u32;
        Cell { row, column, row_span, column_span: 1, start, end: start + content.len() as u32 }
    };
    let cells = vec![
        cell(0, 0, 1, "地区"),
        cell(0, 1, 1, "城市"),
        cell(0, 2, 1, "门店"),
        cell(1, 0, 2, "北区"),
        cell(1, 1, 1, "甲市"),
        cell(1, 2, 1, "3"),
        cell(2, 1, 1, "乙市"),
        cell(2, 2, 1, "5"),
        cell(3, 0, 1, "南区"),
        cell(3, 1, 1, "丙市"),
        cell(3, 2, 1, "8"),
    ];
    let table = Table { rows: 4, columns: 3, header_rows: 1, cells, ..Table::default() };
    let all = of(vec![block(BlockKind::Table(table), text)]);
    assert_eq!(all[0].text, "地区\t城市\t门店\n北区\t甲市\t3\n北区\n乙市\t5\n南区\t丙市\t8");
}

#[test]
fn every_passage_of_a_table_has_its_caption_and_header() {
    let rows: Vec<String> = (0..60).map(|row| format!("第{row}项支出\t{row}00万元")).collect();
    let text = format!("项目\t金额\n{}", rows.join("\n"));
    let table = Table { rows: 61, columns: 2, header_rows: 1, ..Table::default() };
    let all =
        of(vec![block(BlockKind::Caption, "表1 支出"), block(BlockKind::Table(table), &text)]);
    assert!(all.len() > 1);
    for passage in &all {
        assert!(passage.text.starts_with("表1 支出\n项目\t金额\n第"), "{}", passage.text);
    }
    let found: usize = all.iter().map(|passage| passage.text.matches("支出\t").count()).sum();
    assert_eq!(found, 60);
}

#[test]
fn a_table_has_its_heading_and_what_introduces_it() {
    let table = Table { rows: 2, columns: 2, header_rows: 1, ..Table::default() };
    let all = of(vec![
        block(BlockKind::Paragraph, "网络质量稳步提升。收入增长。"),
        block(BlockKind::Heading(1), "二、收入"),
        block(BlockKind::Paragraph, "业务发展良好。下表列出了各业务的收入。"),
        block(BlockKind::Paragraph, "□适用 √不适用"),
        block(BlockKind::Caption, "单位：万元"),
        block(BlockKind::Table(table.clone()), "业务\t收入\n语音\t12"),
        block(BlockKind::Heading(1), "三、资产"),
        block(BlockKind::Caption, "单位：万元"),
        block(BlockKind::Table(table), "项目\t金额\n存货\t9"),
    ]);
    let texts: Vec<&str> = all.iter().map(|passage| passage.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "网络质量稳步提升。收入增长。\n二、收入\n业务发展良好。",
            "下表列出了各业务的收入。\n□适用 √不适用\n单位：万元\n业务\t收入\n语音\t12",
            "三、资产\n单位：万元\n项目\t金额\n存货\t9",
        ]
    );
    assert_eq!(all[1].headings, ["二、收入"]);
}

#[test]
fn a_heading_goes_with_its_table() {
    let table = Table { rows: 2, columns: 2, header_rows: 1, ..Table::default() };
    let all = of(vec![
        block(BlockKind::Heading(1), "一、概况"),
        block(BlockKind::Paragraph, "网络质量稳步提升。"),
        block(BlockKind::Heading(1), "二、收入"),
        block(BlockKind::Table(table), "业务\t收入\n语音\t12"),
    ]);
    let texts: Vec<&str> = all.iter().map(|passage| passage.text.as_str()).collect();
    assert_eq!(texts, ["一、概况\n网络质量稳步提升。", "二、收入\n业务\t收入\n语音\t12"]);
    assert_eq!(all[1].headings, ["二、收入"]);
}

#[test]
fn furniture_makes_no_passage() {
    let mut header = block(BlockKind::Paragraph, "远山通信年度报告");
    header.furniture = Some(Furniture::Header);
    assert!(of(vec![header]).is_empty());
}

#[test]
fn a_passage_knows_where_a_page_turns() {
    let mut paragraph = block(BlockKind::Paragraph, "甲乙。丙丁。");
    for (at, page) in [(0, 1), (3, 1), (6, 1), (9, 2), (12, 2), (15, 2)] {
        let place = CharPlace { page, x0: at as f32, x1: at as f32 + 3.0, top: 10.0, bottom: 20.0 };
        paragraph.places.push(at, 3, place);
    }
    let all = of(vec![paragraph]);
    assert_eq!((all[0].page_at(0), all[0].page_at(9)), (Some(1), Some(2)));
}
