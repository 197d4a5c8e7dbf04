//! `yuanwen key`: make, list and revoke keys of a service. A running server follows at once.

use std::io::Write;

use anyhow::anyhow;

use super::serve::served;
use crate::cli::{self, KeyAction};
use crate::fail::{Done, wrong_use};
use crate::output;
use crate::service::{Database, KbId, Key, NewKey, PATTERN, Served, keys, rfc3339};

pub(crate) fn run(action: &KeyAction) -> anyhow::Result<Done> {
    match action {
        KeyAction::Create(args) => create(args)?,
        KeyAction::List(dir) => list(&open(dir)?)?,
        KeyAction::Revoke { dir, id } => {
            keys::revoke(&open(dir)?, id).map_err(|error| anyhow!("{id}: {}", error.message))?;
            eprintln!("revoked {id}");
        }
    }
    Ok(Done::All)
}

fn open(dir: &cli::ServedDir) -> anyhow::Result<Database> {
    let served = served(dir);
    let dir = served.dir();
    match &served {
        Served::One(dir) if !dir.join("catalogue.db").is_file() => {
            return Err(wrong_use(format!("{}: there is no knowledge base", dir.display())));
        }
        Served::One(_) => {}
        Served::Many(_) => std::fs::create_dir_all(dir)?,
    }
    Database::open(dir)
}

fn create(args: &cli::CreateKey) -> anyhow::Result<()> {
    let id = |id: &String| {
        KbId::new(id).ok_or_else(|| wrong_use(format!("--only {id}: an id matches {PATTERN}")))
    };
    let only = args.only.iter().map(id).collect::<anyhow::Result<_>>()?;
    let new = NewKey { name: args.name.clone(), scope: args.scope, only };
    let (key, text) = keys::create(&open(&args.dir)?, &new)?;
    let mut out = output::stdout();
    writeln!(out, "{text}")?;
    out.flush()?;
    eprintln!("{}", described(&key));
    eprintln!("keep the key: it is shown this once");
    Ok(())
}

fn list(database: &Database) -> anyhow::Result<()> {
    let mut out = output::stdout();
    for key in keys::list(database)? {
        writeln!(out, "{}", described(&key))?;
    }
    Ok(out.flush()?)
}

/// Id, scope, for what, since when.
fn described(key: &Key) -> String {
    let only: Vec<&str> = key.only.iter().map(KbId::as_str).collect();
    let facts = [
        Some(key.id.clone()),
        Some(key.scope.name().to_owned()),
        (!only.is_empty()).then(|| format!("only {}", only.join(", "))),
        (!key.name.is_empty()).then(|| output::plain(&key.name)),
        Some(format!("made {}", rfc3339(key.created))),
        key.revoked.map(|revoked| format!("revoked {}", rfc3339(revoked))),
    ];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
