//! Tables of three operator's reports against a hand-checked transcription, which stands here
//! only as shapes and digests: the documents may not be copied. Skipped where they are not at
//! hand.

use std::path::PathBuf;

use yuanwen_parse::Block;

/// A table: the report, its place among the report's tables, rows, columns, filled cells, and the
/// digest of every cell's place and text.
const CHECKED: [(&str, usize, u32, u32, usize, u64); 11] = [
    ("AY01", 2, 12, 5, 59, 0x8378_8600_65fb_877d),
    ("AY01", 3, 5, 5, 24, 0x9007_a037_a348_2b51),
    ("AY01", 6, 7, 6, 42, 0xb249_8373_5b68_4745),
    ("AY01", 7, 6, 2, 12, 0x3e56_22b4_9bea_38b3),
    ("AY01", 8, 5, 4, 20, 0x0dc6_1149_6dc3_493d),
    ("AY03", 1, 3, 4, 11, 0xafc6_45df_aa79_d202),
    ("AY03", 2, 9, 4, 36, 0xd093_0e66_3d3c_8cb9),
    ("AY04", 1, 3, 4, 11, 0x47a9_b7de_aaa9_34f5),
    ("AY04", 2, 9, 3, 27, 0x5ea1_f26a_9c55_71b6),
    ("AY04", 3, 8, 3, 24, 0xb717_7a42_a797_caaa),
    ("AY04", 5, 13, 10, 79, 0x8680_22c4_31c0_9829),
];

fn corpus() -> Option<PathBuf> {
    let folder = super::root().join("../shared/bdci/docs");
    if !folder.is_dir() {
        println!("skipped: {} is not at hand", folder.display());
        return None;
    }
    Some(folder)
}

/// FNV-1a over rows, columns, spans and texts, so that a wrong cell, span or character shows.
fn digest(block: &Block) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut feed = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    for cell in block.table().into_iter().flat_map(|table| &table.cells) {
        for number in [cell.row, cell.column, cell.row_span, cell.column_span] {
            feed(&number.to_le_bytes());
        }
        feed(block.text[cell.range()].as_bytes());
    }
    hash
}

#[test]
fn tables_equal_their_transcription() {
    let Some(folder) = corpus() else { return };
    for (name, place, rows, columns, filled, expected) in CHECKED {
        let document = super::read(&folder.join(name).with_extension("pdf"));
        let tables = super::tables(&document);
        let block = tables[place];
        let table = block.table().expect("a table");
        let cells = table.cells.iter().filter(|cell| cell.start < cell.end).count();
        let found = (table.rows, table.columns, cells, digest(block));
        assert_eq!(found, (rows, columns, filled, expected), "{name}, table {place}");
    }
}

#[test]
fn a_file_encrypted_with_an_empty_password_opens() {
    let Some(folder) = corpus() else { return };
    let document = super::read(&folder.join("AZ10.pdf"));
    assert_eq!(document.pages.len(), 43);
    assert!(document.blocks.iter().map(|block| block.text.len()).sum::<usize>() > 20_000);
}

#[test]
#[ignore = "prints the digests, to be checked by hand against the pages"]
fn print_digests() {
    let Some(folder) = corpus() else { return };
    for name in ["AY01", "AY03", "AY04"] {
        let document = super::read(&folder.join(name).with_extension("pdf"));
        for (place, block) in super::tables(&document).iter().enumerate() {
            let table = block.table().expect("a table");
            let cells = table.cells.iter().filter(|cell| cell.start < cell.end).count();
            let first: String = block.text.chars().take(24).collect();
            println!(
                "(\"{name}\", {place}, {}, {}, {cells}, {:#018x}), // {first:?}",
                table.rows,
                table.columns,
                digest(block)
            );
        }
    }
}
