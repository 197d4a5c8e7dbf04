//! The full-text index: Tantivy over the terms of [`crate::text::segment`].
//!
//! Its job is to be quick and to miss nothing: it gives the best candidates by BM25, and
//! [`crate::retrieve`] orders them by exact features. Passages are not stored here, only a
//! document version's id and the passage's ordinal in it.
//!
//! Scores do not depend on the order of ingestion: there is one writer thread, segments with
//! deleted documents are merged at commit (else their terms would count in the frequencies), and
//! ties are left to the caller, who knows the documents' names.
//!
//! An index whose schema or analyser is not today's is emptied on opening. Its generation is then
//! 0, which tells the catalogue to fill it again.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tantivy::collector::TopDocs;
use tantivy::columnar::Column;
use tantivy::directory::{Directory, MmapDirectory};
use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, TermQuery};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{
    DocAddress, Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Searcher,
    SegmentReader, TantivyDocument, Term,
};
use yuanwen_parse::Metadata;

use super::analyser::Analyser;
use crate::error::{Error, Result};
use crate::passage::Passage;
use crate::query::Query;

/// Memory for postings that are not yet on disk, in bytes.
const WRITER_MEMORY: usize = 40_000_000;
/// How many passages as good as the last one are given beyond the limit.
const TIES: usize = 32;
/// Goes into the schema: raise it whenever [`crate::text`] gives other terms.
const ANALYSER: &str = "yuanwen-terms-2";

/// The full-text index of one knowledge base.
pub struct Lexical {
    index: Index,
    pub(super) reader: IndexReader,
    writer: Mutex<Option<IndexWriter>>,
    pub(super) fields: Fields,
}

/// A passage that matches, with its BM25 score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// The document version.
    pub version: u64,
    /// The passage's number in it.
    pub ordinal: u32,
    /// BM25 over all fields.
    pub score: f32,
}

#[derive(Clone, Copy)]
pub(super) struct Fields {
    version: Field,
    ordinal: Field,
    pub(super) text: Field,
    pub(super) title: Field,
    pub(super) heading: Field,
    pub(super) dates: Field,
}

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(ANALYSER)
        .set_index_option(IndexRecordOption::WithFreqs);
    let terms = TextOptions::default().set_indexing_options(indexing);
    let fields = Fields {
        version: builder.add_u64_field("version", INDEXED | FAST),
        ordinal: builder.add_u64_field("ordinal", FAST),
        text: builder.add_text_field("text", terms.clone()),
        title: builder.add_text_field("title", terms.clone()),
        heading: builder.add_text_field("heading", terms.clone()),
        dates: builder.add_text_field("dates", terms),
    };
    (builder.build(), fields)
}

impl Lexical {
    /// Opens the index in a folder, and creates both where they are missing.
    pub fn open(dir: &Path) -> Result<Self> {
        let create = || fs::create_dir_all(dir).map_err(|source| Error::io(dir, source));
        create()?;
        let open = || -> Result<Self> {
            let (schema, fields) = schema();
            let directory = MmapDirectory::open(dir).map_err(tantivy::TantivyError::from)?;
            Self::with(Index::open_or_create(directory, schema)?, fields)
        };
        open().or_else(|_| {
            if !is_writable(dir) {
                return Self::copied(dir);
            }
            fs::remove_dir_all(dir).map_err(|source| Error::io(dir, source))?;
            create()?;
            open()
        })
    }

    /// A copy in memory of an index in a folder that cannot be written: Tantivy takes its locks there
    /// even to read.
    fn copied(dir: &Path) -> Result<Self> {
        let failed = |source| Error::io(dir, source);
        let copy = tantivy::directory::RamDirectory::create();
        for entry in fs::read_dir(dir).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            // In memory a lock is held if it is there.
            if path.extension().is_some_and(|end| end == "lock") {
                continue;
            }
            let bytes = fs::read(&path).map_err(failed)?;
            if let Some(name) = path.file_name() {
                copy.atomic_write(Path::new(name), &bytes).map_err(failed)?;
            }
        }
        let (schema, fields) = schema();
        Self::with(Index::open_or_create(copy, schema)?, fields)
    }

    /// An index that lives as long as the value.
    pub fn in_memory() -> Result<Self> {
        let (schema, fields) = schema();
        let directory = tantivy::directory::RamDirectory::create();
        Self::with(Index::create(directory, schema, IndexSettings::default())?, fields)
    }

    fn with(index: Index, fields: Fields) -> Result<Self> {
        index.tokenizers().register(ANALYSER, Analyser);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { index, reader, writer: Mutex::new(None), fields })
    }

    /// Adds the passages of a document version. Seen by searches after [`Lexical::commit`].
    pub fn add(
        &self,
        version: u64,
        name: &str,
        meta: &Metadata,
        passages: &[Passage],
    ) -> Result<()> {
        let said = [meta.title.as_deref(), meta.publisher.as_deref()];
        let title =
            format!("{name}\n{}", said.into_iter().flatten().collect::<Vec<_>>().join("\n"));
        let dates = dates(meta);
        let guard = self.writer()?;
        let Some(writer) = guard.as_ref() else { return Ok(()) };
        for passage in passages {
            let mut document = TantivyDocument::default();
            document.add_u64(self.fields.version, version);
            document.add_u64(self.fields.ordinal, u64::from(passage.ordinal));
            document.add_text(self.fields.text, &passage.text);
            document.add_text(self.fields.title, &title);
            document.add_text(self.fields.heading, passage.headings.join("\n"));
            document.add_text(self.fields.dates, &dates);
            writer.add_document(document)?;
        }
        Ok(())
    }

    /// Removes a document version. It is gone for searches after [`Lexical::commit`].
    pub fn remove(&self, version: u64) -> Result<()> {
        if let Some(writer) = self.writer()?.as_ref() {
            writer.delete_term(Term::from_field_u64(self.fields.version, version));
        }
        Ok(())
    }

    /// Removes everything. It is gone for searches after [`Lexical::commit`].
    pub fn clear(&self) -> Result<()> {
        if let Some(writer) = self.writer()?.as_ref() {
            writer.delete_all_documents()?;
        }
        Ok(())
    }

    /// Forgets what was not committed.
    pub fn undo(&self) {
        *self.writer.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Makes all changes durable and visible, as the index of this generation of the catalogue.
    pub fn commit(&self, generation: u64) -> Result<()> {
        let mut guard = self.writer()?;
        let Some(writer) = guard.as_mut() else { return Ok(()) };
        let mut prepared = writer.prepare_commit()?;
        prepared.set_payload(&generation.to_string());
        prepared.commit()?;
        let metas = self.index.searchable_segment_metas()?;
        let thinned: Vec<_> =
            metas.iter().filter(|meta| meta.has_deletes()).map(|meta| meta.id()).collect();
        if !thinned.is_empty() {
            writer.merge(&thinned).wait()?;
        }
        // The writer holds the folder's lock: another handle or process may be next. Merges are
        // waited for, else a folder that is written in many small runs would never see one.
        if let Some(writer) = guard.take() {
            writer.wait_merging_threads()?;
        }
        self.reload()
    }

    /// Shows what another process committed.
    pub fn reload(&self) -> Result<()> {
        Ok(self.reader.reload()?)
    }

    /// The generation of the last commit; 0 for an index that was never committed.
    pub fn generation(&self) -> Result<u64> {
        let payload = self.index.load_metas()?.payload;
        Ok(payload.and_then(|payload| payload.parse().ok()).unwrap_or(0))
    }

    /// How many passages of each document version it holds.
    pub fn versions(&self) -> Result<BTreeMap<u64, usize>> {
        let mut counts = BTreeMap::new();
        for segment in self.reader.searcher().segment_readers() {
            let versions = segment.fast_fields().u64("version")?;
            for document in segment.doc_ids_alive() {
                if let Some(version) = versions.first(document) {
                    *counts.entry(version).or_insert(0) += 1;
                }
            }
        }
        Ok(counts)
    }

    /// The files whose checksums are not those that were written.
    pub fn damaged_files(&self) -> Result<Vec<String>> {
        let damaged = self.index.validate_checksum()?;
        let mut names: Vec<String> =
            damaged.into_iter().map(|path| path.display().to_string()).collect();
        names.sort();
        Ok(names)
    }

    /// How many passages it holds.
    pub fn len(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Whether it holds no passage.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The best `limit` passages by BM25, and those that are as good as the last of them: which of
    /// equals is taken must not depend on the order of ingestion.
    pub fn search(&self, query: &Query, limit: usize) -> Result<Vec<Hit>> {
        self.top(&self.boolean(query), limit)
    }

    /// The same among the passages of some document versions.
    pub fn search_in(&self, query: &Query, versions: &[u64], limit: usize) -> Result<Vec<Hit>> {
        let version = |version: &u64| -> Box<dyn tantivy::query::Query> {
            let exact = Term::from_field_u64(self.fields.version, *version);
            Box::new(TermQuery::new(exact, IndexRecordOption::Basic))
        };
        let any = BooleanQuery::union(versions.iter().map(version).collect());
        let any = ConstScoreQuery::new(Box::new(any), 0.0);
        let both: Vec<(Occur, Box<dyn tantivy::query::Query>)> =
            vec![(Occur::Must, Box::new(any)), (Occur::Must, Box::new(self.boolean(query)))];
        self.top(&BooleanQuery::new(both), limit)
    }

    fn top(&self, query: &dyn tantivy::query::Query, limit: usize) -> Result<Vec<Hit>> {
        let searcher = self.reader.searcher();
        let limit = limit.max(1);
        let top = searcher.search(query, &TopDocs::with_limit(limit + TIES).order_by_score())?;
        let last = top.get(limit - 1).map_or(0.0, |(score, _)| score * (1.0 - 1e-5));
        let kept = top.into_iter().take_while(|(score, _)| *score >= last);
        let columns = Columns::new(&searcher)?;
        Ok(kept.map(|(score, address)| columns.hit(score, address)).collect())
    }

    /// The writer, opened on first use: it takes the folder's lock and memory.
    fn writer(&self) -> Result<MutexGuard<'_, Option<IndexWriter>>> {
        let mut guard = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if guard.is_none() {
            let writer = self.index.writer_with_num_threads(1, WRITER_MEMORY)?;
            // What a process that was killed has left would be in the way of files of that name.
            writer.garbage_collect_files().wait()?;
            *guard = Some(writer);
        }
        Ok(guard)
    }
}

/// Whether files can be made in a folder.
fn is_writable(dir: &Path) -> bool {
    let probe = dir.join(format!(".probe-{}", std::process::id()));
    let made = fs::write(&probe, "").is_ok();
    let _ = fs::remove_file(probe);
    made
}

/// Where each segment keeps the version and the ordinal of its passages.
pub(super) struct Columns {
    segments: Vec<[Column<u64>; 2]>,
}

impl Columns {
    pub(super) fn new(searcher: &Searcher) -> Result<Self> {
        let column = |segment: &SegmentReader| {
            let fast = segment.fast_fields();
            Ok([fast.u64("version")?, fast.u64("ordinal")?])
        };
        let segments = searcher.segment_readers().iter().map(column).collect::<Result<_>>()?;
        Ok(Self { segments })
    }

    pub(super) fn hit(&self, score: f32, address: DocAddress) -> Hit {
        let columns = &self.segments[address.segment_ord as usize];
        let [version, ordinal] = columns.each_ref().map(|column| column.first(address.doc_id));
        let (version, ordinal) = (version.unwrap_or_default(), ordinal.unwrap_or_default());
        Hit { version, ordinal: ordinal as u32, score }
    }
}

/// What a document says about its time, as text.
fn dates(meta: &Metadata) -> String {
    let published =
        meta.published.map(|date| format!("{}年{}月", date.year, date.month.unwrap_or_default()));
    let period = meta.period.map(|period| period.to_string());
    [published, period].into_iter().flatten().collect::<Vec<_>>().join("\n")
}
