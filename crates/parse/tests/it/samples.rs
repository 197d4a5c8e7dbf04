//! The samples are read as a person would read them.

use yuanwen_parse::{BlockKind, Furniture};

#[test]
fn every_character_of_a_block_has_a_place_on_its_page() {
    for path in super::sample_pdfs() {
        let document = super::read(&path);
        for block in &document.blocks {
            for (at, ch) in block.text.char_indices().filter(|(_, ch)| !ch.is_whitespace()) {
                let boxes = block.boxes(at..at + ch.len_utf8());
                assert_eq!(boxes.len(), 1, "{}: {ch:?} in {:?}", path.display(), block.text);
                let page = document.pages[boxes[0].page as usize - 1];
                assert!(boxes[0].x0 <= boxes[0].x1 && boxes[0].x1 <= page.width + 1.0);
                assert!(boxes[0].y0 < boxes[0].y1 && boxes[0].y1 <= page.height + 1.0);
            }
        }
    }
}

#[test]
fn cells_are_ranges_of_the_tables_text_and_rows_are_its_lines() {
    for path in super::sample_pdfs() {
        let document = super::read(&path);
        for block in super::tables(&document) {
            let table = block.table().expect("a table");
            for cell in &table.cells {
                let text = &block.text[cell.range()];
                assert!(!text.contains(['\t', '\n']), "{}: {text:?}", path.display());
                assert!(cell.row + cell.row_span <= table.rows);
                assert!(cell.column + cell.column_span <= table.columns);
            }
            let lines: Vec<&str> = block.text.split('\n').collect();
            let rows = (0..table.rows).filter_map(|row| table.row_range(row));
            assert!(rows.map(|range| &block.text[range]).eq(lines), "{}", path.display());
        }
    }
}

#[test]
fn reports_have_headings_tables_and_furniture() {
    let mut headings = 0;
    let mut tables = 0;
    let mut page_numbers = 0;
    for path in super::sample_pdfs() {
        let document = super::read(&path);
        assert!(document.meta.title.is_some(), "{} has no title", path.display());
        let count = |wanted: &dyn Fn(&yuanwen_parse::Block) -> bool| {
            document.blocks.iter().filter(|block| wanted(block)).count()
        };
        headings += count(&|block| matches!(block.kind, BlockKind::Heading(_)));
        tables += count(&|block| block.table().is_some());
        page_numbers += count(&|block| block.furniture == Some(Furniture::PageNumber));
    }
    assert!(
        headings >= 10 && tables >= 3 && page_numbers >= 5,
        "{headings} {tables} {page_numbers}"
    );
}
