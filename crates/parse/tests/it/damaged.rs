//! Damaged and hostile bytes give an error or a document, never a panic.

use std::panic::{AssertUnwindSafe, catch_unwind};

use yuanwen_parse::ParseError;
use yuanwen_parse::pdf::parse;

/// A small fixed generator (xorshift), so that a failing case can be run again.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.max(1) as u64) as usize
    }
}

fn mutate(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    match random.below(3) {
        0 => {
            for _ in 0..=random.below(40) {
                let at = random.below(bytes.len());
                bytes[at] ^= 1 << random.below(8);
            }
        }
        1 => bytes.truncate(random.below(bytes.len())),
        _ => {
            let from = random.below(bytes.len());
            let to = (from + random.below(400)).min(bytes.len());
            let piece = bytes[from..to].to_vec();
            let at = random.below(bytes.len());
            bytes.splice(at..at, piece);
        }
    }
    bytes
}

#[test]
fn mutated_files_never_panic() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for path in super::sample_pdfs() {
        let bytes = std::fs::read(&path).expect("a sample");
        for case in 0..60 {
            let mutated = mutate(&bytes, &mut random);
            let outcome = catch_unwind(AssertUnwindSafe(|| parse(mutated)));
            assert!(outcome.is_ok(), "{} panicked on case {case}", path.display());
        }
    }
}

#[test]
fn what_is_no_pdf_says_so() {
    for bytes in
        [&b""[..], b"%PDF-1.7", b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj", b"PK\x03\x04"]
    {
        assert!(matches!(parse(bytes.to_vec()), Err(ParseError::DamagedPdf(_))), "{bytes:?}");
    }
}

#[test]
fn a_structure_tree_that_contains_itself_ends() {
    let pdf = b"%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R/StructTreeRoot 4 0 R/Outlines 5 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>> endobj
4 0 obj <</Type/StructTreeRoot/K[4 0 R 4 0 R]/S/Sect>> endobj
5 0 obj <</First 6 0 R>> endobj
6 0 obj <</Title(a)/Next 6 0 R/First 6 0 R>> endobj
trailer <</Root 1 0 R>>
%%EOF";
    let document = parse(pdf.to_vec()).expect("a readable file");
    assert_eq!(document.pages.len(), 1);
}
