//! The knowledge bases that a client may use: the one that this program was started for, or those
//! of a server.
//!
//! Where there are several, tools take the argument `kb`, and ids of passages begin with that of
//! the knowledge base, since `fetch` is called with an id alone.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use serde_json::{Map, Value};
use yuanwen_engine::kb::KnowledgeBase;

use super::{ToolError, tools};
use crate::link::Links;
use crate::retrieved::PassageId;
use crate::service::{KbId, Service};

/// What a tool answers from.
pub(super) struct Base<'a> {
    pub(super) kb: &'a KnowledgeBase,
    pub(super) links: Links,
    /// What ids of passages begin with.
    prefix: Option<&'a KbId>,
}

impl Base<'_> {
    /// A passage's id, as `fetch` understands it.
    pub(super) fn id(&self, id: PassageId) -> String {
        self.prefix.map_or_else(|| id.to_string(), |kb| format!("{kb}/{id}"))
    }
}

/// Knowledge bases of a server, as one caller may use them.
#[derive(Clone)]
pub(crate) struct Served {
    pub(crate) service: Arc<Service>,
    pub(crate) kbs: Vec<KbId>,
    /// Whether the caller has named the one that is meant.
    pub(crate) is_one: bool,
    /// The root of the addresses of documents.
    pub(crate) root: String,
    /// The last question that was asked, for the audit log.
    pub(crate) asked: Arc<OnceLock<String>>,
}

/// The knowledge bases of a client.
#[derive(Clone)]
pub(crate) enum Bases {
    /// That which this program was started for.
    Own(Arc<KnowledgeBase>),
    Served(Served),
}

impl Bases {
    /// Those between which a client has to choose, with what is said about them; empty if there is
    /// nothing to choose.
    pub(super) fn choice(&self) -> Vec<(String, String)> {
        let Self::Served(served) = self else { return Vec::new() };
        if served.is_one {
            return Vec::new();
        }
        let about = |kb: &KbId| {
            let about = served.service.about(kb).unwrap_or_default();
            (kb.to_string(), format!("{} {}", about.name, about.description).trim().to_owned())
        };
        served.kbs.iter().map(about).collect()
    }

    /// Runs a tool where it keeps nobody waiting.
    pub(super) async fn run(
        &self,
        tool: String,
        arguments: Map<String, Value>,
    ) -> Result<Value, ToolError> {
        match self {
            Self::Own(kb) => run_own(Arc::clone(kb), tool, arguments).await,
            Self::Served(served) => served.run(tool, arguments).await,
        }
    }
}

async fn run_own(
    kb: Arc<KnowledgeBase>,
    tool: String,
    arguments: Map<String, Value>,
) -> Result<Value, ToolError> {
    let run = move || {
        let base = Base { kb: &kb, links: Links::Files, prefix: None };
        tools::run(&base, &tool, arguments)
    };
    let failed = |_| ToolError("the server failed on this call; try another one".to_owned());
    tokio::task::spawn_blocking(run).await.map_err(failed)?
}

impl Served {
    async fn run(&self, tool: String, mut args: Map<String, Value>) -> Result<Value, ToolError> {
        let kb = self.choose(&tool, &mut args)?;
        let question = args.get("question").or_else(|| args.get("query")).and_then(Value::as_str);
        if let Some(question) = question {
            // One request asks one question; in a batch the first one stands for all.
            let _ = self.asked.set(question.to_owned());
        }
        let links = Links::Service { root: self.root.clone(), kb: kb.clone() };
        let (id, is_one) = (kb.clone(), self.is_one);
        let run = move |kb: &KnowledgeBase| {
            let base = Base { kb, links, prefix: (!is_one).then_some(&id) };
            Ok(tools::run(&base, &tool, args))
        };
        let begin = Instant::now();
        let result = self.service.with_kb(&kb, run).await;
        let result = result.map_err(|error| ToolError(error.message))?;
        self.count(&kb, begin, &result);
        result
    }

    /// Counts an answer as those that are asked for otherwise.
    fn count(&self, kb: &KbId, begin: Instant, result: &Result<Value, ToolError>) {
        let found = result.as_ref().ok().and_then(|answer| answer.get("found")?.as_bool());
        if let Some(found) = found {
            self.service.metrics.took("ask", begin.elapsed());
            self.service.metrics.answered(kb.as_str(), found);
        }
    }

    /// The knowledge base that a call is about; takes it out of the arguments.
    fn choose(&self, tool: &str, args: &mut Map<String, Value>) -> Result<KbId, ToolError> {
        if let (true, [kb, ..]) = (self.is_one, &*self.kbs) {
            return Ok(kb.clone());
        }
        let named = match (args.remove("kb"), tool) {
            (Some(Value::String(kb)), _) => kb,
            (Some(_), _) => return Err(ToolError("`kb` must be a string".to_owned())),
            (None, "fetch") => self.of_id(args),
            (None, _) => String::new(),
        };
        let found = self.kbs.iter().find(|kb| kb.as_str() == named);
        found.cloned().ok_or_else(|| {
            let ids: Vec<&str> = self.kbs.iter().map(KbId::as_str).collect();
            ToolError(match (ids.as_slice(), tool) {
                ([], _) => "there is no knowledge base that you may read".to_owned(),
                (ids, "fetch") => format!(
                    "give an id as search or ask wrote it: it begins with one of {}",
                    ids.join(", ")
                ),
                (ids, _) => format!("give `kb`, one of {}", ids.join(", ")),
            })
        })
    }

    /// The knowledge base that a passage's id begins with; takes it off the id.
    fn of_id(&self, args: &mut Map<String, Value>) -> String {
        let Some(Value::String(id)) = args.get_mut("id") else { return String::new() };
        let Some((kb, rest)) = id.trim().split_once('/') else { return String::new() };
        let (kb, rest) = (kb.to_owned(), rest.to_owned());
        *id = rest;
        kb
    }
}
