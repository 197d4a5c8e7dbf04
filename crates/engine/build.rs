//! Gives the code that turns files into passages and postings a number of its own.
//!
//! A file is read again when it was read by other code than today's. Hashing the sources means
//! that nobody has to remember to raise a version; a changed comment costs one more reading.

use std::fs;
use std::path::{Path, PathBuf};

/// The sources that decide what is kept of a file.
const SOURCES: [&str; 4] = ["../parse/src", "src/passage", "src/text", "src/index"];

fn main() {
    let mut files = Vec::new();
    for source in SOURCES {
        println!("cargo:rerun-if-changed={source}");
        collect(Path::new(source), &mut files);
    }
    files.sort();
    // FNV-1a.
    let mut hash = 0x811c_9dc5_u32;
    for file in files {
        for byte in fs::read(&file).unwrap_or_default() {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }
    println!("cargo:rustc-env=YUANWEN_REVISION={hash}");
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}
