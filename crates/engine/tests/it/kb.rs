//! The knowledge base: what goes in, what is gone, what comes back.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use yuanwen_engine::answer::{Answer, AskOptions};
use yuanwen_engine::kb::{AddOptions, KnowledgeBase, Report, SkippedBecause};
use yuanwen_engine::store::{Keep, StoreError};
use yuanwen_engine::{Error, Result};

/// A folder of invented documents and a knowledge base beside it.
struct Bench {
    dir: TempDir,
}

impl Bench {
    fn new(files: &[(&str, &str)]) -> Self {
        let bench = Self { dir: tempfile::tempdir().unwrap() };
        fs::create_dir(bench.docs()).unwrap();
        for (name, text) in files {
            bench.write(name, text);
        }
        bench
    }

    fn docs(&self) -> PathBuf {
        self.dir.path().join("docs")
    }

    fn kb_dir(&self) -> PathBuf {
        self.dir.path().join("kb")
    }

    fn kb(&self) -> KnowledgeBase {
        KnowledgeBase::create(&self.kb_dir()).unwrap()
    }

    /// How many originals are kept.
    fn originals(&self) -> usize {
        let folders = fs::read_dir(self.kb_dir().join("originals")).unwrap().flatten();
        folders.flat_map(|folder| fs::read_dir(folder.path()).unwrap()).count()
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.docs().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }
}

const STATION: &str = "远山通信完成雪岭基站改造\n\n发布时间：2023-05-04 发布人：新闻宣传部\n\n\
    远山通信今天完成雪岭基站的改造。改造后雪岭基站的下行速率达到每秒八百兆比特。\n\
    工程由青溪分公司承担，历时四十二天。\n";
const CABLE: &str = "远山通信抢修松涛岛海缆\n\n发布时间：2023-07-19 发布人：新闻宣传部\n\n\
    松涛岛海缆在台风中受损。抢修船听涛号用三十六小时接通了松涛岛海缆。\n";
const REPORT: &str = "远山通信2022年年度报告\n\n一、经营情况\n\n\
    2022年远山通信实现营业收入七十七亿元，同比增长百分之八。\n\n二、员工情况\n\n\
    截至2022年末，远山通信共有员工一万二千人。\n";

const FILES: [(&str, &str); 3] =
    [("雪岭.txt", STATION), ("松涛岛.txt", CABLE), ("2022年年报.txt", REPORT)];

const QUESTIONS: [&str; 5] = [
    "雪岭基站改造后的下行速率是多少？",
    "谁接通了松涛岛海缆？",
    "2022年远山通信的营业收入是多少？",
    "远山通信有多少员工？",
    "远山通信的火星基地什么时候开工？",
];

fn add(kb: &KnowledgeBase, paths: &[PathBuf]) -> Report {
    add_with(kb, paths, AddOptions::default())
}

fn add_with(kb: &KnowledgeBase, paths: &[PathBuf], options: AddOptions) -> Report {
    kb.add(paths, &options, &mut |_| {}).unwrap()
}

fn ask(kb: &KnowledgeBase, question: &str) -> Answer {
    kb.ask(question, &AskOptions::default()).unwrap()
}

/// Everything about an answer but its time and the numbers of versions.
fn gist(answer: &Answer) -> String {
    let blocks = answer
        .blocks
        .iter()
        .map(|block| (block.name.to_string(), block.page, block.parts.clone(), block.text.clone()));
    let passages = answer.passages.iter().map(|ranked| {
        let passage = &ranked.stored.passage;
        (ranked.stored.name.to_string(), passage.ordinal, ranked.score, passage.text.clone())
    });
    let (blocks, passages) = (blocks.collect::<Vec<_>>(), passages.collect::<Vec<_>>());
    format!("{} {} {blocks:?} {passages:?}", answer.found, answer.confidence)
}

fn gists(kb: &KnowledgeBase, questions: &[&str]) -> Vec<String> {
    let answers: Result<Vec<_>> = kb.batch(questions, &AskOptions::default()).into_iter().collect();
    answers.unwrap().iter().map(gist).collect()
}

fn mentions(kb: &KnowledgeBase, question: &str, text: &str) -> bool {
    let answer = ask(kb, question);
    answer.blocks.iter().any(|block| block.text.contains(text))
        || answer.passages.iter().any(|ranked| ranked.stored.passage.text.contains(text))
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/docs")
}

fn copy_folder(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        fs::copy(&entry, to.join(entry.file_name().unwrap())).unwrap();
    }
}

#[test]
fn files_are_added_once_replaced_and_removed() {
    let bench = Bench::new(&FILES);
    let kb = bench.kb();
    let docs = [bench.docs()];
    let report = add(&kb, &docs);
    assert_eq!((report.added, report.unchanged), (3, 0));
    assert!(mentions(&kb, QUESTIONS[0], "每秒八百兆比特"));

    assert_eq!(add(&kb, &docs).unchanged, 3);

    let path = bench.write("雪岭.txt", &STATION.replace("八百兆", "九百五十兆"));
    let report = add(&kb, &docs);
    assert_eq!((report.updated, report.unchanged), (1, 2));
    assert!(mentions(&kb, QUESTIONS[0], "每秒九百五十兆比特"));
    assert!(!mentions(&kb, QUESTIONS[0], "每秒八百兆比特"));

    assert_eq!(
        Path::new(&kb.remove("雪岭", Keep::Nothing).unwrap().path),
        fs::canonicalize(path).unwrap()
    );
    assert!(!mentions(&kb, QUESTIONS[0], "兆比特"));
    assert_eq!(kb.list().unwrap().len(), 2);
    assert!(matches!(kb.find("雪岭"), Err(Error::Store(StoreError::UnknownDocument(_)))));
}

#[test]
fn a_file_that_was_only_touched_is_not_read_again() {
    let bench = Bench::new(&FILES);
    let kb = bench.kb();
    add(&kb, &[bench.docs()]);
    let version = kb.find("雪岭").unwrap().version;
    let file = fs::File::options().write(true).open(bench.docs().join("雪岭.txt")).unwrap();
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    assert_eq!(add(&kb, &[bench.docs()]).unchanged, 3);
    assert_eq!(kb.find("雪岭").unwrap().version, version);
    assert_eq!(kb.find("雪岭").unwrap().modified, 0);
}

#[test]
fn changes_are_seen_by_those_who_have_it_open() {
    let bench = Bench::new(&FILES);
    let kb = bench.kb();
    add(&kb, &[bench.docs()]);
    let other = KnowledgeBase::open(&bench.kb_dir()).unwrap();
    assert!(mentions(&other, QUESTIONS[1], "听涛号"));
    kb.remove("松涛岛.txt", Keep::Nothing).unwrap();
    assert!(!mentions(&other, QUESTIONS[1], "听涛号"));
    assert_eq!(bench.originals(), 2);
    add(&kb, &[bench.docs()]);
    assert!(mentions(&other, QUESTIONS[1], "听涛号"));
    other.remove("雪岭", Keep::Nothing).unwrap();
    assert!(!mentions(&kb, QUESTIONS[0], "兆比特"));
    assert_eq!(add(&kb, &[bench.docs()]).added, 1);
    assert!(mentions(&other, QUESTIONS[0], "兆比特"));
}

#[test]
fn many_small_runs_do_not_leave_many_segments() {
    let bench = Bench::new(&FILES);
    for run in 0..24 {
        let path =
            bench.write(&format!("{run}.txt"), &STATION.replace("雪岭", &format!("第{run}")));
        add(&bench.kb(), &[path]);
    }
    let files = fs::read_dir(bench.kb_dir().join("index")).unwrap();
    let segments =
        files.filter(|file| file.as_ref().unwrap().path().extension() == Some("term".as_ref()));
    assert!(segments.count() < 12);
    assert!(mentions(&bench.kb(), "第7基站改造后的下行速率是多少？", "第7基站的下行速率"));
}

#[test]
fn a_knowledge_base_among_its_documents_is_not_indexed() {
    let bench = Bench::new(&FILES);
    let kb = KnowledgeBase::create(&bench.docs().join("kb")).unwrap();
    for unchanged in [0, 3] {
        let report = add(&kb, &[bench.docs()]);
        assert_eq!((report.unchanged, kb.list().unwrap().len()), (unchanged, 3));
        assert_eq!(report.skipped[0].because, SkippedBecause::KnowledgeBase);
    }
}

#[test]
fn answers_are_byte_exact_ranges_with_places() {
    let bench = Bench::new(&FILES);
    let kb = bench.kb();
    let report = add(&kb, &[bench.docs(), samples()]);
    assert!(report.pages > 0 && report.added >= 6, "{report:?}");
    let questions = fs::read_to_string(samples().join("../gold.jsonl")).unwrap();
    let questions: Vec<String> = questions
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|line| line["question"].as_str().unwrap().to_owned())
        .chain(QUESTIONS.map(str::to_owned))
        .collect();
    let mut checked = 0;
    for question in &questions {
        for block in ask(&kb, question).blocks {
            let path = kb.source(block.version).unwrap().unwrap();
            let (_, document) = kb.show(&path).unwrap();
            let texts = block.parts.iter().map(|part| {
                &document.blocks[part.block as usize].text[part.start as usize..part.end as usize]
            });
            assert_eq!(block.text, texts.collect::<Vec<_>>().join("\n"), "{question}");
            let boxes = kb.place(&block).unwrap().boxes;
            assert_eq!(block.page.is_some(), !boxes.is_empty(), "{question}");
            // A row may stand on a later page than the header that comes with it.
            let is_there = |page| boxes.iter().any(|place| place.page == page);
            assert!(block.page.is_none_or(is_there), "{question}");
            checked += 1;
        }
    }
    assert!(checked >= questions.len() - 2, "only {checked} blocks");
}

#[test]
fn the_order_of_files_and_the_number_of_threads_change_nothing() {
    let bench = Bench::new(&FILES);
    for number in 0..40 {
        let text = format!(
            "远山通信第{number}号简报\n\n远山通信在第{number}区新建基站{}座。\n本区负责人为{}号工程师。\n",
            number * 7 % 11,
            number % 5
        );
        bench.write(&format!("简报/{number}.txt"), &text);
    }
    // The same text under the same name: only the path is left to order them.
    bench.write("甲/雪岭.txt", STATION);
    bench.write("乙/雪岭.txt", STATION);
    let mut questions = QUESTIONS.to_vec();
    questions.extend(["远山通信在第3区新建了多少座基站？", "远山通信新建基站", "本区负责人是谁？"]);

    let one = KnowledgeBase::create(&bench.dir.path().join("one")).unwrap();
    add_with(&one, &[bench.docs()], AddOptions { threads: Some(1), ..AddOptions::default() });
    let expected = gists(&one, &questions);

    let four = KnowledgeBase::create(&bench.dir.path().join("four")).unwrap();
    add_with(&four, &[bench.docs()], AddOptions { threads: Some(4), ..AddOptions::default() });
    assert_eq!(gists(&four, &questions), expected);

    let backwards = KnowledgeBase::create(&bench.dir.path().join("backwards")).unwrap();
    let mut paths: Vec<PathBuf> =
        one.list().unwrap().iter().map(|entry| (&entry.path).into()).collect();
    paths.reverse();
    for path in paths {
        add(&backwards, &[path]);
    }
    assert_eq!(gists(&backwards, &questions), expected);

    let sources = |kb: &KnowledgeBase| -> Vec<Option<String>> {
        let passages = ask(kb, QUESTIONS[0]).passages;
        passages.iter().map(|ranked| kb.source(ranked.stored.version).unwrap()).collect()
    };
    assert_eq!(sources(&backwards), sources(&one));

    let alone: Vec<String> = questions.iter().map(|question| gist(&ask(&one, question))).collect();
    assert_eq!(alone, expected);
}

#[test]
fn an_index_that_was_left_behind_catches_up() {
    let bench = Bench::new(&FILES);
    let index = bench.kb_dir().join("index");
    let old = bench.dir.path().join("old");
    {
        let kb = bench.kb();
        add(&kb, &[bench.docs().join("雪岭.txt"), bench.docs().join("2022年年报.txt")]);
        copy_folder(&index, &old);
        add(&kb, &[bench.docs()]);
        kb.remove("雪岭", Keep::Nothing).unwrap();
    }
    let expected = gists(&bench.kb(), &QUESTIONS);
    // As after a run that was killed between the catalogue's commit and the index's, with an
    // index that is damaged, and with one that is gone.
    for what in ["left behind", "damaged", "gone"] {
        match what {
            "left behind" => copy_folder(&old, &index),
            "damaged" => fs::write(index.join("meta.json"), "{").unwrap(),
            _ => fs::remove_dir_all(&index).unwrap(),
        }
        assert_eq!(gists(&bench.kb(), &QUESTIONS), expected, "{what}");
    }
}

#[test]
fn vectors_that_are_lost_damaged_or_of_another_time_are_made_again() {
    let bench = Bench::new(&[("甲.txt", "雪岭基站\n雪岭建成基站八十座。\n")]);
    let vectors = bench.kb_dir().join("vectors");
    let held = || fs::read(&vectors).ok();
    add(&bench.kb(), &[bench.docs()]);
    let early = held().expect("a file of vectors");
    bench.write("乙.txt", "松涛岛海缆\n松涛岛的海缆已经修复。\n");
    add(&bench.kb(), &[bench.docs()]);
    let whole = held().expect("a file of vectors");
    assert_ne!(early, whole);
    for case in ["lost", "damaged", "old"] {
        match case {
            "lost" => fs::remove_file(&vectors).unwrap(),
            "damaged" => fs::write(&vectors, &whole[..whole.len() / 2]).unwrap(),
            _ => fs::write(&vectors, &early).unwrap(),
        }
        assert!(mentions(&bench.kb(), "松涛岛的海缆修好了吗？", "已经修复"), "{case}");
        assert_eq!(held().as_ref(), Some(&whole), "{case}");
    }
}

#[test]
fn a_change_that_no_index_saw_is_followed() {
    let bench = Bench::new(&FILES);
    add(&bench.kb(), &[bench.docs()]);
    // A transaction whose process died before it came to the index.
    let catalogue = rusqlite::Connection::open(bench.kb_dir().join("catalogue.db")).unwrap();
    let version: i64 = catalogue
        .query_row("SELECT version FROM documents WHERE name = '松涛岛'", [], |row| row.get(0))
        .unwrap();
    catalogue
        .execute_batch(&format!(
            "BEGIN; UPDATE state SET generation = generation + 1;
             DELETE FROM documents WHERE version = {version};
             DELETE FROM history WHERE version = {version};
             DELETE FROM versions WHERE version = {version};
             DELETE FROM passages WHERE id >> 24 = {version};
             INSERT INTO changes SELECT generation, {version}, 0 FROM state; COMMIT;"
        ))
        .unwrap();
    let kb = bench.kb();
    assert!(!mentions(&kb, QUESTIONS[1], "听涛号"));
    let report = kb.check().unwrap();
    assert_eq!(report.passages, report.indexed, "{report:?}");
}

#[test]
fn files_that_cannot_be_read_are_named_with_the_reason() {
    let bench = Bench::new(&FILES);
    bench.write("cut.pdf", "%PDF-1.7\n1 0 obj\n<< /Type");
    bench.write("empty.txt", "");
    bench.write("data.bin", "\0\0");
    bench.write(".hidden.txt", "x");
    let kb = bench.kb();
    let report = add(&kb, &[bench.docs()]);
    assert_eq!((report.added, report.skipped.len()), (3, 4));
    let because = |name: &str| {
        let found = report.skipped.iter().find(|file| file.path.ends_with(name));
        found.unwrap().because.clone()
    };
    assert_eq!(because("data.bin"), SkippedBecause::Unsupported);
    assert_eq!(because(".hidden.txt"), SkippedBecause::Hidden);
    assert!(because("empty.txt").to_string().contains("empty"));
    assert!(because("cut.pdf").to_string().contains("cut off"));
    assert_eq!(bench.originals(), 3);

    // A document whose new content cannot be read is no longer cited.
    bench.write("雪岭.txt", "\0");
    let report = add(&kb, &[bench.docs()]);
    assert_eq!(report.removed.len(), 1);
    assert!(!mentions(&kb, QUESTIONS[0], "兆比特"));
}

#[test]
fn files_that_are_gone_are_pruned_only_when_asked() {
    let bench = Bench::new(&FILES);
    let elsewhere = bench.dir.path().join("别处.txt");
    fs::write(&elsewhere, CABLE).unwrap();
    let kb = bench.kb();
    add(&kb, &[bench.docs(), elsewhere]);
    fs::remove_file(bench.docs().join("雪岭.txt")).unwrap();
    assert!(add(&kb, &[bench.docs()]).removed.is_empty());
    let options = AddOptions { prune: true, ..AddOptions::default() };
    let report = add_with(&kb, &[bench.docs()], options);
    assert!(report.removed.len() == 1 && report.removed[0].ends_with("雪岭.txt"), "{report:?}");
    assert!(!mentions(&kb, QUESTIONS[0], "兆比特"));
    assert_eq!(kb.list().unwrap().len(), 3);
}

#[test]
fn two_files_of_one_name_live_side_by_side() {
    let bench = Bench::new(&[("a/简报.txt", STATION), ("b/简报.txt", CABLE)]);
    let kb = bench.kb();
    add(&kb, &[bench.docs()]);
    match kb.find("简报") {
        Err(Error::Store(StoreError::AmbiguousDocument { paths, .. })) => {
            assert_eq!(paths.len(), 2)
        }
        other => panic!("{other:?}"),
    }
    kb.remove(bench.docs().join("a/简报.txt").to_str().unwrap(), Keep::Nothing).unwrap();
    assert!(kb.find("简报").unwrap().path.ends_with("b/简报.txt"));
}

#[test]
fn only_one_may_change_and_a_newer_layout_is_refused() {
    let bench = Bench::new(&FILES);
    let kb = bench.kb();
    add(&kb, &[bench.docs()]);
    let lock = fs::File::open(bench.kb_dir().join("lock")).unwrap();
    lock.lock().unwrap();
    let busy = kb.add(&[bench.docs()], &AddOptions::default(), &mut |_| {});
    assert!(matches!(busy, Err(Error::Store(StoreError::Busy { .. }))));
    assert!(mentions(&kb, QUESTIONS[0], "兆比特"));
    drop(kb);

    let catalogue = rusqlite::Connection::open(bench.kb_dir().join("catalogue.db")).unwrap();
    catalogue.pragma_update(None, "user_version", 99).unwrap();
    let refused = KnowledgeBase::open(&bench.kb_dir()).err().unwrap();
    assert!(matches!(refused, Error::Store(StoreError::Newer { found: 99, .. })), "{refused}");
    let missing = KnowledgeBase::open(&bench.docs()).err().unwrap();
    assert!(matches!(missing, Error::Store(StoreError::Missing { .. })), "{missing}");
}

#[test]
fn check_repairs_what_it_can() {
    let bench = Bench::new(&FILES);
    let kb = bench.kb();
    add(&kb, &[bench.docs()]);
    let originals = bench.kb_dir().join("originals");
    let folder = fs::read_dir(&originals).unwrap().next().unwrap().unwrap().path();
    let original = fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    fs::write(original, "short").unwrap();
    fs::create_dir_all(originals.join("zz")).unwrap();
    fs::write(originals.join("zz/left over"), "x").unwrap();
    let report = kb.check().unwrap();
    assert_eq!((report.repaired.len(), report.problems.len()), (2, 0), "{report:?}");
    let report = kb.check().unwrap();
    assert_eq!((report.repaired.len(), report.problems.len()), (0, 0), "{report:?}");
}
