//! Word documents and PowerPoint presentations, built here part by part.

mod deck;
mod files;
mod hostile;
mod word;

use std::io::{Cursor, Write};

use yuanwen_parse::{Block, BlockKind, Document, parse};
use zip::write::SimpleFileOptions;

const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A file of parts by name.
fn package(parts: &[(String, String)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let types = ("[Content_Types].xml".to_owned(), "<Types/>".to_owned());
    for (name, text) in [&types].into_iter().chain(parts) {
        writer.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A part of relationships: id, kind and target of each; a target with `://` is outside.
fn relationships(of: &str, targets: &[(&str, &str, &str)]) -> (String, String) {
    let mut xml = String::from("<Relationships>");
    for (id, kind, target) in targets {
        let mode = if target.contains("://") { " TargetMode='External'" } else { "" };
        xml += &format!(
            "<Relationship Id='{id}' Type='{RELATIONSHIPS}/{kind}' Target='{target}'{mode}/>"
        );
    }
    let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
    let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    (format!("{folder}_rels/{file}.rels"), xml + "</Relationships>")
}

/// A line for each block: what it is, and its text with `⏎` and `⇥` for breaks and tabs.
fn outline(document: &Document) -> Vec<String> {
    document.blocks.iter().map(line).collect()
}

fn line(block: &Block) -> String {
    let kind = match &block.kind {
        BlockKind::Heading(level) => format!("H{level}"),
        BlockKind::Paragraph => "P".to_owned(),
        BlockKind::ListItem => "L".to_owned(),
        BlockKind::Table(_) => "T".to_owned(),
        BlockKind::Caption => "C".to_owned(),
        BlockKind::Note => "N".to_owned(),
    };
    let furniture = block.furniture.map(|each| format!("[{each:?}]")).unwrap_or_default();
    format!("{kind}{furniture} {}", block.text.replace('\n', "⏎").replace('\t', "⇥"))
}

fn warnings(document: &Document) -> Vec<&str> {
    document.warnings.iter().map(|warning| warning.message.as_str()).collect()
}

fn read(name: &str, bytes: Vec<u8>) -> Document {
    parse(name, bytes).unwrap_or_else(|error| panic!("{name}: {error}"))
}
