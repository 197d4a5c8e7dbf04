//! `yuanwen show`: how a document of a knowledge base was read.

use serde::Serialize;
use yuanwen_engine::kb::KnowledgeBase;
use yuanwen_engine::store::Entry;

use crate::cli::Show;
use crate::document::{self, Shape};
use crate::fail::Done;
use crate::output;

/// The catalogue's line and the document, as JSON.
#[derive(Serialize)]
struct Shown<'a> {
    entry: &'a Entry,
    document: Shape<'a>,
}

pub(crate) fn run(args: &Show) -> anyhow::Result<Done> {
    let (entry, document) = KnowledgeBase::open(&args.kb.dir)?.show(&args.document)?;
    if args.view.json {
        output::json(&Shown { entry: &entry, document: Shape::of(&document) })?;
    } else {
        eprintln!("{}", entry.path);
        document::print(&document, args.view)?;
    }
    Ok(Done::All)
}
