//! Answers and passages laid out: highlighted words, tables, marks on pages.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use yuanwen_engine::answer::{Answer, AskOptions};
use yuanwen_engine::kb::{
    AddOptions, KnowledgeBase, LaidCell, LaidTable, Layouts, Mark, MarkKind, Piece,
};

const REPORT: &str = "远山通信2023年年度报告";

fn samples() -> (TempDir, KnowledgeBase) {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/docs");
    let dir = tempfile::tempdir().unwrap();
    let kb = KnowledgeBase::create(&dir.path().join("kb")).unwrap();
    kb.add(&[docs], &AddOptions::default(), &mut |_| {}).unwrap();
    (dir, kb)
}

fn asked<'a>(kb: &'a KnowledgeBase, question: &str) -> (Answer, Layouts<'a>) {
    let options = AskOptions::default();
    let answer = kb.ask(question, &options).unwrap();
    let words = kb.highlighter(question, &options, &answer.corrected).unwrap();
    (answer, kb.layouts(words))
}

/// The pieces of the first block of an answer.
fn pieces(kb: &KnowledgeBase, question: &str) -> Vec<Piece> {
    let (answer, mut layouts) = asked(kb, question);
    let block = &answer.blocks[0];
    layouts.pieces(block.version, &block.parts, &block.text).unwrap()
}

/// The marks of the first block of an answer.
fn marks(kb: &KnowledgeBase, question: &str) -> Vec<Mark> {
    let (answer, mut layouts) = asked(kb, question);
    let block = &answer.blocks[0];
    layouts.marks(block.version, &block.parts).unwrap()
}

fn tables(pieces: &[Piece]) -> Vec<&LaidTable> {
    let mut out = Vec::new();
    for piece in pieces {
        if let Piece::Table(table) = piece {
            out.push(table);
        }
    }
    out
}

/// The texts of pieces with what is highlighted of each.
fn texts(pieces: &[Piece]) -> Vec<(&str, Vec<String>)> {
    let marked = |text: &str, ranges: &[[usize; 2]]| -> Vec<String> {
        let cut = |[start, end]: &[usize; 2]| text.chars().skip(*start).take(end - start).collect();
        ranges.iter().map(cut).collect()
    };
    let mut out = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(one) => out.push((one.text.as_str(), marked(&one.text, &one.highlight))),
            Piece::Table(table) => {
                let cells = table.rows.iter().flat_map(|row| &row.cells);
                out.extend(
                    cells.map(|cell| (cell.text.as_str(), marked(&cell.text, &cell.highlight))),
                );
            }
        }
    }
    out
}

/// Whether the cells of each row, with those from above, fill the table's columns.
fn is_filled(table: &LaidTable) -> bool {
    let mut free_from = vec![0; table.columns as usize];
    for (at, row) in table.rows.iter().enumerate() {
        for cell in &row.cells {
            for column in cell.column..cell.column + cell.column_span {
                if std::mem::replace(&mut free_from[column as usize], at + cell.row_span as usize)
                    > at
                {
                    return false;
                }
            }
        }
        if free_from.iter().any(|free| *free <= at) {
            return false;
        }
    }
    free_from.iter().all(|free| *free <= table.rows.len())
}

#[test]
fn a_header_of_several_rows_keeps_its_spans() {
    let (_dir, kb) = samples();
    let pieces = pieces(&kb, "2022年末远山通信的总资产是多少？");
    let tables = tables(&pieces);
    let [table] = tables.as_slice() else { panic!("{pieces:?}") };
    assert_eq!((table.columns, table.rows.len()), (5, 3));
    assert_eq!(table.caption.as_deref(), Some("（一）主要会计数据"));
    assert_eq!(table.unit.as_deref(), Some("单位：元 币种：人民币"));
    let shape = |cell: &LaidCell| (cell.column, cell.column_span, cell.row_span, cell.text.clone());
    let [first, second, row] = &table.rows[..] else { panic!("{table:?}") };
    assert!(first.header && second.header && !row.header);
    let spans: Vec<_> = first.cells.iter().map(shape).collect();
    let expected = [
        (0, 1, 2, "主要会计数据"),
        (1, 2, 1, "本报告期与上年同期"),
        (3, 1, 2, "本期比上年同期增减(%)"),
        (4, 1, 2, "2021年"),
    ];
    assert_eq!(
        spans,
        expected.map(|(column, own, rows, text)| (column, own, rows, text.to_owned()))
    );
    let second: Vec<_> =
        second.cells.iter().map(|cell| (cell.column, cell.text.as_str())).collect();
    assert_eq!(second, [(1, "2023年"), (2, "2022年")]);
    assert_eq!(row.cells.len(), 5);
    assert_eq!(row.cells[0].highlight, [[0, 3]]);
    assert!(is_filled(table));
}

#[test]
fn highlighted_is_what_the_question_says() {
    let (_dir, kb) = samples();
    let pieces = pieces(&kb, "根据公司新闻，松涛岛的海缆是什么时候修复的？");
    let words: Vec<String> = texts(&pieces).into_iter().flat_map(|(_, words)| words).collect();
    assert!(
        words.contains(&"松涛岛".to_owned()) && words.contains(&"海缆".to_owned()),
        "{words:?}"
    );
    assert!(words.iter().all(|word| "松涛岛的海缆是什么时候修复的".contains(word)), "{words:?}");
}

#[test]
fn pieces_hold_all_of_a_text_and_tables_are_filled() {
    let (_dir, kb) = samples();
    let mut laid = 0;
    for entry in kb.list().unwrap() {
        let mut layouts = kb.layouts(Default::default());
        for passage in kb.passages(entry.version).unwrap() {
            let pieces = layouts.pieces(entry.version, &passage.parts, &passage.text).unwrap();
            let held: Vec<String> =
                texts(&pieces).into_iter().map(|(text, _)| text.to_owned()).collect();
            let held = held.join("\n");
            let tables = tables(&pieces);
            laid += tables.len();
            for table in &tables {
                assert!(is_filled(table), "{table:?}");
            }
            for part in passage.text.split(['\n', '\t']) {
                assert!(held.contains(part), "{part}: {held}");
            }
            if tables.is_empty() {
                assert_eq!(held, passage.text);
            }
        }
    }
    assert!(laid > 5, "{laid}");
}

#[test]
fn marks_lie_on_their_pages_and_rows_are_as_wide_as_the_table() {
    let (_dir, kb) = samples();
    for entry in kb.list().unwrap() {
        let pages = kb.pages(entry.version).unwrap();
        assert_eq!(pages.len(), entry.pages as usize);
        let mut layouts = kb.layouts(Default::default());
        for passage in kb.passages(entry.version).unwrap() {
            let marks = layouts.marks(entry.version, &passage.parts).unwrap();
            assert!(!marks.is_empty());
            for Mark { place, .. } in &marks {
                let page = &pages[place.page as usize - 1];
                assert!(0.0 <= place.x0 && place.x0 < place.x1 && place.x1 <= page.width);
                assert!(0.0 <= place.y0 && place.y0 < place.y1 && place.y1 <= page.height);
            }
        }
    }
    let marks = marks(&kb, "2022年末远山通信的总资产是多少？");
    let kinds: Vec<MarkKind> = marks.iter().map(|mark| mark.kind).collect();
    use MarkKind::{Header, Row, Text};
    assert_eq!(kinds, [Text, Header, Header, Row]);
    let widths: Vec<(f32, f32)> =
        marks[1..].iter().map(|mark| (mark.place.x0, mark.place.x1)).collect();
    assert!(widths.iter().all(|width| *width == widths[0]), "{widths:?}");
    assert!(widths[0].1 - widths[0].0 > 400.0, "{widths:?}");
    let tops: Vec<f32> = marks.iter().map(|mark| mark.place.y0).collect();
    assert!(tops.is_sorted(), "{tops:?}");
}

#[test]
fn a_sentence_of_several_lines_has_a_rectangle_a_line() {
    let (_dir, kb) = samples();
    let marks = marks(&kb, "松涛岛的海缆是什么时候修复的？");
    assert_eq!(marks.len(), 3, "{marks:?}");
    assert!(marks.iter().all(|mark| mark.kind == MarkKind::Text && mark.place.page == 1));
    for pair in marks.windows(2) {
        assert!(pair[1].place.y0 >= pair[0].place.y1, "{pair:?}");
    }
}

#[test]
fn what_goes_over_two_pages_is_marked_on_both() {
    let (_dir, kb) = samples();
    let report = kb.find(REPORT).unwrap();
    let mut layouts = kb.layouts(Default::default());
    let mut over = 0;
    for passage in kb.passages(report.version).unwrap() {
        let marks = layouts.marks(report.version, &passage.parts).unwrap();
        let of = |kind| {
            let mut pages: Vec<u32> =
                marks.iter().filter(|mark| mark.kind == kind).map(|mark| mark.place.page).collect();
            pages.dedup();
            pages
        };
        let mut known: Vec<u32> = passage.page.into_iter().collect();
        known.extend(passage.turns.iter().map(|(_, page)| *page));
        let mut pages = [of(MarkKind::Text), of(MarkKind::Header), of(MarkKind::Row)].concat();
        pages.sort_unstable();
        pages.dedup();
        known.sort_unstable();
        known.dedup();
        assert_eq!(pages, known, "{passage:?}");
        over += usize::from(pages.len() > 1);
    }
    assert!(over > 0);
}

#[test]
fn formats_without_pages_have_no_marks_and_labels_reach_over_the_rows_shown() {
    let dir = tempfile::tempdir().unwrap();
    let docs = dir.path().join("docs");
    fs::create_dir(&docs).unwrap();
    let html = "<html><body><h1>雪岭站点表</h1><p>各站点的速率与负责人如下表所示。</p><table>\
        <tr><th rowspan=2>地区</th><th rowspan=2>站点</th><th colspan=2>指标</th></tr>\
        <tr><th>速率</th><th>负责人</th></tr>\
        <tr><td rowspan=3>青溪地区</td><td>雪岭站</td><td>八百兆</td><td>叶帆</td></tr>\
        <tr><td>云汀站</td><td>六百兆</td><td>秦牧野</td></tr>\
        <tr><td>松涛站</td><td>五百兆</td><td>白露</td></tr></table></body></html>";
    fs::write(docs.join("站点.html"), html).unwrap();
    let kb = KnowledgeBase::create(&dir.path().join("kb")).unwrap();
    kb.add(&[docs], &AddOptions::default(), &mut |_| {}).unwrap();
    let question = "云汀站的负责人是谁？";
    let (answer, mut layouts) = asked(&kb, question);
    let block = &answer.blocks[0];
    assert!(layouts.marks(block.version, &block.parts).unwrap().is_empty());
    assert!(kb.pages(block.version).unwrap().is_empty());
    let pieces = layouts.pieces(block.version, &block.parts, &block.text).unwrap();
    let [table] = tables(&pieces)[..] else { panic!("{pieces:?}") };
    let rows: Vec<Vec<(u32, u32, u32, &str)>> = table
        .rows
        .iter()
        .map(|row| {
            let shape = |cell: &LaidCell| (cell.column, cell.column_span, cell.row_span);
            row.cells.iter().map(|cell| (shape(cell), cell.text.as_str())).collect::<Vec<_>>()
        })
        .map(|row| row.into_iter().map(|((a, b, c), text)| (a, b, c, text)).collect())
        .collect();
    assert_eq!(
        rows,
        [
            vec![(0, 1, 2, "地区"), (1, 1, 2, "站点"), (2, 2, 1, "指标")],
            vec![(2, 1, 1, "速率"), (3, 1, 1, "负责人")],
            vec![
                (0, 1, 1, "青溪地区"),
                (1, 1, 1, "云汀站"),
                (2, 1, 1, "六百兆"),
                (3, 1, 1, "秦牧野")
            ],
        ]
    );
    // The label is said once, over all three rows.
    let passages = kb.passages(block.version).unwrap();
    let whole = passages.iter().find(|passage| passage.text.contains("松涛站")).unwrap();
    let pieces = layouts.pieces(block.version, &whole.parts, &whole.text).unwrap();
    let table = *tables(&pieces).last().unwrap();
    assert!(is_filled(table), "{table:?}");
    let labels: Vec<u32> = table
        .rows
        .iter()
        .flat_map(|row| &row.cells)
        .filter(|cell| cell.text == "青溪地区")
        .map(|cell| cell.row_span)
        .collect();
    assert_eq!(labels, [3]);
}
