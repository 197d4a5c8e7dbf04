//! Parses files one after the other and prints what it took: for `benches/formats.py`.

use std::io::Write;
use std::time::Instant;

fn main() -> std::io::Result<()> {
    let (mut files, mut characters, mut errors) = (0, 0, 0);
    let start = Instant::now();
    for path in std::env::args_os().skip(1) {
        let name = path.to_string_lossy().into_owned();
        files += 1;
        match yuanwen_parse::parse(&name, std::fs::read(&path)?) {
            Ok(document) => {
                characters +=
                    document.blocks.iter().map(|block| block.text.chars().count()).sum::<usize>();
            }
            Err(_) => errors += 1,
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    writeln!(std::io::stdout(), "{seconds:.6} {files} {characters} {errors}")
}
