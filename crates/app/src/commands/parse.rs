//! `yuanwen parse`: how one file is read.

use std::fs;

use anyhow::{Context, anyhow};
use yuanwen_engine::sandbox::Picture;
use yuanwen_parse::Format;

use super::reading::reading;
use crate::cli::Parse;
use crate::document;
use crate::fail::{Done, wrong_use};

pub(crate) fn run(args: &Parse) -> anyhow::Result<Done> {
    let named = || args.file.display().to_string();
    let bytes = fs::read(&args.file).with_context(named)?;
    let name = args.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let reading = reading(args.limits)?;
    let Some(out) = &args.boxes else {
        let document = reading.parse(&name, bytes).map_err(|reason| anyhow!(reason));
        document::print(&document.with_context(named)?, args.view)?;
        return Ok(Done::All);
    };
    let document = reading.parse(&name, bytes.clone()).map_err(|reason| anyhow!(reason));
    let document = document.with_context(named)?;
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
    let picture = Picture { page: args.page, scale: args.scale, frames: true };
    let picture = reading.draw(&name, bytes, picture);
    let picture = picture.map_err(|reason| anyhow!(reason)).with_context(named)?;
    fs::write(out, picture).with_context(|| out.display().to_string())?;
    eprintln!("page {} of {pages} drawn to {}", args.page, out.display());
    Ok(Done::All)
}
