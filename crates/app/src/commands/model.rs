//! `yuanwen model`: models of the user's own.

use std::io::{IsTerminal, Write};
use std::path::Path;

use yuanwen_engine::Error;
use yuanwen_engine::model::{
    AddModel, Copying, Hub, Installed, Library, Precision, Purpose, Source,
};

use crate::cli::{self, ModelAction};
use crate::fail::{Done, wrong_use};
use crate::output;

pub(crate) fn run(action: &ModelAction) -> anyhow::Result<Done> {
    let library = Library::of_user();
    match action {
        ModelAction::Add(args) => add(&library, args)?,
        ModelAction::List { json } => list(&library, *json)?,
        ModelAction::Remove { name } => {
            let removed = library.remove(name)?;
            eprintln!("removed {}", described(&removed));
        }
    }
    Ok(Done::All)
}

fn add(library: &Library, args: &cli::AddModel) -> anyhow::Result<()> {
    let source = source(&args.source)?;
    let precision = if args.f32 { Precision::F32 } else { Precision::Int16 };
    let mut shown = Shown::default();
    let what = AddModel { name: args.name.clone(), precision, ..AddModel::from(source) };
    let added = library.add(&what, &mut |copying| shown.update(copying)).map_err(|error| {
        let source = args.source.display();
        let context = match &error {
            Error::Remote(_) => format!(
                "{source} cannot be loaded; what has come is kept, the same command goes on"
            ),
            _ => format!("{source} cannot be added"),
        };
        anyhow::Error::from(error).context(context)
    })?;
    if !added.unverified.is_empty() {
        let files = added.unverified.join(", ");
        eprintln!("the server named no checksum to compare with of {files}");
    }
    eprintln!("added {}", described(&added));
    eprintln!("BLAKE3 {}", added.digest);
    let option = match added.purpose {
        Purpose::Embedder => "--model",
        Purpose::Reranker => "--reranker",
    };
    eprintln!("use it with: yuanwen index --kb DIR {option} {}", added.name);
    Ok(())
}

/// The address of a model, or a path that is there.
fn source(named: &Path) -> anyhow::Result<Source> {
    let mirror = std::env::var("YUANWEN_HUB").ok().filter(|mirror| !mirror.is_empty());
    let hub = named.to_str().map(|text| Hub::named(text, mirror.as_deref())).transpose()?;
    match hub.flatten() {
        Some(hub) => Ok(Source::Hub(hub)),
        None if named.exists() => Ok(Source::Path(named.to_owned())),
        None => Err(wrong_use(format!("{}: no such file or folder", named.display()))),
    }
}

fn list(library: &Library, json: bool) -> anyhow::Result<()> {
    let models = library.list()?;
    if json {
        return output::json(&models);
    }
    let mut out = output::stdout();
    for model in &models {
        writeln!(out, "{}", described(model))?;
    }
    if models.is_empty() {
        eprintln!("no models in {}; `yuanwen model add` adds one", library.folder().display());
    }
    Ok(out.flush()?)
}

fn described(model: &Installed) -> String {
    let Installed { name, origin, bytes, dimensions, .. } = model;
    let what = match model.purpose {
        Purpose::Embedder => format!("vectors of {dimensions} numbers"),
        Purpose::Reranker => "reranker".to_owned(),
    };
    format!("{name} ({origin}, {what}, {} MB)", bytes.div_ceil(1_000_000))
}

/// Shows how far copying has come.
#[derive(Default)]
struct Shown {
    percent: u64,
}

impl Shown {
    fn update(&mut self, copying: Copying<'_>) {
        let Copying { file, done, total } = copying;
        let percent = (done * 100).checked_div(total).unwrap_or(0);
        let step = if std::io::stderr().is_terminal() { 5 } else { 25 };
        if total == 0 {
            eprintln!("reading the {file}");
        } else if percent >= self.percent + step || done == total && percent > self.percent {
            self.percent = percent;
            eprintln!("{percent} % of {} MB: {file}", total.div_ceil(1_000_000));
        }
    }
}
