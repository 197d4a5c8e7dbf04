//! The box around the reader, with the real program: its limits, its fence, and what a file that
//! goes over them costs.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use yuanwen_engine::sandbox::{Limits, Reading, Sandbox};

use super::{Bench, code, stderr};

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
