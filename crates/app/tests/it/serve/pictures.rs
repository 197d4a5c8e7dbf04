//! Pages of documents as pictures.

use std::path::Path;

use super::super::{Bench, sample};
use super::{Reply, Serving, encoded};

const DOCUMENTS: &str = "/api/v1/kbs/kb/documents";

/// The samples, whose annual report has many pages.
fn samples() -> (Bench, Serving) {
    let bench = Bench::new();
    let folder = sample();
    let folder = folder.parent().unwrap().to_str().unwrap();
    bench.run(&["index", "--kb", "kb", "docs", folder]);
    let server = Serving::new(&bench, &["--kb", "kb"]);
    (bench, server)
}

/// The address of a document's pages.
fn pages(server: &Serving, called: &str) -> String {
    let found = server.get(&format!("{DOCUMENTS}?q={}", encoded(called))).json();
    let id = found["documents"][0]["id"].as_str().unwrap_or_else(|| panic!("{found}"));
    format!("{DOCUMENTS}/{id}/pages")
}

/// Width and height of a PNG, in pixels.
fn size(picture: &Reply) -> (u32, u32) {
    assert_eq!((picture.status, picture.header("content-type")), (200, "image/png"));
    let number = |at: usize| u32::from_be_bytes(picture.body()[at..at + 4].try_into().unwrap());
    assert!(picture.body().starts_with(b"\x89PNG"));
    (number(16), number(20))
}

#[test]
fn a_plain_page_has_no_frames_and_is_the_same_each_time() {
    let (bench, server) = samples();
    let pages = pages(&server, "年度报告");
    let plain = format!("{pages}/1?scale=1&frames=false");
    let first = server.get(&plain);
    let framed = server.get(&format!("{pages}/1?scale=1&frames=true"));
    assert_eq!(size(&first), size(&framed));
    assert_ne!(first.body(), framed.body());
    assert_eq!(server.get(&format!("{pages}/1?scale=1")).body(), framed.body());
    assert_eq!(server.get(&plain).body(), first.body());
    assert_ne!(first.header("etag"), framed.header("etag"));
    let (width, height) = size(&first);
    assert_eq!(size(&server.get(&format!("{pages}/1?scale=2&frames=false"))).0 / 2, width);
    assert_eq!(size(&server.get(&format!("{pages}/1?scale=4&frames=false"))).1 / 4, height);
    // Drawn by the same child as the others, it is another page all the same.
    assert_ne!(server.get(&format!("{pages}/2?scale=1&frames=false")).body(), first.body());
    drop(server);
    let again = Serving::new(&bench, &["--kb", "kb"]);
    assert_eq!(again.get(&plain).body(), first.body());
}

#[test]
fn who_has_a_picture_is_not_sent_it_again() {
    let (bench, server) = samples();
    let page = format!("{}/1?frames=false", pages(&server, "海缆抢修"));
    let tag = server.get(&page).header("etag").to_owned();
    let known = format!("if-none-match: {tag}");
    // The tag comes first: nothing is drawn, not even where nothing could be.
    let original = originals(&bench.path("kb/originals"));
    original.iter().for_each(|path| std::fs::remove_file(path).unwrap());
    let reply = server.ask("GET", &page, &[&known], b"");
    assert_eq!((reply.status, reply.body().len()), (304, 0));
    let other = format!("{}/1?frames=false&scale=3", pages(&server, "海缆抢修"));
    let reply = server.get(&other);
    assert_eq!((reply.status, reply.code().as_str()), (404, "original_not_found"));
    // What was drawn is kept.
    assert_eq!(server.get(&page).header("etag"), tag);
}

/// All files below a folder.
fn originals(dir: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let below = |path: std::path::PathBuf| match path.is_dir() {
        true => originals(&path),
        false => vec![path],
    };
    entries.flat_map(below).collect()
}

#[test]
fn what_cannot_be_drawn_says_why() {
    let (_bench, server) = samples();
    let (pdf, text) = (pages(&server, "海缆抢修"), pages(&server, "雪岭"));
    for (path, status, code) in [
        (format!("{pdf}/99?frames=false"), 404, "page_not_found"),
        (format!("{pdf}/0?frames=false"), 404, "page_not_found"),
        (format!("{pdf}/1?frames=false&scale=4.5"), 400, "invalid_parameter"),
        (format!("{pdf}/1?frames=false&scale=NaN"), 400, "invalid_parameter"),
        (format!("{pdf}/1?frames=perhaps"), 400, "invalid_parameter"),
        (format!("{text}/1?frames=false"), 409, "not_drawable"),
    ] {
        let reply = server.get(&path);
        assert_eq!((reply.status, reply.code().as_str()), (status, code), "{path}");
    }
}

#[test]
fn many_pages_at_once_come_right() {
    let (_bench, server) = samples();
    let pages = pages(&server, "年度报告");
    let get = |page: usize| server.get(&format!("{pages}/{page}?scale=0.5&frames=false"));
    let alone: Vec<Reply> = (1..=4).map(get).collect();
    let pages = format!("{pages}/");
    std::thread::scope(|scope| {
        let drawn = |page: usize| {
            let path = format!("{pages}{page}?scale=0.6&frames=false");
            let server = &server;
            scope.spawn(move || (page, server.get(&path)))
        };
        let threads: Vec<_> = [1, 2, 3, 4, 1, 2, 3, 4].map(drawn).into_iter().collect();
        let mut seen: Vec<(usize, Reply)> =
            threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        seen.sort_by_key(|(page, _)| *page);
        for pair in seen.chunks(2) {
            size(&pair[0].1);
            assert_eq!(pair[0].1.body(), pair[1].1.body(), "page {}", pair[0].0);
        }
        let different: std::collections::HashSet<&[u8]> =
            seen.iter().map(|(_, reply)| reply.body()).collect();
        let expected: std::collections::HashSet<&[u8]> = alone.iter().map(Reply::body).collect();
        assert_eq!(different.len(), expected.len());
    });
}

#[test]
fn a_pdf_is_shown_where_that_is_wanted_and_other_files_are_saved() {
    let (bench, server) = samples();
    let content = |called: &str, query: &str| {
        let pages = pages(&server, called);
        server.get(&format!("{}/content{query}", pages.strip_suffix("/pages").unwrap()))
    };
    let shown = content("海缆抢修", "?inline=true");
    assert_eq!((shown.status, shown.header("content-type")), (200, "application/pdf"));
    assert!(shown.header("content-disposition").starts_with("inline; filename*=UTF-8''%E8%BF%9C"));
    let policy = shown.header("content-security-policy");
    for part in ["sandbox", "default-src 'none'", "frame-ancestors 'none'"] {
        assert!(policy.split("; ").any(|own| own == part), "{part}: {policy}");
    }
    assert!(!policy.contains("script") && !policy.contains("allow-"), "{policy}");
    assert_eq!(shown.body(), std::fs::read(sample()).unwrap());
    for (called, query) in [
        ("海缆抢修", ""),
        ("海缆抢修", "?inline=false"),
        ("雪岭", "?inline=true"),
        ("松涛岛.md", "?inline=true"),
    ] {
        let saved = content(called, query);
        assert_eq!(saved.status, 200, "{called}");
        let disposition = saved.header("content-disposition");
        assert!(disposition.starts_with("attachment; "), "{called}{query}: {disposition}");
    }
    assert_eq!(content("雪岭", "?inline=perhaps").code(), "invalid_parameter");
    drop(bench);
}
