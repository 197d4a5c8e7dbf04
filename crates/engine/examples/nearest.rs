//! Recall and time of the approximate search for vectors against the exact one: see
//! `benches/README.md`.
//!
//!     cargo run --release -p yuanwen-engine --example nearest -- QUESTIONS FOLDER... [--passages N]
//!
//! QUESTIONS has one a line. The text files of the folders are cut into clauses; passages are runs
//! of 1, 2, 3, … clauses, until there are enough, chosen and ordered by their hash.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use yuanwen_engine::model::StaticEmbedder;
use yuanwen_engine::passage::Passage;
use yuanwen_engine::vectors::Vectors;
use yuanwen_parse::Metadata;

type Result<T> = std::result::Result<T, Box<dyn Error>>;
/// Passages of a document version.
const VERSION: usize = 100;
/// How many questions are asked.
const ASKED: usize = 300;
/// How many of the nearest are compared: as many as retrieval takes, and more.
const DEPTHS: [usize; 2] = [20, 100];

fn main() -> Result<()> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let mut wanted = 1_000_000;
    if let Some(at) = args.iter().position(|arg| arg == "--passages") {
        wanted = args.get(at + 1).ok_or("--passages wants a number")?.parse()?;
        args.drain(at..at + 2);
    }
    let (questions, folders) = args.split_first().ok_or("QUESTIONS and FOLDER are wanted")?;
    let questions = std::fs::read_to_string(questions)?;
    let questions: Vec<&str> = questions.lines().take(ASKED).collect();
    let folder = std::env::temp_dir().join(format!("yuanwen-nearest-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let done = compare(&folder, &texts(folders, wanted)?, &questions);
    std::fs::remove_dir_all(&folder)?;
    done
}

/// Runs of clauses, one chosen as well as another.
fn texts(folders: &[String], wanted: usize) -> Result<Vec<String>> {
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in folders {
        for file in std::fs::read_dir(folder)? {
            files.push(file?.path());
        }
    }
    files.retain(|path| path.extension().is_some_and(|end| end == "txt" || end == "md"));
    files.sort();
    let mut documents = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(path)?;
        let clauses = text.split_inclusive(['。', '！', '？', '；', '，', '、', '\n']);
        documents.push(clauses.map(str::to_owned).collect::<Vec<_>>());
    }
    let longest = documents.iter().map(Vec::len).max().unwrap_or_default();
    let mut found = BTreeSet::new();
    for length in 1..=longest {
        let runs = documents.iter().flat_map(|clauses| clauses.windows(length));
        found.extend(runs.map(|run| run.concat()).map(|text| (digest(&text), text)));
        if found.len() >= wanted {
            break;
        }
    }
    Ok(found.into_iter().take(wanted).map(|(_, text)| text).collect())
}

fn digest(text: &str) -> [u8; 32] {
    *blake3::hash(text.as_bytes()).as_bytes()
}

fn compare(folder: &Path, texts: &[String], questions: &[&str]) -> Result<()> {
    let embedder = || Arc::new(StaticEmbedder::built_in().clone());
    let vectors = Vectors::open(folder, embedder()).exact_up_to(usize::MAX);
    for (version, texts) in (1..).zip(texts.chunks(VERSION)) {
        let passage = |(ordinal, text): (u32, &String)| Passage {
            ordinal,
            text: text.clone(),
            ..Passage::default()
        };
        let passages: Vec<Passage> = (0..).zip(texts).map(passage).collect();
        vectors.add(version, &Metadata::default(), &passages)?;
    }
    vectors.commit(1)?;
    drop(vectors);
    let start = Instant::now();
    let exact = Vectors::open(folder, embedder()).exact_up_to(usize::MAX);
    let opened = start.elapsed();
    let start = Instant::now();
    let approximate = Vectors::open(folder, embedder()).exact_up_to(0);
    let made = start.elapsed().saturating_sub(opened);
    let mut out = stdout().lock();
    writeln!(out, "{} passages, {} questions", exact.len(), questions.len())?;
    writeln!(out, "opened in {opened:.2?}, the index made in about {made:.2?}")?;
    for depth in DEPTHS {
        // In turn, so that a busy machine slows both.
        let (mut found, mut times) = (Vec::new(), [Vec::new(), Vec::new()]);
        for question in questions {
            let (truth, first) = nearest(&exact, question, depth)?;
            let (own, second) = nearest(&approximate, question, depth)?;
            found.push(truth.intersection(&own).count() as f64 / truth.len().max(1) as f64);
            times[0].push(first);
            times[1].push(second);
        }
        let recall = found.iter().sum::<f64>() / found.len().max(1) as f64;
        let worst = found.iter().copied().fold(1.0, f64::min);
        let [exact, approximate] = times.map(median);
        writeln!(
            out,
            "nearest {depth}: recall {recall:.4} (the worst question {worst:.2}), median \
             {approximate:.2?} a question, exact {exact:.2?}"
        )?;
    }
    Ok(())
}

/// The nearest passages, and how long it took to find them.
fn nearest(
    vectors: &Vectors,
    question: &str,
    limit: usize,
) -> Result<(BTreeSet<(u64, u32)>, Duration)> {
    let start = Instant::now();
    let near = vectors.question(question)?.nearest(limit);
    let took = start.elapsed();
    Ok((near.iter().map(|near| (near.version, near.ordinal)).collect(), took))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
