//! Strings of Excel before 2007 (\[MS-XLS\] 2.5.240, 2.5.293): in UTF-16 or its lower bytes, and
//! in several records where one is too short; before Excel 97 in the encoding of the system.

use encoding_rs::{Encoding, GBK, WINDOWS_1252};

use super::compound::{u16_at, u32_at};

/// The bytes of a record and of those that continue it.
pub(super) struct Pieces<'a> {
    pieces: &'a [&'a [u8]],
    at: usize,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(pieces: &'a [&'a [u8]]) -> Self {
        Self { pieces, at: 0 }
    }

    /// What is left of the first piece that has something left.
    fn rest(&mut self) -> Option<&'a [u8]> {
        while let [first, others @ ..] = self.pieces {
            if self.at < first.len() {
                return first.get(self.at..);
            }
            self.at -= first.len();
            self.pieces = others;
        }
        None
    }

    pub(super) fn skip(&mut self, count: usize) {
        self.at = self.at.saturating_add(count);
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let byte = *self.rest()?.first()?;
        self.at += 1;
        Some(byte)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        let word = u16_at(self.rest()?, 0)?;
        self.at += 2;
        Some(word)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        let word = u32_at(self.rest()?, 0)?;
        self.at += 4;
        Some(word)
    }

    /// A string whose length stands before it in two bytes.
    pub(super) fn string(&mut self) -> Option<String> {
        let count = self.u16()?;
        self.characters(usize::from(count))
    }

    /// A string of so many units, and what belongs to it.
    pub(super) fn characters(&mut self, count: usize) -> Option<String> {
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 { self.u16()? } else { 0 };
        let phonetic = if flags & 4 != 0 { self.u32()? } else { 0 };
        let text = self.units(count, flags & 1 != 0);
        self.skip(usize::from(runs) * 4);
        self.skip(phonetic as usize);
        Some(text)
    }

    /// So many units; each further piece says anew whether they have one byte or two.
    pub(super) fn units(&mut self, count: usize, mut wide: bool) -> String {
        let mut units: Vec<u16> = Vec::new();
        while units.len() < count {
            let last = self.pieces.len();
            let Some(mut rest) = self.rest() else { break };
            if self.pieces.len() < last {
                wide = rest[0] & 1 != 0;
                rest = &rest[1..];
                self.at += 1;
            }
            let missing = count - units.len();
            let before = units.len();
            if wide {
                let words = rest.as_chunks::<2>().0.iter().take(missing);
                units.extend(words.map(|word| u16::from_le_bytes(*word)));
                self.at += (units.len() - before) * 2;
            } else {
                units.extend(rest.iter().take(missing).map(|byte| u16::from(*byte)));
                self.at += units.len() - before;
            }
            if units.len() == before {
                // Half a unit, or nothing but the mark of a piece.
                self.at += rest.len();
            }
        }
        String::from_utf16_lossy(&units)
    }
}

/// The encoding of a code page of Windows; Chinese if it is not known.
pub(super) fn code_page(number: u16) -> &'static Encoding {
    let label = match number {
        367 | 1252 | 32769 => return WINDOWS_1252,
        874 => "windows-874",
        932 => "shift_jis",
        949 => "euc-kr",
        950 => "big5",
        1200 => "utf-16le",
        1250 => "windows-1250",
        1251 => "windows-1251",
        1253 => "windows-1253",
        1254 => "windows-1254",
        1255 => "windows-1255",
        1256 => "windows-1256",
        1257 => "windows-1257",
        1258 => "windows-1258",
        10000 | 32768 => "macintosh",
        _ => return GBK,
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(GBK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_in_one_record_and_in_several() {
        let wide =
            |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        let first = [&[4, 0, 1][..], &wide("甲乙")].concat();
        let second = [&[1][..], &wide("丙丁")].concat();
        let text = |pieces: &[&[u8]]| Pieces::new(pieces).string();
        assert_eq!(text(&[&first, &second]).as_deref(), Some("甲乙丙丁"));
        // The second record has one byte a unit.
        assert_eq!(text(&[&first, &[0, b'a', b'b']]).as_deref(), Some("甲乙ab"));
        // Runs of formatting and phonetic text behind it.
        let rich =
            [&[1, 0, 0x0D, 1, 0, 3, 0, 0, 0][..], &wide("甲"), &[9; 7], &[1, 0, 0, b'z']].concat();
        let pieces = [&rich[..]];
        let mut pieces = Pieces::new(&pieces);
        assert_eq!(pieces.string().as_deref(), Some("甲"));
        assert_eq!(pieces.string().as_deref(), Some("z"));
        assert_eq!(pieces.string(), None);
        for cut in [&[][..], &[9], &[9, 0], &[9, 0, 1], &[9, 0, 1, 0]] {
            assert!(text(&[cut, &[1]]).unwrap_or_default().chars().count() <= 1);
        }
    }
}
