//! What a process that dies, a disk that is full and files that cannot be written do to what was
//! acknowledged: nothing.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::{Bench, FACT, QUESTION, code, stderr, stdout};
use super::{Serving, question};

/// So often the server is killed.
const KILLS: usize = 200;
/// So many documents there are at most.
const DOCUMENTS: u64 = 12;
const KB: &str = "/api/v1/kbs/kb";

/// Numbers that look random and are the same each time (Marsaglia's xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// What a document may be: the code words that it may have, `None` for being gone. More than one
/// where a change was not acknowledged.
type Possible = Vec<Option<u64>>;

/// A text with a code word that no other has.
fn text(word: u64) -> String {
    format!(
        "远山通信第{word}号通报\n\n第{word}号站的口令是k{word}x。\n\n{}\n",
        "雪岭基站由青溪分公司维护，每周三巡检一次。".repeat(word as usize % 40)
    )
}

/// A request that may find the server gone.
fn request(address: &str, method: &str, path: &str, body: &str) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(head.as_bytes()).ok()?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply).ok()?;
    let (head, body) = reply.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let said = head.to_ascii_lowercase();
    let length = said.lines().find_map(|line| line.strip_prefix("content-length: "));
    // A reply that was cut off acknowledges nothing.
    let whole = length.is_none_or(|length| length.parse() == Ok(body.len()));
    whole.then(|| (status, serde_json::from_str(body).unwrap_or_default()))
}

/// One change of a document: a new content, or its end. What is acknowledged is certain.
fn change(address: &str, random: &mut Random, next: &mut u64, docs: &mut BTreeMap<u64, Possible>) {
    let name = random.below(DOCUMENTS);
    let possible = docs.entry(name).or_insert_with(|| vec![None]);
    let list = format!("{KB}/documents?q=d{name}.txt");
    if random.below(4) == 0 {
        let Some((200, found)) = request(address, "GET", &list, "") else { return };
        let Some(id) = found["documents"][0]["id"].as_str() else { return };
        possible.push(None);
        let gone = request(address, "DELETE", &format!("{KB}/documents/{id}"), "");
        if gone.is_some_and(|(status, _)| status == 204) {
            *possible = vec![None];
        }
    } else {
        *next += 1;
        possible.push(Some(*next));
        let path = format!("{KB}/documents?name=d{name}.txt");
        let taken = request(address, "POST", &path, &text(*next));
        if taken.is_some_and(|(status, _)| status == 202) {
            *possible = vec![Some(*next)];
        }
    }
}

/// Waits until all that was accepted is read.
fn drain(server: &Serving) {
    let begin = Instant::now();
    while server.get(&format!("{KB}/queue?limit=1")).json()["waiting"] != 0 {
        assert!(begin.elapsed() < Duration::from_secs(60), "{}", server.said());
        thread::sleep(Duration::from_millis(5));
    }
}

/// Compares what is found with what may be, which is certain afterwards.
fn verify(server: &Serving, docs: &mut BTreeMap<u64, Possible>, last: u64, kill: usize) {
    for (name, possible) in docs.iter_mut() {
        let list = server.get(&format!("{KB}/documents?q=d{name}.txt")).json();
        let state = &list["documents"][0]["state"];
        let words: Vec<u64> = possible.iter().flatten().copied().collect();
        let found: Vec<u64> = words.iter().copied().filter(|word| answers(server, *word)).collect();
        let now = found.first().copied();
        assert!(found.len() < 2, "kill {kill}: d{name} answers with {found:?}");
        assert!(
            possible.contains(&now),
            "kill {kill}: d{name} is {now:?} of {possible:?}, {state}"
        );
        assert_eq!(now.is_some(), *state == json!("searchable"), "kill {kill}: d{name} {state}");
        *possible = vec![now];
    }
    // What was replaced or removed long ago is not found either.
    let known: Vec<u64> = docs.values().flatten().flatten().copied().collect();
    for word in (1..=last).rev().filter(|word| !known.contains(word)).take(3) {
        assert!(!answers(server, word), "kill {kill}: {word} is back");
    }
}

fn answers(server: &Serving, word: u64) -> bool {
    let asked = json!({"query": format!("第{word}号站的口令k{word}x"), "limit": 5});
    let found = server.send("POST", &format!("{KB}/search"), &[], &asked);
    assert_eq!(found.status, 200, "{}", found.text());
    found.text().contains(&format!("k{word}x"))
}

#[test]
fn nothing_acknowledged_is_lost_by_kills() {
    let bench = Bench::new();
    fs::remove_dir_all(bench.path("docs")).unwrap();
    fs::create_dir(bench.path("docs")).unwrap();
    assert_eq!(code(&bench.run(&["index", "--kb", "kb", "docs"])), 0);
    let mut random = Random(0x5EED_CAFE);
    let (mut docs, mut next) = (BTreeMap::new(), 0);
    for kill in 0..KILLS {
        let mut server = Serving::new(&bench, &["--kb", "kb"]);
        drain(&server);
        if kill % 10 == 0 {
            verify(&server, &mut docs, next, kill);
        }
        let address = server.address.clone();
        let ended = AtomicBool::new(false);
        let moment = Duration::from_micros(random.below(120_000));
        thread::scope(|scope| {
            scope.spawn(|| {
                while !ended.load(Ordering::Relaxed) {
                    change(&address, &mut random, &mut next, &mut docs);
                }
            });
            thread::sleep(moment);
            server.child.kill().unwrap();
            server.child.wait().unwrap();
            ended.store(true, Ordering::Relaxed);
        });
    }
    let server = Serving::new(&bench, &["--kb", "kb"]);
    drain(&server);
    verify(&server, &mut docs, next, KILLS);
    drop(server);
    let check = bench.run(&["check", "--kb", "kb"]);
    assert_eq!(code(&check), 0, "{}", stderr(&check));
    assert!(!stderr(&check).contains("made anew"), "{}", stderr(&check));
    assert!(next > KILLS as u64, "only {next} uploads");
}

/// A file system of its own of so many MB; `None` where this user may not make one.
struct Mounted<'a>(&'a Path);

impl<'a> Mounted<'a> {
    fn new(path: &'a Path, size: u32) -> Option<Self> {
        fs::create_dir_all(path).unwrap();
        let size = format!("size={size}m");
        let done =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(path).output();
        match done {
            Ok(done) if done.status.success() => Some(Self(path)),
            _ => {
                println!("skipped: this user may not mount a file system");
                None
            }
        }
    }

    fn remount(&self, how: &str) {
        let done =
            Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(self.0).status();
        assert!(done.unwrap().success());
    }
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["-l"]).arg(self.0).status();
    }
}

#[test]
fn a_full_disk_refuses_what_is_new_and_loses_nothing() {
    let bench = Bench::new();
    let path = bench.path("small");
    let Some(_mounted) = Mounted::new(&path, 6) else { return };
    assert_eq!(code(&bench.run(&["index", "--kb", "small/kb", "docs"])), 0);
    let server = Serving::new(&bench, &["--kb", "small/kb"]);
    let mut taken = 0;
    let refused = loop {
        // Text that does not shrink.
        let noise: String = (0..60_000)
            .map(|at| char::from_u32(0x4E00 + (at * 7919 + taken) % 20_000).unwrap())
            .collect();
        let path = format!("{KB}/documents?name={taken}.txt");
        let reply = server.ask("POST", &path, &[], format!("第{taken}号\n\n{noise}").as_bytes());
        match reply.status {
            202 => taken += 1,
            _ => break reply,
        }
        assert!(taken < 200);
    };
    assert_eq!((refused.status, refused.code().as_str()), (507, "disk_full"), "{}", refused.text());
    let reply = server.send("POST", &format!("{KB}/ask"), &[], &question(QUESTION));
    assert!(reply.text().contains(FACT), "{}", reply.text());
    // Room is made, and all goes on: what had been accepted is read.
    Command::new("mount").args(["-o", "remount,size=64m"]).arg(&path).status().unwrap();
    drain(&server);
    let list = server.get(&format!("{KB}/documents?limit=500")).json();
    let states = list["documents"].as_array().unwrap().iter().map(|one| one["state"].clone());
    let searchable = states.filter(|state| state == "searchable").count();
    assert_eq!(searchable, 2 + taken as usize, "{}", server.said());
    drop(server);
    let check = bench.run(&["check", "--kb", "small/kb"]);
    assert_eq!(code(&check), 0, "{}", stderr(&check));
}

#[test]
fn a_knowledge_base_that_cannot_be_written_still_answers() {
    let bench = Bench::new();
    let path = bench.path("small");
    let Some(mounted) = Mounted::new(&path, 16) else { return };
    assert_eq!(code(&bench.run(&["index", "--kb", "small/kb", "docs"])), 0);
    mounted.remount("ro");
    let asked = bench.run(&["ask", "--kb", "small/kb", QUESTION]);
    assert!(stdout(&asked).contains(FACT), "{}", stderr(&asked));
    let index = bench.run(&["index", "--kb", "small/kb", "docs"]);
    assert_eq!(code(&index), 1);
    let said = stderr(&index);
    assert!(said.contains("small/kb") && said.contains("opened for writing"), "{said}");
    mounted.remount("rw");
}

#[test]
fn an_index_whose_files_are_damaged_is_made_anew() {
    for damage in ["cut", "gone", "empty"] {
        let bench = Bench::indexed();
        let files = fs::read_dir(bench.path("kb/index")).unwrap().map(|file| file.unwrap().path());
        for path in files.filter(|path| path.extension().is_some_and(|end| end == "term")) {
            match damage {
                "cut" => {
                    let bytes = fs::read(&path).unwrap();
                    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
                }
                "gone" => fs::remove_file(&path).unwrap(),
                _ => fs::write(&path, "").unwrap(),
            }
        }
        let asked = bench.run(&["ask", "--kb", "kb", QUESTION]);
        assert!(stdout(&asked).contains(FACT), "{damage}: {}", stderr(&asked));
        let check = bench.run(&["check", "--kb", "kb"]);
        assert_eq!(code(&check), 0, "{damage}: {}", stderr(&check));
    }
}
