//! The same text in the encodings of Chinese files gives the same blocks.

use yuanwen_parse::{BlockKind, Document, parse};

/// Reads one of `samples/formats`, under a name that does not give its encoding away.
fn read(name: &str) -> Document {
    let path = super::root().join("samples/formats").join(name);
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let extension = name.rsplit_once('.').expect("an extension").1;
    parse(&format!("a.{extension}"), bytes).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The kinds and texts of all blocks.
fn blocks(document: &Document) -> Vec<(BlockKind, String)> {
    document.blocks.iter().map(|block| (block.kind.clone(), block.text.clone())).collect()
}

#[test]
fn gbk_and_utf_16_give_the_blocks_of_their_twins() {
    for (twin, name) in [
        ("网络运行简报.txt", "网络运行简报.gbk.txt"),
        ("网络运行简报.html", "网络运行简报.gbk.html"),
        ("网络运行简报.csv", "网络运行简报.gbk.csv"),
        ("网络运行简报.txt", "网络运行简报.utf16.txt"),
        ("网络运行简报.csv", "网络运行简报.utf16.csv"),
    ] {
        assert_eq!(blocks(&read(name)), blocks(&read(twin)), "{name}");
    }
}

#[test]
fn big5_gives_the_blocks_of_its_twin() {
    for extension in ["txt", "html", "csv"] {
        let (twin, name) =
            (format!("網絡運行簡報.{extension}"), format!("網絡運行簡報.big5.{extension}"));
        assert_eq!(blocks(&read(&name)), blocks(&read(&twin)), "{name}");
    }
}

/// The twin in GB18030 has one paragraph, or row, more: of characters that take four bytes.
#[test]
fn gb18030_gives_the_blocks_of_its_twin_and_rare_characters() {
    let rare = "抢修记录由调度员杨㭎复核，原件存放在㵲水机房。";
    for extension in ["txt", "html"] {
        let name = format!("网络运行简报.gb18030.{extension}");
        let mut found = blocks(&read(&name));
        let at = found.iter().position(|(_, text)| text == rare);
        found.remove(at.unwrap_or_else(|| panic!("{name}: {found:?}")));
        assert_eq!(found, blocks(&read(&format!("网络运行简报.{extension}"))), "{name}");
    }
    let table = read("网络运行简报.gb18030.csv");
    assert!(table.blocks[0].text.ends_with(&format!("备注\t{rare}")), "{:?}", table.blocks);
}
