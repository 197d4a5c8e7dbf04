//! SentencePiece's map of characters: which strings are replaced by which.
//!
//! `precompiled_charsmap` is, in base64: u32 (little-endian), the length in bytes of a double-array
//! trie; the trie, u32 units; the replacements, each ended by a zero byte. A unit of the trie is
//! that of the library Darts-clone: bits 0–7 a label (and bit 31, set for a leaf), bit 8 whether a
//! leaf follows, bits 10–30 an offset, shifted by 8 more where bit 9 is set; a leaf's bits 0–30
//! are its value, here where the replacement begins.

/// The map.
#[derive(Debug, Clone, Default)]
pub(super) struct Charsmap {
    units: Vec<u32>,
    replacements: Vec<u8>,
}

impl Charsmap {
    /// Reads a map from base64.
    pub(super) fn read(base64: &str) -> Option<Self> {
        let bytes = decoded(base64)?;
        let (length, rest) = bytes.split_at_checked(4)?;
        let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
        let (trie, replacements) = rest.split_at_checked(length)?;
        let units = trie.chunks_exact(4).filter_map(|unit| unit.try_into().ok());
        let units = units.map(u32::from_le_bytes).collect();
        Some(Self { units, replacements: replacements.to_vec() })
    }

    /// Replaces what the map has, the longest entry first, and leaves the rest.
    pub(super) fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let taken = match self.longest(rest.as_bytes()) {
                Some((length, place)) if rest.is_char_boundary(length) => {
                    out.push_str(self.replacement(place));
                    length
                }
                _ => {
                    out.push(first);
                    first.len_utf8()
                }
            };
            rest = &rest[taken..];
        }
        out
    }

    /// The longest entry that a text begins with: its length, and where its replacement begins.
    fn longest(&self, text: &[u8]) -> Option<(usize, usize)> {
        let mut at = offset(*self.units.first()?);
        let mut found = None;
        // A zero byte is the label of units that nothing uses.
        for (place, &byte) in text.iter().take_while(|byte| **byte != 0).enumerate() {
            at ^= usize::from(byte);
            let Some(&unit) = self.units.get(at) else { break };
            if unit & 0x8000_00ff != u32::from(byte) {
                break;
            }
            at ^= offset(unit);
            if unit >> 8 & 1 == 1 {
                let value = self.units.get(at).map(|unit| unit & 0x7fff_ffff);
                found = value.map(|value| (place + 1, value as usize)).or(found);
            }
        }
        found
    }

    fn replacement(&self, place: usize) -> &str {
        let bytes = self.replacements.get(place..).unwrap_or_default();
        let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        std::str::from_utf8(&bytes[..end]).unwrap_or_default()
    }
}

fn offset(unit: u32) -> usize {
    ((unit >> 10) << ((unit & 0x200) >> 6)) as usize
}

/// Base64 of RFC 4648, with or without padding.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(u32::from(byte - b'A')),
        b'a'..=b'z' => Some(u32::from(byte - b'a') + 26),
        b'0'..=b'9' => Some(u32::from(byte - b'0') + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits: Vec<u8> = text.bytes().filter(|byte| !b"=\n\r".contains(byte)).collect();
    let mut out = Vec::with_capacity(digits.len() / 4 * 3 + 3);
    for group in digits.chunks(4) {
        let mut bits = 0;
        for place in 0..4 {
            bits = bits << 6 | group.get(place).map_or(Some(0), |byte| digit(*byte))?;
        }
        out.extend_from_slice(&bits.to_be_bytes()[1..group.len().max(1)]);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read() {
        for (text, expected) in
            [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg", "foob")]
        {
            assert_eq!(decoded(text).as_deref(), Some(expected.as_bytes()), "{text:?}");
        }
        assert_eq!(decoded("Z*"), None);
    }

    #[test]
    fn a_damaged_map_is_none_or_changes_nothing() {
        assert!(Charsmap::read("AAA").is_none());
        assert!(Charsmap::read("/////w==").is_none());
        let empty = Charsmap::read("AAAAAA==").expect("an empty map");
        assert_eq!(empty.apply("远山ａ"), "远山ａ");
    }
}
