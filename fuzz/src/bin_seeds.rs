//! Writes what the fuzzer starts from: `seeds SAMPLES CORPUS`.
//!
//! Samples go to the folders of their extensions; packages are taken apart as the targets expect.

use std::fs;
use std::path::Path;

use yuanwen_fuzz::Package;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let [_, samples, corpus] = &args[..] else { panic!("usage: seeds SAMPLES CORPUS") };
    for entry in fs::read_dir(samples).expect("a folder of samples") {
        let path = entry.expect("a folder of samples").path();
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("");
        let (target, package) = match extension {
            "md" => ("markdown", false),
            "txt" => ("text", false),
            "jsonl" => ("json", false),
            "mht" => ("eml", false),
            "pdf" | "html" | "csv" | "json" | "eml" | "xls" | "zip" => (extension, false),
            "docx" | "pptx" | "xlsx" | "ods" | "epub" => (extension, true),
            _ => continue,
        };
        let folder = Path::new(corpus).join(target);
        fs::create_dir_all(&folder).expect("a folder for the corpus");
        let bytes = fs::read(&path).expect("a sample");
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("sample");
        let seeds = if package { Package::of(&bytes).seeds().collect() } else { vec![bytes] };
        for (at, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("{name}-{at}")), seed).expect("room for the corpus");
        }
    }
}
