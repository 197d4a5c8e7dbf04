//! `yuanwen remove`: take documents out of a knowledge base. The files they came from stay.

use yuanwen_engine::kb::KnowledgeBase;
use yuanwen_engine::store::Keep;

use crate::cli::Remove;
use crate::fail::Done;
use crate::output;

pub(crate) fn run(args: &Remove) -> anyhow::Result<Done> {
    let kb = KnowledgeBase::open(&args.kb.dir)?;
    // A name that is wrong stops the command before anything is removed.
    for called in &args.documents {
        kb.find(called)?;
    }
    let keep = if args.keep { Keep::Versions } else { Keep::Nothing };
    let mut removed = Vec::new();
    for called in &args.documents {
        let entry = kb.remove(called, keep)?;
        eprintln!("removed {}", entry.path);
        removed.push(entry);
    }
    if args.json {
        output::json(&removed)?;
    }
    Ok(Done::All)
}
