use yuanwen_parse::*;
fn main() {
    for path in std::env::args().skip(1) {
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let start = std::time::Instant::now();
        match parse(&path, bytes) {
            Err(e) => println!("=== {path}: ERROR {e}"),
            Ok(d) => {
                println!(
                    "=== {path}: {:?} {:?} pages {} blocks {} members {} ms {}",
                    d.format,
                    d.meta.title,
                    d.pages.len(),
                    d.blocks.len(),
                    d.members.len(),
                    start.elapsed().as_millis()
                );
                for w in &d.warnings {
                    println!("  ! {:?} {}", w.page, w.message);
                }
                for b in &d.blocks {
                    let k = match &b.kind {
                        BlockKind::Heading(n) => format!("H{n}"),
                        BlockKind::Table(t) => format!(
                            "T{}x{} h{} c{}",
                            t.rows, t.columns, t.header_rows, t.header_columns
                        ),
                        k => format!("{k:?}"),
                    };
                    let f = b.furniture.map_or(String::new(), |f| format!("[{f:?}]"));
                    let p = b.places.pages().map_or(String::new(), |p| format!("p{} ", p.0));
                    let bx = b.places.boxes(&b.text, 0..b.text.len());
                    let bx = if std::env::var("BOX").is_ok() {
                        format!(
                            " {:?}",
                            bx.iter().map(|b| (b.x0, b.y0, b.x1, b.y1)).collect::<Vec<_>>()
                        )
                    } else {
                        String::new()
                    };
                    let t: String = b.text.chars().take(160).collect();
                    println!("  {p}{k}{f} {}{bx}", t.replace('\n', "⏎").replace('\t', "⇥"));
                }
            }
        }
    }
}
