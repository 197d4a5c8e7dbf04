//! Characters that sound alike: the same syllable without its tone, or nearly so.
//!
//! Syllables come from the `pinyin` crate, whose table is made from the Unicode Han database and
//! checked by hand. Nearly the same are those that many speakers do not tell apart: zh and z, ch
//! and c, sh and s, l and n, f and h, and final n and ng.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use pinyin::ToPinyinMulti;

use crate::text::normalize::folded;

/// The basic block of Chinese characters.
const CHARACTERS: std::ops::RangeInclusive<char> = '\u{4e00}'..='\u{9fff}';

/// Characters with a syllable; simplified ones, as texts are folded.
fn by_syllable() -> &'static BTreeMap<&'static str, Vec<char>> {
    static TABLE: OnceLock<BTreeMap<&'static str, Vec<char>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: BTreeMap<&'static str, Vec<char>> = BTreeMap::new();
        let mut buffer = [0; 4];
        for ch in CHARACTERS {
            let own: &str = ch.encode_utf8(&mut buffer);
            if folded(own) == own {
                syllables(ch).into_iter().for_each(|one| table.entry(one).or_default().push(ch));
            }
        }
        table
    })
}

/// The syllables of a character, each once.
fn syllables(ch: char) -> Vec<&'static str> {
    let all = ch.to_pinyin_multi();
    let mut out: Vec<&str> = all.into_iter().flatten().map(|one| one.plain()).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// Characters that sound as this one does, and those that sound nearly so.
pub(super) fn alike(ch: char) -> (Vec<char>, Vec<char>) {
    let own = syllables(ch);
    let near: Vec<String> = own.iter().flat_map(|syllable| neighbours(syllable)).collect();
    let of = |syllables: &mut dyn Iterator<Item = &str>| {
        let mut out: Vec<char> =
            syllables.filter_map(|one| by_syllable().get(one)).flatten().copied().collect();
        out.sort_unstable();
        out.dedup();
        out.retain(|other| *other != ch);
        out
    };
    let same = of(&mut own.iter().copied());
    let mut nearly = of(&mut near.iter().map(String::as_str));
    nearly.retain(|other| same.binary_search(other).is_err());
    (same, nearly)
}

/// Syllables that are often taken for this one.
fn neighbours(syllable: &str) -> Vec<String> {
    const INITIALS: &[(&str, &str)] =
        &[("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"), ("f", "h")];
    let mut out = Vec::new();
    for (one, other) in INITIALS {
        if let Some(rest) = syllable.strip_prefix(one) {
            out.push(format!("{other}{rest}"));
        } else if let Some(rest) = syllable.strip_prefix(other) {
            out.push(format!("{one}{rest}"));
        }
    }
    for vowel in ["a", "e", "i"] {
        let (long, short) = (format!("{vowel}ng"), format!("{vowel}n"));
        if syllable.ends_with(&long) {
            out.push(syllable[..syllable.len() - 1].to_owned());
        } else if syllable.ends_with(&short) {
            out.push(format!("{syllable}g"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_sound_alike() {
        for (ch, same, nearly) in
            [('岭', "领令", "宁"), ('营', "赢应", "因"), ('算', "酸", ""), ('站', "战占", "赞")]
        {
            let found = alike(ch);
            assert!(same.chars().all(|one| found.0.contains(&one)), "{ch}: {:?}", found.0);
            assert!(nearly.chars().all(|one| found.1.contains(&one)), "{ch}: {:?}", found.1);
            assert!(!found.0.contains(&ch) && !found.1.contains(&ch));
        }
    }
}
