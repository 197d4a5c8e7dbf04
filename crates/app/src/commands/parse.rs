//! `yuanwen parse`: how one file is read.

use std::fs;
use std::path::Path;
use std::thread;

use anyhow::{Context, anyhow};
use yuanwen_engine::kb::THREAD_NAME;
use yuanwen_parse::{Document, Format};

use crate::cli::Parse;
use crate::document;
use crate::fail::{Done, wrong_use};

/// As deep as in indexing, so that a file is read here as it is there.
const STACK: usize = 32 * 1024 * 1024;

pub(crate) fn run(args: &Parse) -> anyhow::Result<Done> {
    let named = || args.file.display().to_string();
    let bytes = fs::read(&args.file).with_context(named)?;
    match &args.boxes {
        None => document::print(&read(&args.file, bytes).with_context(named)?, args.view)?,
        Some(out) => {
            let document = read(&args.file, bytes.clone()).with_context(named)?;
            if document.format != Format::Pdf {
                return Err(wrong_use(format!("{}: only pages of a PDF can be drawn", named())));
            }
            let pages = document.pages.len();
            if !(1..=pages).contains(&(args.page as usize)) {
                return Err(wrong_use(format!(
                    "{}: it has {pages} pages, choose one with --page",
                    named()
                )));
            }
            let picture = yuanwen_parse::pdf::draw_boxes(bytes, &document, args.page, args.scale);
            let picture = picture.with_context(named)?;
            fs::write(out, picture).with_context(|| out.display().to_string())?;
            eprintln!("page {} of {pages} drawn to {}", args.page, out.display());
        }
    }
    Ok(Done::All)
}

fn read(path: &Path, bytes: Vec<u8>) -> anyhow::Result<Document> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let reader = thread::Builder::new().name(THREAD_NAME.to_owned()).stack_size(STACK);
    let reader = reader.spawn(move || yuanwen_parse::parse(&name, bytes))?;
    let crashed = |_| anyhow!("the reader crashed on it; please report this");
    Ok(reader.join().map_err(crashed)??)
}
