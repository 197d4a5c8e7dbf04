//! The command line of the service: `serve` and `key`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{LanguageModel, Limits};
use crate::service::{Audited, Scope};

/// Answer over HTTP.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) dir: ServedDir,
    /// Where to listen; port 0 for any that is free. Beyond this machine only with keys, which
    /// `yuanwen key create` makes
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8686")]
    pub(crate) listen: String,
    /// The certificate of the server and those above it (PEM), for TLS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// The private key of the certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Let web pages of this origin use the service, `https://wiki.example` for one; may be repeated
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) cors: Vec<String>,
    /// Answer each key, or each address where there are no keys, so many requests a second at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) rate_limit: Option<u32>,
    /// What the audit log has
    #[arg(long, value_enum, default_value_t = Audited::Writes)]
    pub(crate) audit: Audited,
    /// For how many days the audit log is kept
    #[arg(long, value_name = "DAYS", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub(crate) audit_days: u32,
    /// For how many days a conversation is kept after its last question
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub(crate) conversation_days: u32,
    /// Let whoever may write have this folder of the server read, and those below it; may be
    /// repeated
    #[arg(long, value_name = "DIR")]
    pub(crate) allow_folder: Vec<PathBuf>,
    /// The largest file that may be uploaded, in MB
    #[arg(long, value_name = "MB", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) upload_limit: u32,
    /// How the service's own log is written, to stderr
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
    #[command(flatten)]
    pub(crate) llm: LanguageModel,
    #[command(flatten)]
    pub(crate) limits: Limits,
}

/// How a log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// A line for people
    Text,
    /// A JSON object a line
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Key {
    #[command(subcommand)]
    pub(crate) action: KeyAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyAction {
    /// Make a key and print it, this once. From then on every request needs a key
    Create(CreateKey),
    /// List the keys
    List(ServedDir),
    /// Revoke a key, for good
    Revoke {
        #[command(flatten)]
        dir: ServedDir,
        /// Its id: what stands between `yw_` and the next `_`
        #[arg(value_name = "ID")]
        id: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct CreateKey {
    #[command(flatten)]
    pub(crate) dir: ServedDir,
    /// What the key allows; each scope includes those before it
    #[arg(long, value_enum, default_value_t = Scope::Read)]
    pub(crate) scope: Scope,
    /// For this knowledge base only; may be repeated
    #[arg(long, value_name = "KB")]
    pub(crate) only: Vec<String>,
    /// What the key is for
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) name: String,
}

/// A folder that is served.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct ServedDir {
    /// The folder of a knowledge base
    #[arg(long = "kb", value_name = "DIR")]
    pub(crate) kb: Option<PathBuf>,
    /// A folder of many knowledge bases, which is made if it is not there
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}
