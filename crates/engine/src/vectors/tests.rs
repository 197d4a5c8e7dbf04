//! Vectors over a model that knows three words.

use super::*;

/// Counts three words; the digest stands for the version of the model.
struct Fake(&'static str);

impl Embedder for Fake {
    fn name(&self) -> &str {
        "three words"
    }

    fn digest(&self) -> &str {
        self.0
    }

    fn dimensions(&self) -> usize {
        3
    }

    fn passages(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let one = |text: &&str| {
            let count = |word| text.matches(word).count() as f32;
            let mut vector = vec![count("山"), count("海"), count("网")];
            crate::model::normalise(&mut vector);
            vector
        };
        Ok(texts.iter().map(one).collect())
    }

    fn query(&self, text: &str) -> Result<Vec<f32>> {
        Ok(self.passages(&[text])?.remove(0))
    }
}

fn passages(texts: &[&str]) -> Vec<Passage> {
    let passage = |(at, text): (usize, &&str)| Passage {
        ordinal: at as u32,
        text: (*text).to_owned(),
        ..Passage::default()
    };
    texts.iter().enumerate().map(passage).collect()
}

fn filled(path: &Path, model: &'static str) -> Vectors {
    let vectors = Vectors::open(path, Arc::new(Fake(model)));
    let meta = Metadata::default();
    vectors.add(7, &meta, &passages(&["海上的网", "山"])).expect("added");
    vectors.add(3, &meta, &passages(&["山山海"])).expect("added");
    vectors
}

fn nearest(vectors: &Vectors, question: &str, limit: usize) -> Vec<(u64, u32)> {
    let near = vectors.question(question).expect("a vector").nearest(limit);
    near.iter().map(|near| (near.version, near.ordinal)).collect()
}

#[test]
fn the_nearest_come_first_and_equals_together() {
    let dir = tempfile::tempdir().expect("a folder");
    let vectors = filled(dir.path(), "1");
    assert!(nearest(&vectors, "山", 5).is_empty(), "not committed yet");
    vectors.commit(4).expect("committed");
    assert_eq!(nearest(&vectors, "山", 5), [(7, 1), (3, 0), (7, 0)]);
    assert_eq!(nearest(&vectors, "山", 1), [(7, 1)]);
    assert_eq!(nearest(&vectors, "风", 1).len(), 3, "a question that says nothing is near to all");
    let nearness = vectors.question("海网").expect("a vector");
    assert!(nearness.of(7, 0).is_some_and(|cosine| (cosine - 1.0).abs() < 0.02));
    assert_eq!(nearness.of(7, 9), None);
}

#[test]
fn what_was_removed_is_gone() {
    let dir = tempfile::tempdir().expect("a folder");
    let vectors = filled(dir.path(), "1");
    vectors.commit(4).expect("committed");
    vectors.remove(7);
    vectors.commit(5).expect("committed");
    assert_eq!(nearest(&vectors, "网", 5), [(3, 0)]);
}

#[test]
fn a_file_of_the_same_model_is_read_again_and_no_other() {
    let dir = tempfile::tempdir().expect("a folder");
    filled(dir.path(), "1").commit(4).expect("committed");
    let again = Vectors::open(dir.path(), Arc::new(Fake("1")));
    assert_eq!((again.generation(), again.len()), (4, 3));
    assert_eq!(nearest(&again, "山", 1), [(7, 1)]);
    let other = Vectors::open(dir.path(), Arc::new(Fake("2")));
    assert_eq!((other.generation(), other.len()), (0, 0));
}

#[test]
fn a_damaged_file_counts_as_none() {
    let dir = tempfile::tempdir().expect("a folder");
    filled(dir.path(), "1").commit(4).expect("committed");
    let file = std::fs::read_dir(dir.path()).expect("a folder").flatten().next().expect("a file");
    let path = file.path();
    let whole = std::fs::read(&path).expect("the file");
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(&path, &bytes).expect("written");
        assert_eq!(Vectors::open(dir.path(), Arc::new(Fake("1"))).len(), 0, "bit of byte {at}");
        std::fs::write(&path, &whole[..at]).expect("written");
        assert_eq!(Vectors::open(dir.path(), Arc::new(Fake("1"))).len(), 0, "cut at {at}");
    }
}

#[test]
fn another_handle_sees_what_was_committed() {
    let dir = tempfile::tempdir().expect("a folder");
    let reader = Vectors::open(dir.path(), Arc::new(Fake("1")));
    let writer = filled(dir.path(), "1");
    writer.reach(4);
    assert!(writer.is_at(4) && !reader.is_at(4));
    writer.commit(4).expect("committed");
    assert!(reader.is_at(4));
    assert_eq!(reader.len(), 3);
}

/// Vectors that look drawn at random, each text its own.
struct Drawn;

impl Embedder for Drawn {
    fn name(&self) -> &str {
        "drawn"
    }

    fn digest(&self) -> &str {
        "drawn"
    }

    fn is_quick(&self) -> bool {
        true
    }

    fn dimensions(&self) -> usize {
        24
    }

    fn passages(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let one = |text: &&str| {
            let hash = blake3::hash(text.trim().as_bytes());
            let number = |byte: &u8| f32::from(*byte) / 255.0 - 0.5;
            let mut vector: Vec<f32> =
                hash.as_bytes()[..self.dimensions()].iter().map(number).collect();
            crate::model::normalise(&mut vector);
            vector
        };
        Ok(texts.iter().map(one).collect())
    }

    fn query(&self, text: &str) -> Result<Vec<f32>> {
        Ok(self.passages(&[text])?.remove(0))
    }
}

/// More than there are candidates.
const MANY: u64 = CANDIDATES as u64 / 10 + 200;

/// Documents of ten passages each, added in the order of `documents`: the version of each is its
/// place there.
fn many(documents: impl Iterator<Item = u64>, exact: usize) -> Vectors {
    let vectors = Vectors::in_memory(Arc::new(Drawn)).exact_up_to(exact);
    for (version, document) in (1..).zip(documents) {
        add(&vectors, version, document);
    }
    vectors.commit(1).expect("committed");
    vectors
}

fn add(vectors: &Vectors, version: u64, document: u64) {
    let texts: Vec<String> = (0..10).map(|at| format!("{document} {at}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    vectors.add(version, &Metadata::default(), &passages(&texts)).expect("added");
}

fn near(vectors: &Vectors, question: &str) -> Vec<Near> {
    vectors.question(question).expect("a vector").nearest(20)
}

#[test]
fn up_to_the_limit_the_search_is_exact_and_beyond_it_nearly() {
    let exact = many(0..MANY, 10 * MANY as usize);
    let approximate = many(0..MANY, 10 * MANY as usize - 1);
    let unlimited = many(0..MANY, usize::MAX);
    assert!(exact.served().codes.is_none() && approximate.served().codes.is_some());
    let mut missed = 0;
    for question in 0..20 {
        let question = format!("question {question}");
        let truth = near(&exact, &question);
        assert_eq!(truth, near(&unlimited, &question));
        let own = near(&approximate, &question);
        missed += truth.iter().filter(|near| !own.contains(near)).count();
    }
    assert!(missed <= 4, "{missed} of 400 missed");
}

#[test]
fn beyond_the_limit_each_cosine_is_exact() {
    let (exact, approximate) = (many(0..20, usize::MAX), many(0..20, 10));
    let (exact, approximate) = (exact.question("网络"), approximate.question("网络"));
    let (exact, approximate) = (exact.expect("a vector"), approximate.expect("a vector"));
    for (version, ordinal) in (0..22).flat_map(|version| (0..11).map(move |at| (version, at))) {
        assert_eq!(exact.of(version, ordinal), approximate.of(version, ordinal));
    }
    assert_eq!(exact.nearest(30), approximate.nearest(30));
}

#[test]
fn beyond_the_limit_changes_are_seen_and_the_removed_is_gone() {
    let vectors = many(0..MANY, 100);
    let of =
        |version, ordinal| move |near: &Near| (near.version, near.ordinal) == (version, ordinal);
    assert!(near(&vectors, "7 3").iter().any(of(8, 3)));
    vectors.remove(8);
    add(&vectors, MANY + 1, MANY + 1);
    assert!(near(&vectors, "7 3").iter().any(of(8, 3)), "not committed yet");
    vectors.commit(2).expect("committed");
    for question in ["7 3", "7 4", "网络"] {
        assert!(near(&vectors, question).iter().all(|near| near.version != 8));
    }
    let added = format!("{} 3", MANY + 1);
    assert!(of(MANY + 1, 3)(&near(&vectors, &added)[0]));
    for version in (1..=MANY).filter(|version| version % 3 > 0) {
        vectors.remove(version);
    }
    vectors.commit(3).expect("committed");
    assert!(vectors.len() > 100);
    assert!(near(&vectors, "网络").iter().all(|near| near.version % 3 == 0 || near.version > MANY));
}

#[test]
fn beyond_the_limit_the_order_of_adding_does_not_matter() {
    let other = |at: u64| at * 97 % MANY;
    let (one, two) = (many(0..MANY, 100), many((0..MANY).map(other), 100));
    let named = |vectors: &Vectors, question: &str, document: &dyn Fn(u64) -> u64| {
        let near = near(vectors, question).into_iter();
        let mut named: Vec<_> = near
            .map(|near| (document(near.version - 1), near.ordinal, near.similarity.to_bits()))
            .collect();
        named.sort_unstable();
        named
    };
    for question in 0..20 {
        let question = format!("question {question}");
        assert_eq!(named(&one, &question, &|at| at), named(&two, &question, &other));
    }
}

#[test]
fn beyond_the_limit_nothing_else_is_kept_and_another_handle_finds_the_same() {
    let dir = tempfile::tempdir().expect("a folder");
    let writer = filled(dir.path(), "1").exact_up_to(0);
    let reader = Vectors::open(dir.path(), Arc::new(Fake("1"))).exact_up_to(2);
    writer.commit(4).expect("committed");
    assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), 1);
    assert!(reader.is_at(4));
    assert!(writer.served().codes.is_some() && reader.served().codes.is_some());
    for question in ["山", "海网"] {
        assert_eq!(near(&writer, question), near(&reader, question));
    }
    assert_eq!(nearest(&reader, "山", 5), [(7, 1), (3, 0), (7, 0)]);
    writer.remove(7);
    writer.commit(5).expect("committed");
    assert!(reader.is_at(5) && reader.served().codes.is_none());
    assert_eq!(nearest(&reader, "山", 5), [(3, 0)]);
}
