//! Which documents are listed, in which order, and how many there are of each sort.
//!
//! A place in the list is bytes that compare as the documents do, whatever they are ordered by: a
//! cursor then says behind what the next page begins, also when that document has gone.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yuanwen_parse::{Format, Kind};

use super::documents::{Document, Progress};
use crate::service::{ApiError, Code};
use crate::shapes;

/// Which documents.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// How many documents to give at most [default: 50]
    #[param(minimum = 1, maximum = 500)]
    pub(super) limit: Option<u32>,
    /// The `next_cursor` of the page before; it goes with the order that it was given out in
    #[param(pattern = "^([0-9a-f]{2})*$")]
    pub(super) cursor: Option<String>,
    /// Only those with this in the path, the title or the publisher
    q: Option<String>,
    /// Only those that have come so far; without it all but the removed ones
    state: Option<Progress>,
    /// Only those of this kind
    #[param(value_type = Option<shapes::Kind>)]
    kind: Option<Kind>,
    /// Only those of this format
    #[param(value_type = Option<shapes::Format>)]
    format: Option<Format>,
    /// Only those with this in the time that they report on or in the date of their publication
    period: Option<String>,
    /// Only those with warnings, or with `false` only those without
    warned: Option<bool>,
    /// What they are ordered by; those that lack it come last in either order
    #[serde(default)]
    #[param(required = false)]
    sort: Sort,
    /// In which order
    #[serde(default)]
    #[param(required = false)]
    order: Order,
}

/// What documents are ordered by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Sort {
    #[default]
    Name,
    Title,
    Published,
    Added,
    Modified,
    Pages,
    Bytes,
    State,
    Kind,
    Warnings,
}

/// In which order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Order {
    #[default]
    Asc,
    Desc,
}

/// How many documents there are of each sort, of those that `q` finds.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DocumentCounts)]
pub(super) struct Counts {
    /// By how far they have come.
    state: BTreeMap<String, usize>,
    /// By kind, of those that were read.
    kind: BTreeMap<String, usize>,
    /// By format, of those that were read.
    format: BTreeMap<String, usize>,
}

impl Counts {
    /// Counts what a question for documents finds, whatever else is asked of them.
    pub(super) fn of(documents: &[Document], which: &Which) -> Self {
        let mut counts = Self::default();
        let found = which.folded();
        for document in documents.iter().filter(|document| found.is_in(document)) {
            *counts.state.entry(named(&document.state)).or_default() += 1;
            if let Some(content) = &document.content {
                *counts.kind.entry(named(&content.kind)).or_default() += 1;
                *counts.format.entry(named(&content.format)).or_default() += 1;
            }
        }
        counts
    }
}

/// How JSON names a variant.
fn named(variant: &impl Serialize) -> String {
    let value = serde_json::to_value(variant).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// What is looked for, ready to be compared.
struct Looked {
    text: Option<String>,
    period: Option<String>,
}

impl Looked {
    /// Whether the text stands in what a document is called.
    fn is_in(&self, document: &Document) -> bool {
        let Some(wanted) = &self.text else { return true };
        let content = document.content.as_ref();
        let title = content.and_then(|content| content.title.as_deref());
        let publisher = content.and_then(|content| content.publisher.as_deref());
        let said = [Some(document.path.as_str()), title, publisher];
        said.into_iter().flatten().any(|text| text.to_lowercase().contains(wanted))
    }

    /// Whether a document is about the period, or of it.
    fn is_of_period(&self, document: &Document) -> bool {
        let Some(wanted) = &self.period else { return true };
        let Some(content) = &document.content else { return false };
        let said = [content.period.as_deref(), content.published.as_deref()];
        said.into_iter().flatten().any(|text| without_spaces(text).contains(wanted))
    }
}

/// Periods are written with and without spaces.
fn without_spaces(text: &str) -> String {
    text.chars().filter(|ch| !ch.is_whitespace()).collect()
}

impl Which {
    fn folded(&self) -> Looked {
        Looked {
            text: self.q.as_deref().map(str::to_lowercase),
            period: self.period.as_deref().map(without_spaces),
        }
    }

    /// The documents that are wanted, in order.
    pub(super) fn of(&self, mut documents: Vec<Document>) -> Vec<Document> {
        let looked = self.folded();
        documents.retain(|document| {
            self.fits(document) && looked.is_in(document) && looked.is_of_period(document)
        });
        documents.sort_by_cached_key(|document| self.place(document));
        documents
    }

    fn fits(&self, document: &Document) -> bool {
        let content = document.content.as_ref();
        let state = match self.state {
            Some(state) => document.state == state,
            None => document.state != Progress::Removed,
        };
        let is = |wanted: bool| wanted && content.is_some();
        state
            && self.kind.is_none_or(|kind| is(content.is_some_and(|own| own.kind == kind)))
            && self.format.is_none_or(|one| is(content.is_some_and(|own| own.format == one)))
            && self
                .warned
                .is_none_or(|warned| content.is_some_and(|own| (own.warnings > 0) == warned))
    }

    /// Where a document stands in the list.
    pub(super) fn place(&self, document: &Document) -> Vec<u8> {
        let content = document.content.as_ref();
        let text = |text: &str| Some(text.as_bytes().to_vec());
        let number = |number: u64| Some(number.to_be_bytes().to_vec());
        let value = match self.sort {
            Sort::Name => text(&document.name),
            Sort::Title => content.and_then(|content| text(content.title.as_deref()?)),
            Sort::Published => content.and_then(|content| text(content.published.as_deref()?)),
            Sort::Added => text(&document.added),
            Sort::Modified => content.and_then(|content| text(&content.modified)),
            // Formats without pages have 0 of them.
            Sort::Pages => content
                .filter(|content| content.pages > 0)
                .and_then(|content| number(content.pages.into())),
            Sort::Bytes => content.and_then(|content| number(content.bytes)),
            Sort::State => number(document.state as u64),
            Sort::Kind => content.and_then(|content| number(content.kind as u64)),
            Sort::Warnings => content.and_then(|content| number(content.warnings.into())),
        };
        let mut place = vec![self.order_of(), u8::from(value.is_none())];
        if let Some(value) = value {
            // Ended, so that what begins another comes before it, and turned round after it.
            let ended =
                value.iter().flat_map(|&byte| if byte == 0 { vec![0, 1] } else { vec![byte] });
            let ended = ended.chain([0, 0]);
            match self.order {
                Order::Asc => place.extend(ended),
                Order::Desc => place.extend(ended.map(|byte| !byte)),
            }
        }
        place.extend(format!("{}\0{:0>20}", document.name, document.id).bytes());
        place
    }

    /// What tells places in one order from those in another.
    fn order_of(&self) -> u8 {
        (self.sort as u8) << 1 | self.order as u8
    }

    /// Refuses a cursor that was given out in another order.
    pub(super) fn check(&self) -> Result<(), ApiError> {
        let own = format!("{:02x}", self.order_of());
        match &self.cursor {
            Some(cursor) if !cursor.is_empty() && !cursor.starts_with(&own) => {
                Err(Code::InvalidCursor.into())
            }
            _ => Ok(()),
        }
    }
}
