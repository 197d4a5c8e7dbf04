//! Reads whole files: the samples, the operator's reports where they are at hand, damaged input.

mod corpus;
mod damaged;
mod encodings;
mod ocr;
mod office;
mod real;
mod samples;
mod sheets;
mod twins;

use std::path::{Path, PathBuf};

use yuanwen_parse::{Block, Document};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The PDFs among the samples, by name.
fn sample_pdfs() -> Vec<PathBuf> {
    let folder = root().join("samples/docs");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "pdf"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no PDFs in {}", folder.display());
    paths
}

fn read(path: &Path) -> Document {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    yuanwen_parse::pdf::parse(bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn tables(document: &Document) -> Vec<&Block> {
    document.blocks.iter().filter(|block| block.table().is_some()).collect()
}
