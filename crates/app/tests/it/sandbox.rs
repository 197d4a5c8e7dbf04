//! The box around the reader, with the real program: its limits, its fence, and what a file that
//! goes over them costs.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use yuanwen_engine::sandbox::{Drawing, Limits, Picture, Reading, Sandbox};

use super::{Bench, code, sample, stderr};

fn reading(limits: Limits) -> Reading {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_yuanwen"));
    Reading::Boxed(Sandbox { program, arguments: vec!["worker".into()], limits, models: None })
}

#[test]
fn a_child_reads_what_this_process_reads() {
    let bytes = "# 远山通信简报\n\n正文。\n".as_bytes();
    let here = Reading::Here.parse("a.md", bytes.to_vec());
    assert_eq!(reading(Limits::default()).parse("a.md", bytes.to_vec()), here);
    assert!(here.is_ok());
    let error = reading(Limits::default()).parse("a.md", b"a\0b".to_vec()).unwrap_err();
    assert!(error.contains("binary data"), "{error}");
}

#[test]
fn a_document_reaches_neither_network_nor_programs_nor_files() {
    let probes = reading(Limits::default()).probe().unwrap();
    let tried: Vec<&str> = probes.iter().map(|probe| probe.tried.as_str()).collect();
    assert_eq!(tried, ["network", "start a program", "write a file", "read a file"]);
    for probe in &probes {
        // A kernel without Landlock lets files be read; the rest is for seccomp.
        let needed = probe.tried != "read a file" || has_landlock();
        assert!(probe.stopped || !needed, "{} is possible", probe.tried);
    }
}

fn has_landlock() -> bool {
    let modules = fs::read_to_string("/sys/kernel/security/lsm").unwrap_or_default();
    let has = modules.contains("landlock");
    if !has {
        eprintln!("skipped in part: this kernel does not say that it has Landlock");
    }
    has
}

#[test]
fn a_file_over_the_limit_of_memory_costs_that_file_alone() {
    let bench = Bench::new();
    // Larger than the address space that its reader gets.
    fs::write(bench.path("docs/大.txt"), "远山通信。\n".repeat(8_000_000)).unwrap();
    let output = bench.run(&["index", "--kb", "kb", "--memory-limit", "100", "docs"]);
    let said = stderr(&output);
    assert_eq!(code(&output), 3, "{said}");
    assert!(said.contains("大.txt") && said.contains("more than 100 MB of memory"), "{said}");
    assert_eq!(code(&bench.run(&["ask", "--kb", "kb", "雪岭基站的下行速率是多少？"])), 0);
}

#[test]
fn a_file_over_the_limit_of_time_costs_that_file_alone() {
    let deep = format!("<table>{}", "<tr><td>远山<td>通信".repeat(3_000_000));
    let limits = Limits { time: Duration::from_millis(1), memory: 4 << 30, ..Limits::default() };
    let error = reading(limits).parse("a.html", deep.into_bytes()).unwrap_err();
    assert!(error.contains("more than 0.001 s"), "{error}");
}

/// The children of a process.
fn children(parent: u32) -> Vec<u32> {
    let of = |pid: u32| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name stands in parentheses and may hold anything; state and parent follow it.
        stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse::<u32>().ok()
    };
    let names = fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter_map(|name| name.parse().ok()).filter(|pid| of(*pid) == Some(parent)).collect()
}

fn wait_for(what: impl Fn() -> bool) -> bool {
    (0..600).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        what()
    })
}

#[test]
fn a_child_that_has_drawn_draws_the_next_page_and_one_that_failed_does_not() {
    let drawing = Drawing::new(reading(Limits::default()), Duration::from_secs(600));
    let pdf = fs::read(sample()).unwrap();
    let plain = Picture { page: 1, scale: 0.5, frames: false };
    let draw = |bytes: &[u8], picture| drawing.draw("a.pdf", bytes.to_vec(), picture);
    let first = draw(&pdf, plain).unwrap();
    assert_eq!((first.starts_with(b"\x89PNG"), drawing.waiting()), (true, 1));
    assert_eq!(draw(&pdf, plain).unwrap(), first);
    let framed = draw(&pdf, Picture { frames: true, ..plain }).unwrap();
    assert_ne!(framed, first);
    assert_eq!(drawing.waiting(), 1);
    assert!(draw(&pdf, Picture { page: 99, ..plain }).unwrap_err().contains("fewer pages"));
    assert_eq!(drawing.waiting(), 0);
    assert!(draw(b"%PDF-1.7 nothing", plain).is_err());
    assert!(draw(&pdf, Picture { scale: 1e9, ..plain }).unwrap_err().contains("16,000"));
    // The next page gets a new child.
    let here = Drawing::new(Reading::Here, Duration::ZERO);
    assert_eq!(draw(&pdf, plain).unwrap(), first);
    assert_eq!(here.draw("a.pdf", pdf, plain).unwrap(), first);
}

#[test]
fn a_child_that_is_stopped_just_when_it_is_asked_costs_nothing() {
    let pdf = fs::read(sample()).unwrap();
    let plain = Picture { page: 1, scale: 0.2, frames: false };
    for patience in [0, 1, 2, 5].map(Duration::from_millis) {
        let drawing = Drawing::new(reading(Limits::default()), patience);
        for _ in 0..3 {
            drawing.draw("a.pdf", pdf.clone(), plain).unwrap();
            std::thread::sleep(patience);
        }
    }
}

#[test]
fn a_child_does_not_outlive_its_parent() {
    let bench = Bench::new();
    let slow = format!("<table>{}", "<tr><td>远山<td>通信".repeat(1_500_000));
    fs::write(bench.path("docs/slow.html"), slow).unwrap();
    let mut parent = std::process::Command::new(env!("CARGO_BIN_EXE_yuanwen"))
        .args(["index", "--kb", "kb", "docs/slow.html"])
        .current_dir(bench.path("."))
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    assert!(wait_for(|| !children(parent.id()).is_empty()), "no child");
    let child = children(parent.id())[0];
    parent.kill().unwrap();
    parent.wait().unwrap();
    assert!(wait_for(|| !PathBuf::from(format!("/proc/{child}")).exists()), "it goes on");
}
