//! Characters of symbol fonts, which Office stores by their place in the font (U+F000 and up).

/// The character that a symbol font shows for a code; `None` if it is not known.
pub(crate) fn symbol(font: &str, code: u32) -> Option<char> {
    let at = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
    match font.to_ascii_lowercase().as_str() {
        "wingdings" => wingdings(at),
        "wingdings 2" => wingdings2(at),
        "wingdings 3" => wingdings3(at),
        "symbol" => greek(at),
        _ => char::from_u32(code).filter(|ch| !('\u{E000}'..='\u{F8FF}').contains(ch)),
    }
}

fn wingdings(at: u32) -> Option<char> {
    Some(match at {
        0x28 => '☎',
        0x2A => '✉',
        0x46 => '☞',
        0x4A => '☺',
        0x6C => '●',
        0x6D => '❍',
        0x6E => '■',
        0x6F | 0x71 | 0xA8 => '☐',
        0x75 | 0x74 => '◆',
        0x76 => '❖',
        0x77 => '◆',
        0x81..=0x8A => char::from_u32(0x2460 + at - 0x81)?,
        0x8C..=0x95 => char::from_u32(0x2776 + at - 0x8C)?,
        0x9F => '•',
        0xA1 => '○',
        0xA7 => '▪',
        0xAB => '★',
        0xD8 => '➢',
        0xDF => '←',
        0xE0 | 0xE8 => '→',
        0xE1 => '↑',
        0xE2 => '↓',
        0xFB => '✗',
        0xFC => '✓',
        0xFD => '☒',
        0xFE => '☑',
        _ => return None,
    })
}

fn wingdings2(at: u32) -> Option<char> {
    Some(match at {
        0x4F => '✗',
        0x50 => '✓',
        0x51 | 0x53 | 0x54 => '☒',
        0x52 => '☑',
        0x2A | 0xA3 => '☐',
        0x97 | 0x98 => '●',
        0x6A..=0x73 => char::from_u32(0x2460 + at - 0x6A)?,
        _ => return None,
    })
}

fn wingdings3(at: u32) -> Option<char> {
    Some(match at {
        0x66 => '←',
        0x67 => '→',
        0x68 => '↑',
        0x69 => '↓',
        0x70 => '▲',
        0x71 => '▼',
        0x74 => '◄',
        0x75 | 0x7D => '►',
        _ => return None,
    })
}

/// The font Symbol: Greek letters and signs of mathematics.
fn greek(at: u32) -> Option<char> {
    const UPPER: &str = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ";
    const LOWER: &str = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ";
    Some(match at {
        0x41..=0x5A => UPPER.chars().nth(at as usize - 0x41)?,
        0x61..=0x7A => LOWER.chars().nth(at as usize - 0x61)?,
        0xA3 => '≤',
        0xA5 => '∞',
        0xAC => '←',
        0xAD => '↑',
        0xAE => '→',
        0xAF => '↓',
        0xB0 => '°',
        0xB1 => '±',
        0xB3 => '≥',
        0xB4 => '×',
        0xB7 => '•',
        0xB8 => '÷',
        0xB9 => '≠',
        0xBB => '≈',
        0xC5 => '⊕',
        0xCE => '∈',
        0xD0 => '∠',
        0xD6 => '√',
        0xE5 => '∑',
        0x20..=0x7E => char::from_u32(at)?,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_ticks_and_letters() {
        let cases = [
            ("Wingdings", 0xF0FE, Some('☑')),
            ("wingdings", 0xA8, Some('☐')),
            ("Wingdings 2", 0xF052, Some('☑')),
            ("Wingdings 2", 0xF050, Some('✓')),
            ("Symbol", 0xF061, Some('α')),
            ("Symbol", 0xF0B4, Some('×')),
            ("宋体", 0x25A1, Some('□')),
            ("Unheard", 0xF012, None),
            ("Wingdings", 0xF001, None),
        ];
        for (font, code, expected) in cases {
            assert_eq!(symbol(font, code), expected, "{font} {code:X}");
        }
    }
}
