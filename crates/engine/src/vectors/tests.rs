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
