//! The road from question to answer over a few invented documents.

use std::sync::Arc;

use yuanwen_parse::{Block, BlockKind, Document, Kind, Metadata, Period, Span, Table};

use super::{Answer, AskOptions, ask};
use crate::index::Index;
use crate::model::Embedder;
use crate::passage::passages;
use crate::retrieve::{Listed, Names, Passages, Prepared, Stored};
use crate::vectors::Vectors;

struct Shelf {
    documents: Vec<(u64, Arc<str>, Document)>,
}

impl Passages for Shelf {
    fn load(&self, wanted: &[(u64, u32)]) -> crate::Result<Vec<Stored>> {
        let load = |&(version, ordinal): &(u64, u32)| {
            let (_, name, document) =
                self.documents.iter().find(|(known, ..)| *known == version)?;
            let passage = passages(document).into_iter().nth(ordinal as usize)?;
            Some(Stored {
                version,
                name: Arc::clone(name),
                meta: Arc::new(document.meta.clone()),
                names: Arc::new(Names::new(&document.meta, name)),
                passage: Arc::new(Prepared::new(passage)),
            })
        };
        Ok(wanted.iter().filter_map(load).collect())
    }

    fn documents(&self) -> crate::Result<Vec<Listed>> {
        let listed = |(version, name, document): &(u64, Arc<str>, Document)| Listed {
            version: *version,
            name: Arc::clone(name),
            meta: Arc::new(document.meta.clone()),
        };
        Ok(self.documents.iter().map(listed).collect())
    }
}

fn shelf(documents: Vec<(&str, Document)>) -> (Shelf, Index) {
    filled(Index::in_memory().expect("an index in memory"), documents)
}

fn filled(index: Index, documents: Vec<(&str, Document)>) -> (Shelf, Index) {
    let mut shelf = Shelf { documents: Vec::new() };
    for (at, (name, document)) in documents.into_iter().enumerate() {
        let version = at as u64 + 1;
        index.add(version, name, &document.meta, &passages(&document)).expect("added");
        shelf.documents.push((version, Arc::from(name), document));
    }
    index.commit(1).expect("committed");
    (shelf, index)
}

fn put(question: &str, shelf: &Shelf, index: &Index) -> Answer {
    let answer = ask(question, index, shelf, &AskOptions::default()).expect("an answer");
    for block in &answer.blocks {
        let (.., document) =
            shelf.documents.iter().find(|(version, ..)| *version == block.version).expect("known");
        let part = |part: &crate::passage::Part| {
            &document.blocks[part.block as usize].text[part.start as usize..part.end as usize]
        };
        let texts: Vec<&str> = block.parts.iter().map(part).collect();
        assert_eq!(block.text, texts.join("\n"), "verbatim");
    }
    answer
}

fn block(kind: BlockKind, text: &str) -> Block {
    Block { kind, text: text.to_owned(), ..Block::default() }
}

fn report(year: u16, span: Span, blocks: Vec<Block>) -> Document {
    let period = Period { year, span };
    let title = format!("远山通信{period}报告");
    let meta = Metadata {
        title: Some(title),
        period: Some(period),
        kind: Kind::Report,
        ..Metadata::default()
    };
    Document { meta, blocks, ..Document::default() }
}

fn revenue(year: u16, span: Span, amount: &str) -> Document {
    let text = format!(
        "报告期内，公司坚持稳中求进，各项工作有序推进。公司营业收入达到{amount}亿元，比上年同期稳步提升，经营质量持续改善。公司将继续深耕主业。"
    );
    report(
        year,
        span,
        vec![block(BlockKind::Heading(1), "经营情况"), block(BlockKind::Paragraph, &text)],
    )
}

fn library() -> Vec<(&'static str, Document)> {
    let table = Table { rows: 3, columns: 3, header_rows: 1, ..Table::default() };
    vec![
        ("a21", revenue(2021, Span::Year, "310")),
        ("a22", revenue(2022, Span::Year, "350")),
        ("q22", revenue(2022, Span::Quarter(1), "88")),
        (
            "plan",
            Document {
                meta: Metadata {
                    title: Some("星桥平台白皮书".to_owned()), ..Metadata::default()
                },
                blocks: vec![
                    block(BlockKind::Heading(1), "一、星桥平台的主要特点"),
                    block(
                        BlockKind::Paragraph,
                        "星桥平台面向中小企业提供算力服务，其主要特点有以下三点：",
                    ),
                    block(BlockKind::ListItem, "1. 弹性调度，按需分配算力资源。"),
                    block(BlockKind::ListItem, "2. 安全可信，全程加密存储数据。"),
                    block(BlockKind::ListItem, "3. 绿色低碳，机房全部使用清洁电力。"),
                    block(BlockKind::Heading(1), "二、财务数据"),
                    block(BlockKind::Caption, "单位：万元"),
                    block(
                        BlockKind::Table(table),
                        "项目\t本期金额\t变动原因\n存货\t420\t备货增加\n应收账款\t960\t回款放缓",
                    ),
                ],
                ..Document::default()
            },
        ),
    ]
}

#[test]
fn questions_get_the_sentences_that_answer() {
    let (shelf, index) = shelf(library());
    for (question, name, held) in [
        ("2022年远山通信的营业收入是多少？", "a22", "350亿元"),
        ("2021年远山通信的营业收入是多少？", "a21", "310亿元"),
        ("2022年第一季度远山通信的营业收入是多少？", "q22", "88亿元"),
        ("远山通信2022年年度报告中，营业收入是多少？", "a22", "350亿元"),
        ("星桥平台有哪些主要特点？", "plan", "3. 绿色低碳"),
        ("星桥平台存货的变动原因是什么？", "plan", "存货\t420\t备货增加"),
        ("星橋平台的應收賬款是多少？", "plan", "应收账款\t960"),
    ] {
        let answer = put(question, &shelf, &index);
        let first = answer.blocks.first().expect("a block");
        assert_eq!((&*first.name, answer.found), (name, true), "{question}: {first:?}");
        assert!(first.text.contains(held), "{question}: {}", first.text);
    }
}

#[test]
fn a_row_comes_with_its_header_and_without_its_neighbours() {
    let (shelf, index) = shelf(library());
    let answer = put("星桥平台存货的变动原因是什么？", &shelf, &index);
    assert_eq!(answer.blocks[0].text, "单位：万元\n项目\t本期金额\t变动原因\n存货\t420\t备货增加");
}

#[test]
fn a_list_question_gets_the_enumeration_behind_the_sentence_it_names() {
    let text = "远山通信面向四类重点客户，整合产品和服务，打造云帆综合解决方案。云帆方案主要包括：一是金融云帆，为银行提供方案。二是交通云帆，为港口提供方案；三是能源云帆，为电网提供方案。公司将继续努力。";
    let document =
        Document { blocks: vec![block(BlockKind::Paragraph, text)], ..Document::default() };
    let (shelf, index) = shelf(vec![("cloud", document)]);
    let answer = put("远山通信面向四类重点客户打造了综合解决方案，分别是哪四类？", &shelf, &index);
    assert!(answer.blocks[0].text.contains("三是能源云帆"), "{}", answer.blocks[0].text);
}

#[test]
fn each_period_of_a_double_question_is_answered() {
    let (shelf, index) = shelf(library());
    let answer = put("2021年和2022年远山通信的营业收入分别是多少？", &shelf, &index);
    let names: Vec<&str> = answer.blocks.iter().map(|block| &*block.name).collect();
    assert_eq!(names, ["a21", "a22"]);
}

#[test]
fn what_no_document_speaks_of_is_not_found() {
    let (shelf, index) = shelf(library());
    let answer = put("火星探测器何时发射？", &shelf, &index);
    assert!(!answer.found);
    let (nothing, empty) = self::shelf(Vec::new());
    assert!(!put("任何问题", &nothing, &empty).found);
}

#[test]
fn answers_do_not_depend_on_the_order_of_documents() {
    let mut reversed = library();
    reversed.reverse();
    let (one, other) = (shelf(library()), shelf(reversed));
    for question in ["营业收入是多少", "公司经营质量如何", "星桥平台有哪些主要特点？", "存货"]
    {
        let seen = |(shelf, index): &(Shelf, Index)| -> Vec<_> {
            let answer = put(question, shelf, index);
            let passages = answer.passages.iter();
            let place = |ranked: &crate::retrieve::Ranked| {
                (
                    ranked.stored.name.to_string(),
                    ranked.stored.passage.ordinal,
                    ranked.score.to_bits(),
                )
            };
            passages.map(place).collect()
        };
        assert_eq!(seen(&one), seen(&other), "{question}");
    }
}

#[test]
fn a_removed_document_is_gone() {
    let (shelf, index) = shelf(library());
    index.remove(2).expect("removed");
    index.commit(2).expect("committed");
    let answer = put("2022年远山通信的营业收入是多少？", &shelf, &index);
    assert!(answer.passages.iter().all(|ranked| ranked.stored.version != 2));
    assert_eq!(index.generation().expect("a generation"), 2);
}

/// A transformer that knows what has to do with rivers.
struct Rivers;

impl Embedder for Rivers {
    fn name(&self) -> &str {
        "rivers"
    }

    fn digest(&self) -> &str {
        "rivers"
    }

    fn dimensions(&self) -> usize {
        2
    }

    fn passages(&self, texts: &[&str]) -> crate::Result<Vec<Vec<f32>>> {
        let one = |text: &&str| match text.contains(['汛', '江']) {
            true => vec![1.0, 0.0],
            false => vec![0.0, 1.0],
        };
        Ok(texts.iter().map(one).collect())
    }

    fn query(&self, text: &str) -> crate::Result<Vec<f32>> {
        Ok(self.passages(&[text])?.remove(0))
    }
}

#[test]
fn a_description_ends_before_what_a_transformer_finds_far() {
    let told = "远山通信多措并举保障汛期通信畅通。工程师提前检修了沿江站点的电源。";
    let other = "青湖团队表彰了年度优秀员工。";
    let text = format!("{told}{other}");
    let library = || {
        let own =
            vec![block(BlockKind::Heading(1), "二、抢修"), block(BlockKind::Paragraph, &text)];
        let mut library = library();
        library.push(("flood", report(2022, Span::Year, own)));
        library
    };
    let question = "远山通信如何保障汛期通信畅通？";
    let (shelf, index) = shelf(library());
    assert_eq!(put(question, &shelf, &index).blocks[0].text, text, "words alone");
    let mut index = Index::in_memory().expect("an index in memory");
    index.vectors = Vectors::in_memory(Arc::new(Rivers));
    let (shelf, index) = filled(index, library());
    assert_eq!(put(question, &shelf, &index).blocks[0].text, told);
}
