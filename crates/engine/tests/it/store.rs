//! The store: identity, versions, the queue, earlier layouts.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use yuanwen_engine::answer::AskOptions;
use yuanwen_engine::kb::{AddOptions, Changed, IngestOptions, KnowledgeBase, Report, Retention};
use yuanwen_engine::store::{Job, JobState, Keep, StoreError};
use yuanwen_engine::{Error, Result};

/// A knowledge base and a folder beside it.
struct Bench {
    dir: TempDir,
    kb: KnowledgeBase,
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("docs")).unwrap();
        let kb = KnowledgeBase::create(&dir.path().join("kb")).unwrap();
        Self { dir, kb }
    }

    fn path(&self, name: &str) -> PathBuf {
        fs::canonicalize(self.dir.path().join("docs")).unwrap().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    fn sync(&self) -> Report {
        let options = AddOptions { prune: true, ..AddOptions::default() };
        self.kb.add(&[self.path("")], &options, &mut |_| {}).unwrap()
    }

    fn upload(&self, path: &str, text: &str) -> Job {
        accept(&self.kb, path, text.as_bytes()).unwrap()
    }

    fn ingest(&self) {
        self.kb.ingest(&IngestOptions::default()).unwrap();
    }

    fn finds(&self, question: &str, text: &str) -> bool {
        finds(&self.kb, question, text)
    }

    /// How many originals are kept.
    fn originals(&self) -> usize {
        let folder = self.dir.path().join("kb/originals");
        let folders = fs::read_dir(folder).into_iter().flatten().flatten();
        folders.flat_map(|folder| fs::read_dir(folder.path()).unwrap()).count()
    }
}

fn accept(kb: &KnowledgeBase, path: &str, bytes: &[u8]) -> Result<Job> {
    kb.accept(path, &mut Cursor::new(bytes), 1 << 20)
}

fn finds(kb: &KnowledgeBase, question: &str, text: &str) -> bool {
    let answer = kb.ask(question, &AskOptions::default()).unwrap();
    answer.passages.iter().any(|ranked| ranked.stored.passage.text.contains(text))
}

/// A text about the speed of a station.
fn station(name: &str, speed: &str) -> String {
    format!(
        "远山通信{name}基站\n\n{name}基站由青溪分公司建设。\n\n{name}基站的下行速率达到每秒{speed}兆比特。\n"
    )
}

#[test]
fn what_is_accepted_is_read_later_and_then_found() {
    let bench = Bench::new();
    let job = bench.upload("简报/雪岭.txt", &station("雪岭", "八百"));
    assert_eq!((job.state, job.attempts, &*job.path), (JobState::Waiting, 0, "简报/雪岭.txt"));
    assert_eq!(bench.kb.waiting().unwrap(), 1);
    assert!(bench.kb.list().unwrap().is_empty());
    assert_eq!(bench.kb.document(job.document).unwrap().state(), JobState::Waiting);

    bench.ingest();
    assert_eq!(bench.kb.job(job.job).unwrap().state, JobState::Searchable);
    assert_eq!(bench.kb.waiting().unwrap(), 0);
    assert!(bench.finds("雪岭基站的下行速率", "八百兆"));
    let status = bench.kb.document(job.document).unwrap();
    assert_eq!(status.state(), JobState::Searchable);
    assert_eq!(&*status.entry.unwrap().name, "雪岭");
}

#[test]
fn what_was_accepted_outlives_the_process() {
    let bench = Bench::new();
    let job = bench.upload("雪岭.txt", &station("雪岭", "八百"));
    // As after a process that ended while it read.
    let catalogue = rusqlite::Connection::open(bench.dir.path().join("kb/catalogue.db")).unwrap();
    let sql = "UPDATE queue SET state = 'reading', attempts = ?1";
    catalogue.execute(sql, [1]).unwrap();
    let kb = KnowledgeBase::open(&bench.dir.path().join("kb")).unwrap();
    kb.ingest(&IngestOptions::default()).unwrap();
    assert!(finds(&kb, "雪岭基站的下行速率", "八百兆"));

    let job = { bench.upload("雪岭.txt", &station("雪岭", "九百")).job.max(job.job) };
    catalogue.execute(sql, [10]).unwrap();
    kb.ingest(&IngestOptions::default()).unwrap();
    let job = kb.job(job).unwrap();
    assert_eq!(job.state, JobState::Failed);
    assert!(job.problem.unwrap().contains("ended 10 times"));
    // What the document was before is still there.
    assert!(finds(&kb, "雪岭基站的下行速率", "八百兆"));
    kb.read_again(job.document).unwrap();
    kb.ingest(&IngestOptions::default()).unwrap();
    assert!(finds(&kb, "雪岭基站的下行速率", "九百兆"));
}

#[test]
fn a_content_that_cannot_be_read_says_why_and_replaces_nothing() {
    let bench = Bench::new();
    let first = bench.upload("雪岭.txt", &station("雪岭", "八百"));
    bench.ingest();
    let second = bench.upload("雪岭.txt", "");
    assert_eq!(first.document, second.document);
    bench.ingest();
    let job = bench.kb.job(second.job).unwrap();
    assert_eq!(job.state, JobState::Failed);
    assert!(job.problem.unwrap().contains("empty"));
    assert_eq!(bench.kb.document(first.document).unwrap().state(), JobState::Failed);
    assert!(bench.finds("雪岭基站的下行速率", "八百兆"));

    let too_large = bench.kb.accept("大.txt", &mut Cursor::new(vec![b'x'; 2000]), 1000);
    assert!(matches!(too_large, Err(Error::Store(StoreError::TooLarge { most: 1000 }))));
    let outside = accept(&bench.kb, "../雪岭.txt", b"x");
    assert!(matches!(outside, Err(Error::Store(StoreError::BadName { .. }))), "{outside:?}");
    assert_eq!(bench.kb.waiting().unwrap(), 0);
    // The two contents, and the folder of what is received is empty.
    assert_eq!(bench.originals(), 2);
}

#[test]
fn a_document_that_was_removed_while_it_waited_does_not_come_back() {
    let bench = Bench::new();
    let job = bench.upload("雪岭.txt", &station("雪岭", "八百"));
    bench.kb.remove_document(job.document, Keep::Nothing).unwrap();
    bench.ingest();
    assert!(!bench.finds("雪岭基站的下行速率", "八百兆"));
    assert!(bench.kb.documents().unwrap().is_empty());
    assert_eq!(bench.originals(), 0);
}

#[test]
fn versions_are_kept_compared_and_restored() {
    let bench = Bench::new();
    let document = bench.upload("雪岭.txt", &station("雪岭", "八百")).document;
    bench.ingest();
    for speed in ["九百", "一千"] {
        assert_eq!(bench.upload("雪岭.txt", &station("雪岭", speed)).document, document);
        bench.ingest();
    }
    let versions = bench.kb.versions(document).unwrap();
    assert_eq!(versions.len(), 3);
    assert!(versions[0].until.is_none() && versions[1].until.is_some());
    assert!(bench.finds("雪岭基站的下行速率", "一千兆"));
    assert!(!bench.finds("雪岭基站的下行速率", "八百兆"));

    let changes = bench.kb.compare(document, versions[2].version, versions[0].version).unwrap();
    let of = |changed| changes.iter().filter(move |one| one.change == changed).count();
    assert!(of(Changed::Added) == 1 && of(Changed::Removed) == 1, "{changes:?}");

    bench.kb.restore(document, versions[2].version).unwrap();
    assert!(bench.finds("雪岭基站的下行速率", "八百兆"));
    assert!(!bench.finds("雪岭基站的下行速率", "一千兆"));
    assert_eq!(bench.kb.versions(document).unwrap()[0].version, versions[2].version);

    // Removed but kept; then restored; then gone.
    bench.kb.remove_document(document, Keep::Versions).unwrap();
    assert!(!bench.finds("雪岭基站的下行速率", "八百兆"));
    assert!(bench.kb.list().unwrap().is_empty());
    bench.kb.restore(document, versions[0].version).unwrap();
    assert!(bench.finds("雪岭基站的下行速率", "一千兆"));
    bench.kb.remove_document(document, Keep::Nothing).unwrap();
    assert!(matches!(
        bench.kb.versions(document),
        Err(Error::Store(StoreError::Unknown { what: "document", .. }))
    ));
    assert_eq!(bench.originals(), 0);
    assert!(bench.kb.check().unwrap().repaired.is_empty());
}

#[test]
fn only_so_many_versions_are_kept() {
    let bench = Bench::new();
    bench.kb.set_retention(Retention { versions: 2, removed_days: 0 }).unwrap();
    for speed in ["一百", "二百", "三百", "四百", "五百"] {
        bench.upload("雪岭.txt", &station("雪岭", speed));
        bench.ingest();
    }
    let document = bench.kb.list().unwrap()[0].document;
    assert_eq!(bench.kb.versions(document).unwrap().len(), 3);
    assert_eq!(bench.kb.check().unwrap().problems, Vec::<String>::new());
    assert_eq!(bench.originals(), 3);
    bench.kb.remove_document(document, Keep::Versions).unwrap();
    assert_eq!(bench.kb.purge_expired().unwrap(), 1);
    assert_eq!(bench.originals(), 0);
}

#[test]
fn a_file_that_moves_stays_the_same_document() {
    let bench = Bench::new();
    bench.write("a/雪岭.txt", &station("雪岭", "八百"));
    bench.write("松涛岛.txt", &station("松涛岛", "七百"));
    bench.sync();
    let before = bench.kb.find("雪岭").unwrap();
    fs::create_dir(bench.path("b")).unwrap();
    fs::rename(bench.path("a/雪岭.txt"), bench.path("b/雪岭山.txt")).unwrap();
    let report = bench.sync();
    assert_eq!((report.moved.len(), report.added, report.removed.len()), (1, 0, 0), "{report:?}");
    let after = bench.kb.find("雪岭山").unwrap();
    assert_eq!((after.document, after.version), (before.document, before.version));
    assert!(bench.finds("雪岭基站的下行速率", "八百兆"));
    assert!(bench.kb.find("雪岭").is_err());

    let renamed = bench.kb.rename(after.document, "新名.txt").unwrap();
    assert_eq!(renamed.known.name, "新名");
    let taken = bench.kb.find("松涛岛").unwrap();
    let refused = bench.kb.rename(taken.document, "新名.txt");
    assert!(matches!(refused, Err(Error::Store(StoreError::Taken(_)))), "{refused:?}");
    assert!(bench.kb.check().unwrap().repaired.is_empty());
}

#[test]
fn the_same_content_is_kept_once_and_has_all_its_names() {
    let bench = Bench::new();
    for name in ["乙.txt", "甲.txt", "丙/乙.txt"] {
        bench.write(name, &station("雪岭", "八百"));
    }
    bench.sync();
    let entries = bench.kb.list().unwrap();
    assert_eq!(entries.len(), 3);
    assert!(entries.iter().all(|entry| entry.version == entries[0].version));
    assert_eq!(bench.originals(), 1);
    let answer = bench.kb.ask("雪岭基站的下行速率", &AskOptions::default()).unwrap();
    let with = |text: &str| {
        answer.passages.iter().filter(|one| one.stored.passage.text.contains(text)).count()
    };
    assert_eq!(with("八百兆"), 1);
    assert_eq!(bench.kb.with_version(answer.blocks[0].version).unwrap().len(), 3);

    // The one whose name was cited goes; the others still answer.
    fs::remove_file(&entries[0].path).unwrap();
    bench.sync();
    assert!(bench.finds("雪岭基站的下行速率", "八百兆"));
    assert_eq!(bench.kb.with_version(entries[0].version).unwrap().len(), 2);
    // One of them changes.
    fs::write(&entries[1].path, station("雪岭", "九百")).unwrap();
    bench.sync();
    assert!(bench.finds("雪岭基站的下行速率", "八百兆"));
    assert!(bench.finds("雪岭基站的下行速率", "九百兆"));
    assert!(bench.kb.check().unwrap().repaired.is_empty());
}

#[test]
fn a_corrupted_index_is_made_anew() {
    let bench = Bench::new();
    bench.upload("雪岭.txt", &station("雪岭", "八百"));
    bench.ingest();
    let index = bench.dir.path().join("kb/index");
    let terms = fs::read_dir(index).unwrap().map(|file| file.unwrap().path());
    let terms = terms.filter(|path| path.extension() == Some("term".as_ref())).last().unwrap();
    let mut bytes = fs::read(&terms).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    fs::write(&terms, bytes).unwrap();
    let report = bench.kb.check().unwrap();
    assert!(report.repaired.len() == 1 && report.repaired[0].contains("damaged"), "{report:?}");
    assert!(bench.finds("雪岭基站的下行速率", "八百兆"));
    assert!(bench.kb.check().unwrap().repaired.is_empty());
}

#[test]
fn a_damaged_catalogue_is_refused_with_what_to_do() {
    let bench = Bench::new();
    bench.upload("雪岭.txt", &station("雪岭", "八百"));
    bench.ingest();
    let Bench { dir, kb } = bench;
    drop(kb);
    let path = dir.path().join("kb/catalogue.db");
    fs::write(&path, "not a database at all, and long enough to be looked at as one").unwrap();
    let refused = KnowledgeBase::open(&dir.path().join("kb")).err().unwrap().to_string();
    assert!(refused.contains("damaged") && refused.contains("backup"), "{refused}");
}

#[test]
fn a_backup_is_restored_as_it_was() {
    let bench = Bench::new();
    for (name, speed) in [("雪岭.txt", "八百"), ("松涛岛.txt", "七百"), ("雪岭.txt", "九百")]
    {
        bench.upload(name, &station(&name[..name.len() - 4], speed));
        bench.ingest();
    }
    bench.upload("等待.txt", &station("青溪", "一百"));
    fs::write(bench.dir.path().join("kb/synonyms.txt"), "速率 = 网速\n").unwrap();
    let file = bench.dir.path().join("backup.zip");
    let manifest = bench.kb.backup(&file).unwrap();
    assert_eq!(manifest.documents, 2);

    let to = bench.dir.path().join("restored");
    let (kb, _) = KnowledgeBase::from_backup(&file, &to).unwrap();
    assert_eq!(kb.list().unwrap(), bench.kb.list().unwrap());
    assert!(finds(&kb, "雪岭基站的网速", "九百兆"));
    assert_eq!(kb.versions(1).unwrap(), bench.kb.versions(1).unwrap());
    let report = kb.check().unwrap();
    assert!(report.repaired.is_empty() && report.problems.is_empty(), "{report:?}");
    // What was accepted but not read is not lost either.
    kb.ingest(&IngestOptions::default()).unwrap();
    assert!(finds(&kb, "青溪基站的下行速率", "一百兆"));

    let again = KnowledgeBase::from_backup(&file, &to).err();
    assert!(matches!(again, Some(Error::Store(StoreError::InUse { .. }))), "{again:?}");
    let bytes = fs::read(&file).unwrap();
    for at in (0..bytes.len()).step_by(bytes.len() / 60) {
        let (damaged, to) = (bench.dir.path().join("damaged.zip"), bench.dir.path().join("new"));
        let mut changed = bytes.clone();
        changed[at] ^= 0x55;
        for content in [&changed, &bytes[..at].to_vec()] {
            fs::write(&damaged, content).unwrap();
            // A flipped bit of what is not read, such as a time, does no harm.
            match KnowledgeBase::from_backup(&damaged, &to) {
                Ok((kb, _)) => assert_eq!(kb.list().unwrap(), bench.kb.list().unwrap()),
                Err(error) => assert!(error.to_string().contains("damaged.zip"), "{error}"),
            }
            let _ = fs::remove_dir_all(&to);
        }
    }
}

#[test]
fn what_is_removed_while_a_backup_is_made_is_deleted_afterwards() {
    let bench = Bench::new();
    for number in 0..40 {
        bench.upload(&format!("{number}.txt"), &station(&format!("第{number}"), "八百"));
    }
    while bench.kb.waiting().unwrap() > 0 {
        bench.ingest();
    }
    let file = bench.dir.path().join("backup.zip");
    let entries = bench.kb.list().unwrap();
    std::thread::scope(|scope| {
        let made = scope.spawn(|| bench.kb.backup(&file).unwrap());
        for entry in &entries[..20] {
            bench.kb.remove_document(entry.document, Keep::Nothing).unwrap();
        }
        made.join().unwrap();
    });
    assert_eq!(bench.originals(), 20);
    let (kb, manifest) = KnowledgeBase::from_backup(&file, &bench.dir.path().join("new")).unwrap();
    assert_eq!(kb.list().unwrap().len(), manifest.documents);
    assert_eq!(kb.check().unwrap().problems, Vec::<String>::new());
}

/// A knowledge base of layout 1, as the program of that time left it.
fn layout_1(to: &Path) {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/layout-1.zip");
    let mut archive = zip::ZipArchive::new(fs::File::open(data).unwrap()).unwrap();
    archive.extract(to).unwrap();
}

#[test]
fn a_knowledge_base_of_the_first_layout_is_taken_over() {
    for index in ["as it was", "gone"] {
        let dir = tempfile::tempdir().unwrap();
        layout_1(dir.path());
        if index == "gone" {
            fs::remove_dir_all(dir.path().join("index")).unwrap();
        }
        let kb = KnowledgeBase::open(dir.path()).unwrap();
        assert_eq!(kb.list().unwrap().len(), 5);
        assert!(finds(&kb, "雪岭站的蓄电池可以支撑多久", "八小时"));
        assert!(finds(&kb, "夜班每班几人", "每班两人"));
        assert_eq!(kb.check().unwrap().problems, Vec::<String>::new());
        // It goes on as one of today's: numbers of versions are not used again.
        let last = kb.list().unwrap().iter().map(|entry| entry.version).max().unwrap();
        accept(&kb, "新.txt", station("雪岭", "八百").as_bytes()).unwrap();
        kb.ingest(&IngestOptions::default()).unwrap();
        assert!(kb.find("新").unwrap().version > last);
        let document = kb.find("松涛岛海缆").unwrap().document;
        assert_eq!(kb.versions(document).unwrap().len(), 1);
        kb.remove_document(document, Keep::Nothing).unwrap();
        assert!(!finds(&kb, "松涛岛海缆有多长", "62"));
    }
}

mod feedback {
    //! What people say about answers, and what comes of it.

    use yuanwen_engine::kb::{NewRating, Quote, Review};
    use yuanwen_engine::store::{Rating, ReviewState, Verdict};

    use super::*;

    const QUESTION: &str = "雪岭基站的下行速率是多少？";
    const NEARLY: &str = "请问雪岭基站的下行速率是多少";
    const OTHER: &str = "雪岭基站由谁建设？";

    fn bench() -> (Bench, u64) {
        let bench = Bench::new();
        let text = "雪岭基站\n\n雪岭基站的下行速率达到每秒八百兆比特。雪岭基站的上行速率达到每秒九十兆比特。\n\n\
            雪岭基站的下行速率以验收报告为准，是每秒七百六十兆比特。\n\n雪岭基站由青溪分公司建设。\n";
        let document = bench.upload("雪岭.txt", text).document;
        bench.ingest();
        (bench, document)
    }

    fn answer(kb: &KnowledgeBase, question: &str) -> (bool, String) {
        let answer = kb.ask(question, &AskOptions::default()).unwrap();
        let text: Vec<String> = answer.blocks.iter().map(|block| block.text.clone()).collect();
        (answer.rating.is_some(), text.join("\n"))
    }

    fn rate(bench: &Bench, document: u64, verdict: Verdict, text: &str, right: &[&str]) -> Rating {
        let quote = |text: &str| Quote { document, text: text.to_owned() };
        let new = NewRating {
            question: QUESTION.to_owned(),
            verdict,
            blocks: vec![quote(text)],
            correction: right.iter().map(|text| quote(text)).collect(),
            comment: "试一下".to_owned(),
            author: "值班长".to_owned(),
        };
        bench.kb.rate(new).unwrap()
    }

    const RIGHT: &str = "雪岭基站的下行速率以验收报告为准，是每秒七百六十兆比特。";

    #[test]
    fn a_confirmed_answer_is_given_at_once_and_taken_back() {
        let (bench, document) = bench();
        let before = [QUESTION, NEARLY, OTHER].map(|question| answer(&bench.kb, question));
        let rating = rate(&bench, document, Verdict::Confirmed, RIGHT, &[]);
        for question in [QUESTION, NEARLY] {
            assert_eq!(answer(&bench.kb, question), (true, RIGHT.to_owned()), "{question}");
        }
        assert_eq!(answer(&bench.kb, OTHER), before[2]);
        let unrated = AskOptions { rated: false, ..AskOptions::default() };
        assert_eq!(bench.kb.ask(QUESTION, &unrated).unwrap().rating, None);

        // The document changes; the sentence is still there, then it is not.
        bench.upload("雪岭.txt", &format!("雪岭基站\n\n{RIGHT}\n\n雪岭基站由青溪分公司建设。\n"));
        bench.ingest();
        assert_eq!(answer(&bench.kb, QUESTION), (true, RIGHT.to_owned()));
        bench.upload("雪岭.txt", &station("雪岭", "九百"));
        bench.ingest();
        assert!(!answer(&bench.kb, QUESTION).0);
        bench.kb.restore(document, rating.blocks[0].version).unwrap();
        assert!(answer(&bench.kb, QUESTION).0);

        bench.kb.unrate(rating.id).unwrap();
        assert_eq!([QUESTION, NEARLY, OTHER].map(|one| answer(&bench.kb, one)), before);
        assert!(bench.kb.unrate(rating.id).is_err());
    }

    #[test]
    fn a_rejected_block_sinks_until_that_is_declined() {
        let (bench, document) = bench();
        let (_, first) = answer(&bench.kb, QUESTION);
        let rating = rate(&bench, document, Verdict::Rejected, &first, &[]);
        assert_eq!(rating.state, Some(ReviewState::Open));
        for question in [QUESTION, NEARLY] {
            let (_, now) = answer(&bench.kb, question);
            assert!(first.lines().all(|line| !now.contains(line)), "{question}: {now}");
        }
        let state = |state| Review { state: Some(state), ..Review::default() };
        bench.kb.review(rating.id, state(ReviewState::Declined)).unwrap();
        assert_eq!(answer(&bench.kb, QUESTION).1, first);
        bench.kb.review(rating.id, state(ReviewState::Fixed)).unwrap();
        assert_ne!(answer(&bench.kb, QUESTION).1, first);
    }

    #[test]
    fn a_correction_is_used_and_must_be_original_text() {
        let (bench, document) = bench();
        let (_, first) = answer(&bench.kb, QUESTION);
        let rating = rate(&bench, document, Verdict::Rejected, &first, &[RIGHT]);
        assert_eq!(answer(&bench.kb, QUESTION), (true, RIGHT.to_owned()));
        assert_eq!(bench.kb.ratings().unwrap(), [rating]);
        let quote = Quote {
            document, text: "雪岭基站的下行速率是每秒一千兆比特。".to_owned()
        };
        let new = NewRating {
            question: QUESTION.to_owned(),
            verdict: Verdict::Rejected,
            blocks: Vec::new(),
            correction: vec![quote],
            comment: String::new(),
            author: String::new(),
        };
        let invented = bench.kb.rate(new);
        assert!(matches!(invented, Err(Error::Store(StoreError::NotInDocument { .. }))));
    }
}
