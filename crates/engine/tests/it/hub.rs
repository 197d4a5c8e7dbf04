//! Models from a hub, which is a server in this process.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ring::digest::{SHA256, digest};
use tempfile::TempDir;
use yuanwen_engine::model::remote::Limits;
use yuanwen_engine::model::{AddModel, Hub, Installed, Library, Source};

use crate::server::{Request, Server, reply};

const WEIGHTS: &str = "model.safetensors";

fn published() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/models/tiny-xlm-r")
}

/// How a hub misbehaves.
#[derive(Clone, Copy)]
struct Manner {
    /// Sends at most so many bytes of the weights before it hangs up, but no end.
    cuts: Option<usize>,
    ranges: bool,
    checksums: bool,
    /// Another file of the same length.
    damaged: bool,
    lacks: &'static str,
}

const GOOD: Manner =
    Manner { cuts: None, ranges: true, checksums: true, damaged: false, lacks: "nothing" };

/// Answers for `/m/resolve/main/FILE`; the weights lie behind a redirect.
fn hub(manner: Manner) -> Server {
    Server::new(move |request| {
        let file = request.path.trim_start_matches("/m/resolve/main/");
        let (file, is_behind) = match file.strip_prefix("/cdn/") {
            Some(file) => (file.trim_end_matches("?sig=1"), true),
            None => (file, false),
        };
        let Ok(mut bytes) = fs::read(published().join(file)) else {
            return reply(404, &[], "Entry not found");
        };
        if file == manner.lacks || file == "expected.json" {
            return reply(404, &[], "Entry not found");
        }
        let checksum: String =
            digest(&SHA256, &bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let linked = format!("x-linked-etag: \"{checksum}\"");
        if file == WEIGHTS && !is_behind {
            let to = format!("location: /cdn/{file}?sig=1");
            let headers = if manner.checksums { vec![to.as_str(), &linked] } else { vec![&*to] };
            return reply(302, &headers, "");
        }
        if file == WEIGHTS && manner.damaged {
            bytes.reverse();
        }
        let mut headers = vec!["etag: \"of the server's own\""];
        if manner.checksums && file != WEIGHTS {
            headers.push(&linked);
        }
        sent(request, &bytes, &headers, manner, file == WEIGHTS)
    })
}

/// A file, or the range of it that is asked for.
fn sent(
    request: &Request,
    bytes: &[u8],
    headers: &[&str],
    manner: Manner,
    is_weights: bool,
) -> Vec<u8> {
    let range = request.headers.iter().find_map(|line| line.strip_prefix("range: bytes="));
    let range = range.filter(|_| manner.ranges).and_then(|range| range.split_once('-'));
    let (status, from, to) = match range {
        None => (200, 0, bytes.len()),
        Some((from, to)) => {
            let to = to.parse().map_or(bytes.len(), |to: usize| to + 1);
            (206, from.parse().unwrap(), to)
        }
    };
    let place = format!("content-range: bytes {from}-{}/{}", to - 1, bytes.len());
    let mut headers = headers.to_vec();
    headers.extend((status == 206).then_some(place.as_str()));
    let mut whole = reply(status, &headers, &bytes[from..to]);
    if let Some(most) = manner.cuts.filter(|most| is_weights && to - from > *most) {
        whole.truncate(whole.len() - (to - from) + most);
    }
    whole
}

struct Bench {
    dir: TempDir,
    server: Server,
}

impl Bench {
    fn new(manner: Manner) -> Self {
        Self { dir: tempfile::tempdir().unwrap(), server: hub(manner) }
    }

    fn library(&self) -> Library {
        Library::at(self.dir.path())
    }

    fn add(&self, attempts: u32) -> Result<Installed, String> {
        let url = format!("{}/m", self.server.url());
        let source = Source::Hub(Hub::named(&url, None).unwrap().unwrap());
        let limits = Limits {
            total: Duration::from_secs(10),
            attempts,
            delay: Duration::from_millis(1),
            ..Limits::default()
        };
        let what = AddModel { limits, ..AddModel::from(source) };
        let (mut last, mut total) = (0, 0);
        let added = self.library().add(&what, &mut |copying| {
            assert!(copying.done <= copying.total, "{copying:?}");
            (last, total) = (copying.done, copying.total);
        });
        if added.is_ok() {
            assert_eq!(last, total);
        }
        added.map_err(|error| error.to_string())
    }

    /// Where the requests for the weights began.
    fn begins(&self) -> Vec<usize> {
        let requests = self.server.requests();
        let weights = requests.iter().filter(|request| request.path.starts_with("/cdn/"));
        let range = |request: &Request| {
            let line = request.headers.iter().find_map(|line| line.strip_prefix("range: bytes="));
            let (from, to) = line?.split_once('-')?;
            if to.is_empty() { from.parse().ok() } else { None }
        };
        weights.filter_map(range).collect()
    }
}

fn from_folder() -> Installed {
    let dir = tempfile::tempdir().unwrap();
    let what = AddModel::from(Source::Path(published()));
    Library::at(dir.path()).add(&what, &mut |_| {}).unwrap()
}

#[test]
fn a_model_comes_from_a_hub_as_from_a_folder() {
    let bench = Bench::new(GOOD);
    let added = bench.add(1).unwrap();
    assert_eq!((added.name.as_str(), added.unverified.len()), ("m", 0));
    assert_eq!(added.digest, from_folder().digest);
    assert_eq!(bench.library().list().unwrap(), [added]);
    let left = fs::read_dir(bench.dir.path()).unwrap().count();
    assert_eq!(left, 1, "nothing lies beside the model");
    for request in bench.server.requests() {
        assert!(!request.headers.iter().any(|line| line.starts_with("authorization")));
    }
}

#[test]
fn what_broke_off_goes_on_where_it_ended() {
    let bench = Bench::new(Manner { cuts: Some(8000), ..GOOD });
    assert_eq!(bench.add(1).unwrap().digest, from_folder().digest);
    assert_eq!(bench.begins(), [0, 8000, 16000]);
}

#[test]
fn the_next_run_goes_on_unless_the_file_is_another() {
    let bench = Bench::new(Manner { cuts: Some(0), ..GOOD });
    let said = bench.add(2).unwrap_err();
    assert!(said.contains(bench.server.url()) && said.contains(WEIGHTS), "{said}");
    assert!(bench.library().list().unwrap().is_empty());
    let parts = || {
        let folders = fs::read_dir(bench.dir.path()).unwrap().flatten();
        let files = folders.flat_map(|folder| fs::read_dir(folder.path()).unwrap().flatten());
        files.map(|file| file.path()).find(|file| file.extension().is_some_and(|e| e == "part"))
    };
    let part = parts().expect("what has come is kept");
    let whole = fs::read(published().join(WEIGHTS)).unwrap();
    fs::write(&part, &whole[..5000]).unwrap();
    bench.add(1).unwrap_err();
    assert_eq!(bench.begins(), [0, 0, 5000]);
    fs::rename(&part, part.with_file_name(format!("{WEIGHTS}.0badf00d.part"))).unwrap();
    bench.add(1).unwrap_err();
    assert_eq!(bench.begins().last(), Some(&0));
}

#[test]
fn a_server_without_ranges_or_checksums_will_do() {
    let bench = Bench::new(Manner { ranges: false, checksums: false, ..GOOD });
    let added = bench.add(1).unwrap();
    assert!(added.unverified.iter().any(|file| file == WEIGHTS), "{added:?}");
    assert_eq!(added.digest, from_folder().digest);
}

#[test]
fn what_is_wrong_is_refused_by_name() {
    for (manner, named) in [
        (Manner { damaged: true, ..GOOD }, "checksum"),
        (Manner { lacks: "tokenizer.json", ..GOOD }, "/m/resolve/main/tokenizer.json"),
        (Manner { lacks: "config.json", ..GOOD }, "/m/resolve/main/config.json"),
        (Manner { lacks: WEIGHTS, ..GOOD }, "/m/resolve/main/model.safetensors"),
    ] {
        let bench = Bench::new(manner);
        let said = bench.add(1).unwrap_err();
        assert!(said.contains(named) && !said.contains("sig="), "{said}");
        assert!(bench.library().list().unwrap().is_empty());
    }
    let loop_back = |request: &Request| reply(302, &[&format!("location: {}", request.path)], "");
    let shut = |_: &Request| reply(401, &[], r#"{"error": "Invalid username or password."}"#);
    for (server, named) in
        [(Server::new(loop_back), "redirects too often"), (Server::new(shut), "browser")]
    {
        let said = Bench { dir: tempfile::tempdir().unwrap(), server }.add(1).unwrap_err();
        assert!(said.contains(named), "{said}");
    }
}
