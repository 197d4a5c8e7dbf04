//! What a question asks: synonyms, names, times, typos and what it leaves out.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;
use yuanwen_engine::answer::{Answer, AskOptions};
use yuanwen_engine::kb::{AddOptions, Conversation, KnowledgeBase};
use yuanwen_parse::Date;

const FILES: [(&str, &str); 5] = [
    (
        "远山通信2021年年度报告.txt",
        "远山通信2021年年度报告\n\n一、经营情况\n\n2021年远山通信实现营业收入七十一亿元，稳中有进。\n\n\
         二、员工情况\n\n截至2021年末，远山通信共有员工一万一千人。\n",
    ),
    (
        "远山通信2022年年度报告.txt",
        "远山通信2022年年度报告\n\n远山通信集团有限公司（以下简称“远山通信”）编制本报告。\n\n一、经营情况\n\n\
         2022年远山通信实现营业收入七十七亿元，稳中有进。\n\n二、员工情况\n\n\
         截至2022年末，远山通信共有员工一万二千人。\n",
    ),
    (
        "雪岭移动2022年年度报告.txt",
        "雪岭移动2022年年度报告\n\n雪岭移动有限公司（以下简称“雪岭移动”）编制本报告。\n\n一、经营情况\n\n\
         2022年公司实现营业收入三十三亿元，稳中有进。\n",
    ),
    (
        "松涛岛.txt",
        "远山通信抢修松涛岛海缆\n\n发布时间：2023-07-19 发布人：新闻宣传部\n\n\
         松涛岛海缆在台风中受损。抢修船听涛号用三十六小时接通了松涛岛海缆。\n",
    ),
    (
        "云帆平台.txt",
        "云帆平台上线\n\n云帆平台由青溪研究院研发，面向中小企业。云帆平台的口号是扬帆远航。\n",
    ),
];

struct Bench {
    dir: TempDir,
    kb: KnowledgeBase,
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let docs = dir.path().join("docs");
        fs::create_dir(&docs).unwrap();
        for (name, text) in FILES {
            fs::write(docs.join(name), text).unwrap();
        }
        let kb = KnowledgeBase::create(&dir.path().join("kb")).unwrap();
        kb.add(&[docs], &AddOptions::default(), &mut |_| {}).unwrap();
        Self { dir, kb }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join("kb").join(name)
    }

    fn ask(&self, question: &str) -> Answer {
        self.ask_as_of(question, None)
    }

    fn ask_as_of(&self, question: &str, as_of: Option<Date>) -> Answer {
        self.kb.ask(question, &AskOptions { as_of, ..AskOptions::default() }).unwrap()
    }
}

fn text(answer: &Answer) -> String {
    answer.blocks.iter().map(|block| block.text.as_str()).collect::<Vec<_>>().join("\n")
}

fn coverage(answer: &Answer) -> f64 {
    answer.passages.first().map_or(0.0, |best| best.signals.coverage)
}

#[test]
fn synonyms_are_used_without_a_rebuild() {
    let bench = Bench::new();
    let question = "断缆在何时用多久被连通？";
    let before = coverage(&bench.ask(question));
    fs::write(bench.file("synonyms.txt"), "断缆=海缆\n连通 接通\nalone\n").unwrap();
    let after = bench.ask(question);
    assert!(coverage(&after) > before + 0.1, "{before} {}", coverage(&after));
    assert!(text(&after).contains("三十六小时"), "{}", text(&after));
    let lexicon = bench.kb.lexicon().unwrap();
    let problems: Vec<String> = lexicon.problems().iter().map(ToString::to_string).collect();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].contains("synonyms.txt:3: "), "{problems:?}");
    fs::remove_file(bench.file("synonyms.txt")).unwrap();
    assert_eq!(coverage(&bench.ask(question)), before);
}

#[test]
fn a_word_of_the_dictionary_counts_as_a_unit() {
    let bench = Bench::new();
    fs::write(bench.file("dictionary.txt"), "云帆平台 2\n").unwrap();
    let query = bench.kb.understand("云帆平台的口号", &AskOptions::default()).unwrap();
    let word = query.terms.iter().find(|term| term.text == "云帆平台").unwrap();
    assert_eq!((word.weight, word.inside.len()), (2.0, 3));
    assert!(!query.terms.iter().any(|term| term.text == "云帆" || term.text == "台的"));
    assert!(text(&bench.ask("云帆平台的口号是什么？")).contains("扬帆远航"));
    assert_eq!(bench.kb.worth(&query).unwrap().len(), query.terms.len());
}

#[test]
fn names_narrow_without_excluding() {
    let bench = Bench::new();
    for (question, held) in [
        ("雪岭移动2022年的营业收入是多少？", "三十三亿元"),
        ("雪岭移动有限公司2022年的营业收入是多少？", "三十三亿元"),
        ("远山通信集团有限公司2022年的营业收入是多少？", "七十七亿元"),
    ] {
        let answer = bench.ask(question);
        assert!(text(&answer).contains(held), "{question}: {}", text(&answer));
        let names: Vec<&str> = answer.passages.iter().map(|ranked| &*ranked.stored.name).collect();
        assert!(names.len() > 2, "{names:?}");
    }
}

#[test]
fn relative_times_are_counted_from_a_date() {
    let bench = Bench::new();
    let year = |year| Some(Date { year, month: Some(5), day: None });
    for (question, as_of, held) in [
        ("远山通信去年的营业收入是多少？", None, "七十七亿元"),
        ("远山通信去年的营业收入是多少？", year(2022), "七十一亿元"),
        ("远山通信今年的营业收入是多少？", year(2022), "七十七亿元"),
        ("远山通信近两年的营业收入分别是多少？", year(2023), "七十一亿元"),
        ("远山通信近两年的营业收入分别是多少？", year(2023), "七十七亿元"),
    ] {
        let answer = bench.ask_as_of(question, as_of);
        assert!(text(&answer).contains(held), "{question} {as_of:?}: {}", text(&answer));
    }
}

#[test]
fn a_comparison_gives_both_figures() {
    let bench = Bench::new();
    for question in [
        "远山通信2022年营业收入比2021年增长多少？",
        "与2021年相比，远山通信2022年营业收入增长了多少？",
    ] {
        let found = text(&bench.ask(question));
        assert!(
            found.contains("七十七亿元") && found.contains("七十一亿元"),
            "{question}: {found}"
        );
    }
}

#[test]
fn typos_are_corrected_where_little_is_found() {
    let bench = Bench::new();
    for (question, corrected, held) in [
        ("谁接通了松滔岛海览？", true, "听涛号"),
        ("松涛岛海缆用了多少小时接通？", false, "三十六小时"),
        ("云凡平台由谁研发？", true, "青溪研究院"),
    ] {
        let answer = bench.ask(question);
        assert_eq!(!answer.corrected.is_empty(), corrected, "{question}: {:?}", answer.corrected);
        assert!(text(&answer).contains(held), "{question}: {}", text(&answer));
    }
}

#[test]
fn a_conversation_inherits_what_is_left_out() {
    let bench = Bench::new();
    let mut conversation = Conversation::default();
    for (question, completed, held) in [
        ("远山通信2022年的营业收入是多少？", None, "七十七亿元"),
        ("那2021年呢？", Some("远山通信2021年的营业收入是多少"), "七十一亿元"),
        ("员工呢？", Some("远山通信2021年的员工是多少"), "一万一千人"),
        ("雪岭移动2022年的营业收入是多少？", None, "三十三亿元"),
    ] {
        let (found, answer) =
            conversation.ask(&bench.kb, question, &AskOptions::default()).unwrap();
        assert_eq!(found.as_deref(), completed, "{question}");
        assert!(text(&answer).contains(held), "{question}: {}", text(&answer));
    }
}
