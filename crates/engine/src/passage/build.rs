//! Walks a document's blocks and gathers them into passages.

use yuanwen_parse::{Block, BlockKind, Document, Table};

use super::lead::{Lead, lead};
use super::rows::{Row, labels, table_rows};
use super::{Part, PartKind, Passage};
use crate::text::sentence::sentences;

/// A passage is closed before a sentence that would make it longer than this, in characters.
const LONGEST: usize = 500;
/// A section shorter than this does not stand alone: its sibling or child goes on in the passage.
const SHORTEST: usize = 180;
/// A passage with this much is closed before a paragraph that does not fit as a whole.
const FILLED: usize = 280;

/// The passages of a document, in reading order. Furniture is left out.
pub fn passages(document: &Document) -> Vec<Passage> {
    let mut builder =
        Builder { document, path: Vec::new(), draft: Draft::default(), done: Vec::new() };
    let live: Vec<usize> =
        (0..document.blocks.len()).filter(|&at| document.blocks[at].furniture.is_none()).collect();
    let mut leads = vec![Lead::None; live.len()];
    for nth in (0..live.len()).filter(|&nth| document.blocks[live[nth]].table().is_some()) {
        lead(document, &live[..nth], &mut leads);
    }
    for (&at, lead) in live.iter().zip(leads) {
        let block = &document.blocks[at];
        match (&block.kind, lead) {
            (BlockKind::Heading(level), _) => builder.heading(at, *level),
            (BlockKind::Table(table), _) => builder.table(at, table),
            (_, Lead::None) => builder.running_text(at, block.text.len()),
            (_, Lead::From(start)) => {
                if start > 0 {
                    builder.running_text(at, start);
                }
                builder.lead_of_table(at, start);
            }
        }
    }
    builder.flush();
    builder.done
}

/// The parts gathered so far for the next passage.
#[derive(Default)]
struct Draft {
    headings: Vec<String>,
    /// Later headings, with the number of the part from which on they hold.
    sections: Vec<(usize, Vec<String>)>,
    /// The level of the outermost heading among the parts.
    level: Option<u8>,
    parts: Vec<Part>,
    chars: usize,
    /// Whether there is more than headings and the caption of a table to come.
    has_body: bool,
}

struct Builder<'a> {
    document: &'a Document,
    path: Vec<(u8, String)>,
    draft: Draft,
    done: Vec<Passage>,
}

impl Builder<'_> {
    fn heading(&mut self, at: usize, level: u8) {
        let goes_up = self.draft.level.is_some_and(|open| level < open)
            || self.path.iter().any(|(open, _)| level < *open);
        if self.draft.has_body && (goes_up || self.draft.chars >= SHORTEST) {
            self.flush();
        }
        self.path.retain(|(outer, _)| *outer < level);
        self.path.push((level, self.document.blocks[at].text.trim().to_owned()));
        self.draft.level = Some(self.draft.level.map_or(level, |open| open.min(level)));
        self.push_block(at, 0, PartKind::Heading);
    }

    /// The sentences of a block that end before the byte `until`.
    fn running_text(&mut self, at: usize, until: usize) {
        let block = &self.document.blocks[at];
        let kind = part_kind(block);
        let mut found = sentences(&block.text);
        found.retain(|range| range.end <= until);
        let lengths: Vec<usize> =
            found.iter().map(|range| chars(&block.text[range.clone()])).collect();
        let total: usize = lengths.iter().sum();
        if self.draft.has_body && self.draft.chars + total > LONGEST && self.draft.chars >= FILLED {
            self.flush();
        }
        let limit = even_limit(self.draft.chars + total);
        for (range, length) in found.into_iter().zip(lengths) {
            if self.draft.has_body && self.draft.chars + length / 2 > limit {
                self.flush();
            }
            self.push(
                Part { block: at as u32, start: range.start as u32, end: range.end as u32, kind },
                length,
            );
            self.draft.has_body = true;
        }
    }

    /// What of a block introduces the table that comes next, from the byte `start` on.
    fn lead_of_table(&mut self, at: usize, start: usize) {
        self.flush_before_table();
        self.push_block(at, start, PartKind::Caption);
    }

    /// A table's rows, in as many passages as they need, each with the header.
    fn table(&mut self, at: usize, table: &Table) {
        self.flush_before_table();
        let text = &self.document.blocks[at].text;
        let part = |&(start, end): &Row, kind| Part {
            block: at as u32,
            start: start as u32,
            end: end as u32,
            kind,
        };
        let length = |&(start, end): &Row| chars(&text[start..end]);
        let begins: Vec<Part> = self
            .draft
            .parts
            .iter()
            .copied()
            .filter(|part| part.kind == PartKind::Caption)
            .collect();
        for (header, rows) in table_rows(table, text) {
            let repeated: usize = header.iter().map(length).sum();
            let mut is_new = true;
            for row in &rows {
                let needed = length(row) + if is_new { repeated } else { 0 };
                if self.draft.has_body && self.draft.chars + needed > LONGEST {
                    self.flush();
                    self.draft.parts.clone_from(&begins);
                    is_new = true;
                }
                if std::mem::take(&mut is_new) {
                    self.push_header(&header, &part, repeated);
                }
                for label in labels(table, text, row) {
                    self.push(part(&label, PartKind::RowLabel), length(&label));
                }
                self.push(part(row, PartKind::TableRow), length(row));
                self.draft.has_body = true;
            }
        }
        self.flush();
    }

    /// Closes the passage before a table; the headings at its end go with the table.
    fn flush_before_table(&mut self) {
        if !self.draft.has_body {
            return;
        }
        let is_body = |part: &Part| part.kind != PartKind::Heading;
        let kept = self.draft.parts.iter().rposition(is_body).map_or(0, |last| last + 1);
        let headings = self.draft.parts.split_off(kept);
        self.draft.sections.retain(|(from, _)| *from < kept);
        self.flush();
        for part in headings {
            self.push_block(part.block as usize, 0, PartKind::Heading);
        }
    }

    fn push_header(&mut self, header: &[Row], part: &dyn Fn(&Row, PartKind) -> Part, chars: usize) {
        for row in header {
            self.push(part(row, PartKind::TableHeader), 0);
        }
        self.draft.chars += chars;
    }

    fn push_block(&mut self, at: usize, from: usize, kind: PartKind) {
        let text = &self.document.blocks[at].text;
        let start = text.len() - text[from..].trim_start().len();
        let end = text.trim_end().len();
        if start < end {
            self.push(
                Part { block: at as u32, start: start as u32, end: end as u32, kind },
                chars(&text[start..end]),
            );
        }
    }

    /// Adds a part; one that goes on where the last one ends makes it longer.
    fn push(&mut self, part: Part, chars: usize) {
        if self.draft.headings.is_empty() || !self.draft.has_body {
            self.draft.headings = self.path.iter().map(|(_, text)| text.clone()).collect();
        } else if part.kind == PartKind::Heading {
            let path = self.path.iter().map(|(_, text)| text.clone()).collect();
            self.draft.sections.push((self.draft.parts.len(), path));
        }
        self.draft.chars += chars;
        match self.draft.parts.last_mut() {
            Some(last) if last.block == part.block && !part.kind.is_of_table() => {
                last.end = part.end;
            }
            _ => self.draft.parts.push(part),
        }
    }

    fn flush(&mut self) {
        let draft = std::mem::take(&mut self.draft);
        if draft.parts.is_empty() {
            return;
        }
        let ordinal = self.done.len() as u32;
        self.done.push(passage(self.document, ordinal, draft));
    }
}

fn passage(document: &Document, ordinal: u32, draft: Draft) -> Passage {
    let mut out = Passage { ordinal, headings: draft.headings, ..Passage::default() };
    let mut last = None;
    let mut sections = draft.sections.into_iter().peekable();
    for (nth, part) in draft.parts.iter().enumerate() {
        let block = &document.blocks[part.block as usize];
        if !out.text.is_empty() {
            out.text.push('\n');
        }
        let at = out.text.len();
        if let Some((_, headings)) = sections.next_if(|(from, _)| *from == nth) {
            out.sections.push((at as u32, headings));
        }
        for (offset, page) in pages(block, *part) {
            if out.page.is_none() {
                out.page = Some(page);
            } else if last != Some(page) {
                out.turns.push(((at + offset) as u32, page));
            }
            last = Some(page);
        }
        out.text.push_str(&block.text[part.start as usize..part.end as usize]);
    }
    out.parts = draft.parts;
    out
}

/// The pages that a part stands on, each with the offset in the part at which it begins.
fn pages(block: &Block, part: Part) -> Vec<(usize, u32)> {
    let (start, end) = (part.start as usize, part.end as usize);
    let Some(first) = block.places.page_at(start) else { return Vec::new() };
    let mut out = vec![(0, first)];
    if block.places.page_at(end - 1) == Some(first) {
        return out;
    }
    for (offset, _) in block.text[start..end].char_indices() {
        let page = block.places.page_at(start + offset);
        if let (Some(page), Some((_, last))) = (page, out.last())
            && page != *last
        {
            out.push((offset, page));
        }
    }
    out
}

/// How long the passages of a text should get so that the last one is not a scrap.
fn even_limit(total: usize) -> usize {
    if total <= LONGEST { LONGEST } else { total.div_ceil(total.div_ceil(LONGEST)) }
}

pub(super) fn chars(text: &str) -> usize {
    text.chars().filter(|ch| !ch.is_whitespace()).count()
}

fn part_kind(block: &Block) -> PartKind {
    match block.kind {
        BlockKind::Heading(_) => PartKind::Heading,
        BlockKind::Paragraph => PartKind::Text,
        BlockKind::ListItem => PartKind::Item,
        BlockKind::Caption => PartKind::Caption,
        BlockKind::Note => PartKind::Note,
        BlockKind::Table(_) => PartKind::TableRow,
    }
}

#[cfg(test)]
mod tests {
    use yuanwen_parse::{Cell, CharPlace, Furniture};

    use super::*;

    fn block(kind: BlockKind, text: &str) -> Block {
        Block { kind, text: text.to_owned(), ..Block::default() }
    }

    fn of(blocks: Vec<Block>) -> Vec<Passage> {
        let document = Document { blocks, ..Document::default() };
        let all = passages(&document);
        for passage in &all {
            for (part, range) in passage.part_ranges() {
                let source = &document.blocks[part.block as usize].text
                    [part.start as usize..part.end as usize];
                assert_eq!(source, &passage.text[range]);
            }
        }
        all
    }

    #[test]
    fn sentences_stay_whole_and_passages_even() {
        let sentence = "远山通信在各地建成了安全可靠的算力网络。";
        let all = of(vec![block(BlockKind::Paragraph, &sentence.repeat(40))]);
        assert_eq!(all.len(), 2);
        for passage in &all {
            assert!(passage.text.ends_with('。') && passage.text.starts_with("远山"));
            assert!((300..=LONGEST).contains(&chars(&passage.text)), "{}", chars(&passage.text));
        }
    }

    #[test]
    fn a_sentence_longer_than_a_passage_is_not_cut() {
        let text = format!("{}。", "很长的句子，".repeat(200));
        let all = of(vec![block(BlockKind::Paragraph, &text)]);
        assert_eq!(all.iter().map(|passage| passage.text.as_str()).collect::<Vec<_>>(), [text]);
    }

    #[test]
    fn headings_open_their_section_and_make_the_path() {
        let long = "公司持续推进网络建设，服务水平稳步提升。".repeat(12);
        let all = of(vec![
            block(BlockKind::Heading(1), "一、概况"),
            block(BlockKind::Heading(2), "（一）网络"),
            block(BlockKind::Paragraph, &long),
            block(BlockKind::Heading(2), "（二）服务"),
            block(BlockKind::Paragraph, &long),
            block(BlockKind::Heading(1), "二、展望"),
            block(BlockKind::Paragraph, &long),
        ]);
        let paths: Vec<_> = all.iter().map(|passage| passage.headings.join(" > ")).collect();
        assert_eq!(paths, ["一、概况 > （一）网络", "一、概况 > （二）服务", "二、展望"]);
        assert!(all[0].text.starts_with("一、概况\n（一）网络\n公司"));
    }

    #[test]
    fn short_sections_share_a_passage_and_keep_their_own_path() {
        let all = of(vec![
            block(BlockKind::Heading(1), "一、业务"),
            block(BlockKind::Heading(2), "1. 移动"),
            block(BlockKind::Paragraph, "用户稳步增长。"),
            block(BlockKind::Heading(2), "2. 算力"),
            block(BlockKind::Paragraph, "机架投入运营。"),
        ]);
        let [passage] = &all[..] else { panic!("{all:?}") };
        let at = |text: &str| passage.text.find(text).expect("in the passage");
        assert_eq!(passage.headings_at(at("用户稳步")), ["一、业务", "1. 移动"]);
        assert_eq!(passage.headings_at(at("机架投入")), ["一、业务", "2. 算力"]);
    }

    #[test]
    fn a_label_that_spans_rows_stands_before_each_later_row() {
        let text = "地区\t城市\t门店\n北区\t甲市\t3\n乙市\t5\n南区\t丙市\t8";
        let cell = |row, column, row_span, content: &str| {
            let start = text.find(content).expect("a cell") as u32;
            Cell { row, column, row_span, column_span: 1, start, end: start + content.len() as u32 }
        };
        let cells = vec![
            cell(0, 0, 1, "地区"),
            cell(0, 1, 1, "城市"),
            cell(0, 2, 1, "门店"),
            cell(1, 0, 2, "北区"),
            cell(1, 1, 1, "甲市"),
            cell(1, 2, 1, "3"),
            cell(2, 1, 1, "乙市"),
            cell(2, 2, 1, "5"),
            cell(3, 0, 1, "南区"),
            cell(3, 1, 1, "丙市"),
            cell(3, 2, 1, "8"),
        ];
        let table = Table { rows: 4, columns: 3, header_rows: 1, cells, ..Table::default() };
        let all = of(vec![block(BlockKind::Table(table), text)]);
        assert_eq!(all[0].text, "地区\t城市\t门店\n北区\t甲市\t3\n北区\n乙市\t5\n南区\t丙市\t8");
    }

    #[test]
    fn every_passage_of_a_table_has_its_caption_and_header() {
        let rows: Vec<String> = (0..60).map(|row| format!("第{row}项支出\t{row}00万元")).collect();
        let text = format!("项目\t金额\n{}", rows.join("\n"));
        let table = Table { rows: 61, columns: 2, header_rows: 1, ..Table::default() };
        let all =
            of(vec![block(BlockKind::Caption, "表1 支出"), block(BlockKind::Table(table), &text)]);
        assert!(all.len() > 1);
        for passage in &all {
            assert!(passage.text.starts_with("表1 支出\n项目\t金额\n第"), "{}", passage.text);
        }
        let found: usize = all.iter().map(|passage| passage.text.matches("支出\t").count()).sum();
        assert_eq!(found, 60);
    }

    #[test]
    fn a_table_has_its_heading_and_what_introduces_it() {
        let table = Table { rows: 2, columns: 2, header_rows: 1, ..Table::default() };
        let all = of(vec![
            block(BlockKind::Paragraph, "网络质量稳步提升。收入增长。"),
            block(BlockKind::Heading(1), "二、收入"),
            block(BlockKind::Paragraph, "业务发展良好。下表列出了各业务的收入。"),
            block(BlockKind::Paragraph, "□适用 √不适用"),
            block(BlockKind::Caption, "单位：万元"),
            block(BlockKind::Table(table.clone()), "业务\t收入\n语音\t12"),
            block(BlockKind::Heading(1), "三、资产"),
            block(BlockKind::Caption, "单位：万元"),
            block(BlockKind::Table(table), "项目\t金额\n存货\t9"),
        ]);
        let texts: Vec<&str> = all.iter().map(|passage| passage.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "网络质量稳步提升。收入增长。\n二、收入\n业务发展良好。",
                "下表列出了各业务的收入。\n□适用 √不适用\n单位：万元\n业务\t收入\n语音\t12",
                "三、资产\n单位：万元\n项目\t金额\n存货\t9",
            ]
        );
        assert_eq!(all[1].headings, ["二、收入"]);
    }

    #[test]
    fn a_heading_goes_with_its_table() {
        let table = Table { rows: 2, columns: 2, header_rows: 1, ..Table::default() };
        let all = of(vec![
            block(BlockKind::Heading(1), "一、概况"),
            block(BlockKind::Paragraph, "网络质量稳步提升。"),
            block(BlockKind::Heading(1), "二、收入"),
            block(BlockKind::Table(table), "业务\t收入\n语音\t12"),
        ]);
        let texts: Vec<&str> = all.iter().map(|passage| passage.text.as_str()).collect();
        assert_eq!(texts, ["一、概况\n网络质量稳步提升。", "二、收入\n业务\t收入\n语音\t12"]);
        assert_eq!(all[1].headings, ["二、收入"]);
    }

    #[test]
    fn furniture_makes_no_passage() {
        let mut header = block(BlockKind::Paragraph, "远山通信年度报告");
        header.furniture = Some(Furniture::Header);
        assert!(of(vec![header]).is_empty());
    }

    #[test]
    fn a_passage_knows_where_a_page_turns() {
        let mut paragraph = block(BlockKind::Paragraph, "甲乙。丙丁。");
        for (at, page) in [(0, 1), (3, 1), (6, 1), (9, 2), (12, 2), (15, 2)] {
            let place =
                CharPlace { page, x0: at as f32, x1: at as f32 + 3.0, top: 10.0, bottom: 20.0 };
            paragraph.places.push(at, 3, place);
        }
        let all = of(vec![paragraph]);
        assert_eq!((all[0].page_at(0), all[0].page_at(9)), (Some(1), Some(2)));
    }
}
