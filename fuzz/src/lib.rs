//! What the fuzz targets share.
//!
//! A format that is text or binary gets the fuzzer's bytes as they are. A package (DOCX, …) gets
//! them in place of one of its parts: the fuzzer would hardly ever meet the checksums of a ZIP file.

use std::io::{Cursor, Read, Write};

/// Lets panics unwind: those that a reader catches itself, since the crate below it panics on
/// damaged files, are no crashes. One that comes through still ends the run.
pub fn begin() {
    std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
}

/// Reads bytes as a file of this name. Errors are fine, panics are not.
pub fn read(name: &str, bytes: &[u8]) {
    let _ = yuanwen_parse::parse(name, bytes.to_vec());
}

/// A package whose parts can be replaced.
pub struct Package {
    parts: Vec<(String, Vec<u8>)>,
}

impl Package {
    /// Unpacks a sample.
    pub fn of(sample: &[u8]) -> Self {
        let mut zip = zip::ZipArchive::new(Cursor::new(sample)).expect("a sample is a ZIP file");
        let mut parts = Vec::new();
        for at in 0..zip.len() {
            let mut part = zip.by_index(at).expect("a sample is whole");
            let mut content = Vec::new();
            part.read_to_end(&mut content).expect("a sample is whole");
            let name = part.name().expect("a sample's names are text").into_owned();
            parts.push((name, content));
        }
        Self { parts }
    }

    /// Reads the package with one part, chosen by the first byte, replaced by the rest.
    pub fn read_with(&self, name: &str, data: &[u8]) {
        let Some((choice, content)) = data.split_first() else { return };
        let chosen = usize::from(*choice) % self.parts.len();
        let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored);
        for (at, (part, own)) in self.parts.iter().enumerate() {
            if out.start_file(part, options).is_err() {
                return;
            }
            let written = out.write_all(if at == chosen { content } else { own });
            written.expect("memory can be written");
        }
        let bytes = out.finish().expect("memory can be written").into_inner();
        let _ = yuanwen_parse::parse(name, bytes);
    }

    /// What the fuzzer starts from: each part behind the byte that chooses it.
    pub fn seeds(&self) -> impl Iterator<Item = Vec<u8>> + '_ {
        self.parts.iter().enumerate().map(|(at, (_, content))| {
            let mut seed = vec![at as u8];
            seed.extend(content);
            seed
        })
    }
}
