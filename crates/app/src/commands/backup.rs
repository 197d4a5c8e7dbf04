//! `yuanwen backup` and `yuanwen restore`: a knowledge base as one file, and back.

use std::fs;

use yuanwen_engine::kb::KnowledgeBase;

use crate::cli::{Backup, Restore};
use crate::fail::{Done, wrong_use};

pub(crate) fn backup(args: &Backup) -> anyhow::Result<Done> {
    let file = &args.file;
    if file.exists() {
        return Err(wrong_use(format!("{}: this file exists; give another name", file.display())));
    }
    let manifest = KnowledgeBase::open(&args.kb.dir)?.backup(file)?;
    let bytes = fs::metadata(file).map_or(0, |metadata| metadata.len());
    let size = bytes.div_ceil(1_000_000);
    eprintln!("{}: {} documents, {size} MB", file.display(), manifest.documents);
    Ok(Done::All)
}

pub(crate) fn restore(args: &Restore) -> anyhow::Result<Done> {
    let (kb, _) = KnowledgeBase::from_backup(&args.file, &args.dir)?;
    eprintln!("{}: {} documents", args.dir.display(), kb.list()?.len());
    Ok(Done::All)
}
