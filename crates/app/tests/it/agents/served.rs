//! Servers for the tests of this folder.

use serde_json::Value;

use crate::serve::{Reply, Serving};
use crate::{Bench, code, stdout};

/// A server and the folder of what it serves.
pub(super) struct Served {
    serving: Serving,
    bench: Bench,
}

impl Served {
    /// Serves one knowledge base, `kb`.
    pub(super) fn one(more: &[&str]) -> Self {
        let bench = Bench::indexed();
        let serving = Serving::new(&bench, &[&["--kb", "kb"], more].concat());
        Self { serving, bench }
    }

    /// Serves two knowledge bases: `news` has the documents, `empty` has none.
    pub(super) fn two() -> Self {
        let bench = Bench::new();
        std::fs::create_dir(bench.path("none")).unwrap();
        for (kb, docs) in [("data/kbs/news", "docs"), ("data/kbs/empty", "none")] {
            assert_eq!(code(&bench.run(&["index", "--kb", kb, docs])), 0);
        }
        let serving = Serving::new(&bench, &["--data", "data"]);
        Self { serving, bench }
    }

    /// Makes a key for one of two knowledge bases; gives the header that carries it.
    pub(super) fn key(&self, only: &str) -> String {
        let args = ["key", "create", "--data", "data", "--only", only];
        format!("authorization: Bearer {}", stdout(&self.bench.run(&args)).trim())
    }

    pub(super) fn address(&self) -> &str {
        &self.serving.address
    }

    pub(super) fn get(&self, path: &str) -> Reply {
        self.serving.get(path)
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> Reply {
        self.serving.send("POST", path, &[], body)
    }

    pub(super) fn send(&self, method: &str, path: &str, headers: &[&str], body: &str) -> Reply {
        self.serving.ask(method, path, headers, body.as_bytes())
    }
}
