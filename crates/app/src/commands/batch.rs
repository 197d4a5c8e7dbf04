//! `yuanwen batch`: answer a file of questions.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::Value;
use yuanwen_engine::answer::AskOptions;
use yuanwen_engine::kb::KnowledgeBase;

use crate::answer::Answered;
use crate::cli::{Batch, Format};
use crate::fail::Done;

/// So many questions are answered before their answers are written.
const CHUNK: usize = 64;

pub(crate) fn run(args: &Batch) -> anyhow::Result<Done> {
    let questions = read(&args.questions)?;
    let kb = KnowledgeBase::open(&args.kb.dir)?;
    let mut sink = Sink::open(&args.out, args.format)?;
    let options = AskOptions { top: usize::from(args.passages), ..AskOptions::default() };
    let threads = args.threads.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    for chunk in questions.chunks(CHUNK) {
        let texts: Vec<&str> = chunk.iter().map(|question| question.question.as_str()).collect();
        let answers = pool.install(|| kb.batch(&texts, &options));
        for (question, answer) in chunk.iter().zip(answers) {
            let named = || format!("question {}", question.id);
            let answer = Answered::new(&kb, &answer.with_context(named)?, false)?;
            let vector = match sink {
                Sink::Bdci(_) => kb.embed(&[&answer.answer]).with_context(named)?.pop(),
                Sink::Jsonl(_) => None,
            };
            let vector = vector.unwrap_or_default();
            sink.write(question, answer, &vector)
                .with_context(|| args.out.display().to_string())?;
        }
    }
    sink.finish().with_context(|| args.out.display().to_string())?;
    Ok(Done::All)
}

/// A question to answer.
#[derive(Debug, PartialEq, Deserialize)]
struct Question {
    /// Given back as it is.
    #[serde(alias = "ques_id")]
    id: Value,
    question: String,
}

/// Reads questions: JSON lines if the first character says so, else CSV.
fn read(path: &Path) -> anyhow::Result<Vec<Question>> {
    let named = || path.display().to_string();
    let text = fs::read_to_string(path).with_context(named)?;
    let text = text.trim_start_matches('\u{FEFF}');
    let questions = if text.trim_start().starts_with('{') { json_lines(text) } else { table(text) };
    let questions = questions.with_context(named)?;
    if questions.is_empty() {
        bail!("{}: there are no questions in it", path.display());
    }
    Ok(questions)
}

fn json_lines(text: &str) -> anyhow::Result<Vec<Question>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let question = |(at, line): (usize, &str)| {
        let wanted = || format!("line {}: expected an object with id and question", at + 1);
        serde_json::from_str(line).with_context(wanted)
    };
    lines.map(question).collect()
}

fn table(text: &str) -> anyhow::Result<Vec<Question>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers()?.clone();
    let column = |names: &[&str]| header.iter().position(|name| names.contains(&name.trim()));
    let (Some(id), Some(question)) = (column(&["ques_id", "id"]), column(&["question"])) else {
        bail!("expected CSV with the columns ques_id,question, or JSON lines with id and question");
    };
    let mut questions = Vec::new();
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        let (Some(id), Some(question)) = (record.get(id), record.get(question)) else {
            bail!("line {line}: a column is missing");
        };
        let number = id.trim().parse::<i64>().map(Value::from);
        let id = number.unwrap_or_else(|_| Value::from(id.trim()));
        questions.push(Question { id, question: question.to_owned() });
    }
    Ok(questions)
}

/// Where answers go.
enum Sink {
    Jsonl(Box<dyn Write>),
    Bdci(Box<csv::Writer<Box<dyn Write>>>),
}

impl Sink {
    fn open(path: &Path, format: Format) -> anyhow::Result<Self> {
        let out: Box<dyn Write> = if path == Path::new("-") {
            Box::new(crate::output::stdout())
        } else {
            let file = File::create(path).with_context(|| path.display().to_string())?;
            Box::new(BufWriter::new(file))
        };
        Ok(match format {
            Format::Jsonl => Self::Jsonl(out),
            Format::Bdci => {
                let mut writer = csv::Writer::from_writer(out);
                writer.write_record(["ques_id", "question", "answer", "embedding"])?;
                Self::Bdci(Box::new(writer))
            }
        })
    }

    /// Writes an answer, with its vector where the format has one: a JSON array.
    fn write(
        &mut self,
        question: &Question,
        mut answer: Answered,
        vector: &[f32],
    ) -> anyhow::Result<()> {
        match self {
            Self::Jsonl(out) => {
                answer.id = Some(question.id.clone());
                serde_json::to_writer(&mut *out, &answer)?;
                writeln!(out)?;
            }
            Self::Bdci(writer) => {
                let id =
                    question.id.as_str().map_or_else(|| question.id.to_string(), str::to_owned);
                let vector = serde_json::to_string(vector)?;
                writer.write_record([&id, &question.question, &answer.answer, &vector])?;
            }
        }
        Ok(())
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Jsonl(mut out) => out.flush(),
            Self::Bdci(mut writer) => writer.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ids_keep_their_type() {
        let lines = json_lines(
            "{\"id\": 1, \"question\": \"甲\"}\n\n{\"id\": \"b\", \"question\": \"乙\"}\n",
        );
        let ids: Vec<Value> = lines.unwrap().into_iter().map(|question| question.id).collect();
        assert_eq!(ids, [json!(1), json!("b")]);
        let rows = table("ques_id,question\n7,\"甲，\n乙\"\nq8,丙\n").unwrap();
        assert_eq!(rows[0], Question { id: json!(7), question: "甲，\n乙".to_owned() });
        assert_eq!(rows[1].id, json!("q8"));
    }

    #[test]
    fn other_tables_are_refused() {
        let error = table("a,b\n1,2\n").unwrap_err().to_string();
        assert!(error.contains("ques_id,question"), "{error}");
    }
}
