//! The box, from the parent's side: children that hang, crash, babble or refuse. Shell scripts
//! stand in for the reader, since a well-behaved one does none of it.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use yuanwen_engine::kb::{AddOptions, KnowledgeBase, SkippedBecause};
use yuanwen_engine::sandbox::{Limits, Reading, Sandbox};

struct Script {
    _dir: tempfile::TempDir,
    program: PathBuf,
}

impl Script {
    fn new(body: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join("worker");
        fs::write(&program, format!("#!/bin/sh\n{body}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        Self { _dir: dir, program }
    }

    fn reading(&self, limits: Limits) -> Reading {
        let (program, arguments) = (self.program.clone(), Vec::new());
        Reading::Boxed(Sandbox { program, arguments, limits, models: None })
    }
}

/// A frame as a child writes it, for `printf`.
fn frame(kind: u8, bytes: &[u8]) -> String {
    let mut frame = vec![kind];
    frame.extend((bytes.len() as u64).to_le_bytes());
    frame.extend(bytes);
    frame.iter().map(|byte| format!("\\{byte:03o}")).collect()
}

#[test]
fn a_child_that_does_not_answer_says_why_in_words() {
    let quick = Limits { time: Duration::from_millis(300), ..Limits::default() };
    let small = Limits { output: 1000, ..Limits::default() };
    let usual = Limits::default();
    let cases = [
        ("exec sleep 60", quick, "more than 0.3 s"),
        ("kill -SEGV $$", usual, "signal: 11"),
        ("exit 7", usual, "exit status: 7"),
        ("kill -XCPU $$", usual, "more than 60 s"),
        ("echo 'memory allocation of 9 bytes failed' >&2; kill -ABRT $$", usual, "512 MB"),
        ("echo 'thread x has overflowed its stack' >&2; kill -ABRT $$", usual, "nested too deeply"),
        (
            "printf '\\001\\377\\377\\377\\377\\000\\000\\000\\000'; exec sleep 60",
            small,
            "come out",
        ),
        ("exec cat /dev/zero", usual, "crashed"),
        (&format!("printf '{}'; exec sleep 60", frame(1, b"\x07nonsense")), usual, "crashed"),
    ];
    for (body, limits, expected) in cases {
        let script = Script::new(body);
        let error = script.reading(limits).parse("a.txt", b"text".to_vec()).unwrap_err();
        assert!(error.contains(expected), "{body}: {error}");
    }
}

#[test]
fn a_child_that_cannot_be_started_costs_each_file_and_says_so() {
    let program = PathBuf::from("/no/such/program");
    let sandbox =
        Sandbox { program, arguments: Vec::new(), limits: Limits::default(), models: None };
    let error = Reading::Boxed(sandbox).parse("a.txt", b"text".to_vec()).unwrap_err();
    assert!(error.starts_with("no process to read it"), "{error}");
}

#[test]
fn a_crash_in_a_used_child_is_tried_again_in_a_new_one() {
    // Answers once, then crashes: each file is read, by a child of its own.
    let reply = frame(1, b"\x01\x05empty");
    let script = Script::new(&format!("printf '{reply}'; head -c 30 >/dev/null; kill -SEGV $$"));
    let dir = tempfile::tempdir().unwrap();
    let docs = dir.path().join("docs");
    fs::create_dir(&docs).unwrap();
    for name in ["a.txt", "b.txt", "c.txt"] {
        fs::write(docs.join(name), name).unwrap();
    }
    let kb = KnowledgeBase::create(&dir.path().join("kb")).unwrap();
    let reading = script.reading(Limits::default());
    let options = AddOptions { threads: Some(1), reading, ..AddOptions::default() };
    let report = kb.add(&[docs], &options, &mut |_| {}).unwrap();
    let reasons: Vec<_> = report.skipped.iter().map(|file| &file.because).collect();
    assert_eq!(reasons, [&SkippedBecause::Failed("empty".into()); 3]);
}
