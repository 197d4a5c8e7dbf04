//! Bytes to text: byte order mark, valid UTF-8, what the file declares, or detection.
//!
//! UTF-8 is recognised by its own rules, and still when a few bytes are broken or a file was cut in
//! the middle of a character. What is left is decoded in each encoding that it may be in, and the
//! text that reads most like one wins: Chinese that is decoded wrongly turns into rare characters.
//! The measure (`plausibility`) knows the frequent characters by their place in the code tables:
//! level 1 of GB 2312 and of Big5 are the characters in daily use. A dozen characters are enough.
//!
//! Read are UTF-8, UTF-16 and UTF-32 (UTF-16 without a byte order mark too), GBK and GB 18030, Big5,
//! the encodings of Japanese and Korean and the single-byte ones that `chardetng` tells apart.
//! Bytes that stand for nothing become `�`, and are counted. Not read: HZ, UTF-7, EBCDIC.

use std::borrow::Cow;
use std::sync::LazyLock;

use encoding_rs::{BIG5, Encoding, GB18030, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

use crate::builder::Builder;
use crate::error::ParseError;

/// How much of a text is looked at for its encoding, in bytes.
const HEAD: usize = 64 * 1024;
/// UTF-8 has at most one broken sequence for as many characters of several bytes.
const WHOLE_TO_BROKEN: usize = 4;
/// More bytes than this in which nothing can be made out are no text.
const SHORT: usize = 64;
/// What a text scores at least.
const LEAST_PLAUSIBLE: f32 = -0.4;
/// UTF-16 without a byte order mark is told from other bytes from so many bytes on.
const LEAST_WIDE: usize = 8;
/// A text has at most one control character or `�` in so many characters.
const CHARS_TO_CONTROLS: usize = 20;

/// A text and how well it could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded<'a> {
    /// The text, without a byte order mark.
    pub(crate) text: Cow<'a, str>,
    /// How many pieces of the file stand for no character; `�` stands for each.
    pub(crate) broken: usize,
}

impl Decoded<'_> {
    /// Warns if a part could not be read.
    pub(crate) fn warn(&self, builder: &mut Builder) {
        match self.broken {
            0 => {}
            1 => builder.warn("one character could not be read; “�” stands in its place"),
            broken => builder
                .warn(format!("{broken} characters could not be read; “�” stands in their place")),
        }
    }
}

/// Decodes a text of which nothing is declared.
///
/// # Errors
/// If the bytes are no text in a known encoding.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ParseError> {
    Ok(decode_counted(bytes, None)?.text)
}

/// Decodes a text; `declared` is the label of an encoding that the file or its envelope names, for
/// example `gb2312`. A byte order mark and valid UTF-8 go before it, and an encoding in which the
/// text makes more sense.
///
/// # Errors
/// If the bytes are no text in a known encoding.
pub(crate) fn decode_as<'a>(
    bytes: &'a [u8],
    declared: Option<&str>,
) -> Result<Cow<'a, str>, ParseError> {
    Ok(decode_counted(bytes, declared)?.text)
}

/// As [`decode_as`], with the number of characters that could not be read.
///
/// # Errors
/// If the bytes are no text in a known encoding.
pub(crate) fn decode_counted<'a>(
    bytes: &'a [u8],
    declared: Option<&str>,
) -> Result<Decoded<'a>, ParseError> {
    if let Some(big_endian) = utf32_mark(bytes) {
        return checked(utf32(bytes, big_endian));
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return checked(read_in(encoding, &bytes[mark..]));
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return checked(read_in(encoding, bytes));
    }
    if bytes.contains(&0x1B) && memchr::memmem::find(bytes, b"\x1B$").is_some() {
        let read = read_in(ISO_2022_JP, bytes);
        if read.broken == 0 {
            return Ok(read);
        }
    }
    if mostly_utf8(bytes) {
        return checked(read_in(UTF_8, bytes));
    }
    let (encoding, score) = detected(bytes, declared);
    if bytes.len() > SHORT && score < LEAST_PLAUSIBLE {
        return Err(no_text());
    }
    checked(read_in(encoding, bytes))
}

fn read_in<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Decoded<'a> {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    let broken = if damaged { text.matches('\u{FFFD}').count() } else { 0 };
    Decoded { text, broken }
}

/// Refuses what is no text: many characters that nobody writes.
fn checked(read: Decoded<'_>) -> Result<Decoded<'_>, ParseError> {
    let odd = read.text.chars().filter(|ch| is_odd_control(*ch)).count() + read.broken;
    if odd > 1 && odd * CHARS_TO_CONTROLS > read.text.chars().count() {
        return Err(no_text());
    }
    Ok(read)
}

fn no_text() -> ParseError {
    ParseError::UnknownFormat("it is binary data; convert it to PDF".to_owned())
}

fn is_odd_control(ch: char) -> bool {
    // ESC begins the colours of a log; SUB ended files of DOS.
    ch.is_control() && !matches!(ch, '\t'..='\r' | '\u{1A}' | '\u{1B}' | '\u{85}')
}

/// Whether a byte order mark of UTF-32 stands in front: `Some(true)` for the big-endian one.
fn utf32_mark(bytes: &[u8]) -> Option<bool> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] => Some(false),
        [0, 0, 0xFE, 0xFF, ..] => Some(true),
        _ => None,
    }
}

fn utf32(bytes: &[u8], big_endian: bool) -> Decoded<'static> {
    let (words, rest) = bytes.as_chunks::<4>();
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut broken = usize::from(!rest.is_empty());
    for word in &words[1..] {
        let code = if big_endian { u32::from_be_bytes(*word) } else { u32::from_le_bytes(*word) };
        let ch = char::from_u32(code);
        broken += usize::from(ch.is_none());
        text.push(ch.unwrap_or('\u{FFFD}'));
    }
    Decoded { text: Cow::Owned(text), broken }
}

/// Whether bytes are a text in UTF-16 or UTF-32, whose ASCII characters have bytes that are zero.
pub(crate) fn is_wide(bytes: &[u8]) -> bool {
    utf32_mark(bytes).is_some()
        || matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])
        || utf16_without_mark(bytes).is_some()
}

/// UTF-16 by its zero bytes: the first or the second of the pairs that stand for ASCII, never both.
/// Where the pairs are not mostly ASCII, the rest must read like a text.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    if bytes.len() < LEAST_WIDE || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let (pairs, _) = bytes[..bytes.len().min(HEAD)].as_chunks::<2>();
    let high = pairs.iter().filter(|pair| pair[0] == 0).count();
    let low = pairs.iter().filter(|pair| pair[1] == 0).count();
    let (encoding, ascii) = match (high, low) {
        (0, 1..) => (UTF_16LE, low),
        (1.., 0) => (UTF_16BE, high),
        _ => return None,
    };
    let read = read_in(encoding, pairs.as_flattened());
    // The sample may end between the two halves of a rare character.
    let sound = read.broken <= 1;
    let plausible = ascii * 2 > pairs.len() || plausibility(&read.text) > 0.0;
    (sound && plausible && checked(read).is_ok()).then_some(encoding)
}

/// Whether a text is UTF-8, a few broken bytes and a cut at its end allowed.
fn mostly_utf8(bytes: &[u8]) -> bool {
    if std::str::from_utf8(bytes).is_ok() {
        return true;
    }
    let (mut whole, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|ch| !ch.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole > broken.saturating_mul(WHOLE_TO_BROKEN)
}

/// The encoding of bytes that are not UTF-8, and how much the text reads like one.
fn detected(bytes: &[u8], declared: Option<&str>) -> (&'static Encoding, f32) {
    let head = &bytes[..bytes.len().min(HEAD)];
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(head, head.len() == bytes.len());
    let guess = detector.guess(None, chardetng::Utf8Detection::Deny);
    let declared = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let mut best = (guess, f32::NEG_INFINITY);
    // Of equals the first is taken.
    for encoding in declared.into_iter().chain([guess, GB18030, BIG5, UTF_16LE, UTF_16BE]) {
        let wide = encoding == UTF_16LE || encoding == UTF_16BE;
        if wide && head.len() % 2 == 1 {
            continue;
        }
        let mut score = plausibility(&read_in(encoding, head).text);
        if Some(encoding) == declared {
            score += DECLARED;
        } else if encoding == guess {
            score += GUESSED;
        }
        if score > best.1 {
            best = (encoding, score);
        }
    }
    best
}

/// What it weighs that a file names its encoding, and that the frequencies of letters speak for it.
const DECLARED: f32 = 0.3;
const GUESSED: f32 = 0.1;

/// How much a text reads like one, from −4 (rubbish) to 1 (Chinese in daily use), per character
/// outside ASCII.
fn plausibility(text: &str) -> f32 {
    let mut sum = 0.0;
    let mut count = 0;
    for ch in text.chars().filter(|ch| !ch.is_ascii() || is_odd_control(*ch)) {
        count += 1;
        sum += weight(ch);
    }
    if count == 0 { 0.1 } else { sum / count as f32 }
}

fn weight(ch: char) -> f32 {
    match ch {
        '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' => -4.0,
        // Punctuation and full-width forms.
        '\u{3000}'..='\u{3017}' | '\u{FF01}'..='\u{FF5E}' | '\u{2010}'..='\u{2026}' => 1.0,
        // Kana and Hangul.
        '\u{3041}'..='\u{30FE}' => 0.8,
        '\u{AC00}'..='\u{D7A3}' => 0.9,
        '\u{4E00}'..='\u{9FFF}' => match (FREQUENT.contains(ch), is_daily(ch)) {
            (true, _) => 1.0,
            (false, true) => 0.7,
            (false, false) => -1.0,
        },
        // Half-width kana, ideographs of the extensions, what EUC and GBK give for each other.
        '\u{FF61}'..='\u{FF9F}' | '\u{3400}'..='\u{4DBF}' | '\u{F900}'..='\u{FAFF}' => -1.0,
        _ if is_odd_control(ch) => -4.0,
        // Accented and foreign letters, signs.
        _ if ch.is_alphabetic() => 0.2,
        _ => 0.0,
    }
}

/// Whether a character stands in level 1 of GB 2312 or Big5: the characters in daily use.
fn is_daily(ch: char) -> bool {
    DAILY.binary_search(&ch).is_ok()
}

/// The characters of both levels 1, in order: the tables are read once, as looking up a
/// character's code in them is slow.
static DAILY: LazyLock<Vec<char>> = LazyLock::new(|| {
    let mut chars = Vec::with_capacity(10_000);
    for (encoding, first, last) in [(GB18030, 0xB0..=0xD7, 0xA1), (BIG5, 0xA4..=0xC6, 0x40)] {
        for lead in first {
            for trail in last..=0xFE {
                let code = [lead, trail];
                let text = encoding.decode_without_bom_handling(&code).0;
                chars.extend(text.chars().filter(|ch| !ch.is_ascii() && *ch != '\u{FFFD}'));
            }
        }
    }
    chars.sort_unstable();
    chars.dedup();
    chars
});

/// Characters that make up more than a third of Chinese texts, simplified and traditional.
const FREQUENT: &str = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发\
    年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现\
    实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重\
    新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提\
    直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手\
    角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志\
    世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至\
    達對個們這來時會為說國過發經動現進學種開長無問關體當與業實應從還兩員幾給見門間電樣後機區設義題\
    總決將營變處務網報據傳訊資歷鐵灣臺議類環際須頭線質條優樓場";

#[cfg(test)]
mod tests {
    use super::*;

    const SIMPLIFIED: [&str; 4] = [
        "远山通信2023年在雪岭新建基站一百二十座，覆盖率提高到98.6%。",
        "营业收入\t净利润\t同比增长\n12,345.67\t890\t5.2%\n合计\t一百\t九十\n",
        "松涛岛海底光缆已经修复，客户服务恢复正常。",
        "一、总则\r\n（一）为规范合同管理，制定本办法。\r\nAPI v2.0 接口说明：GET /v1/users?id=7",
    ];
    const TRADITIONAL: [&str; 3] = [
        "遠山通信2023年在雪嶺新建基地臺一百二十座，涵蓋率提高到98.6%。",
        "營業收入\t淨利\t年增率\n12,345.67\t890\t5.2%\n",
        "松濤島海底電纜已經修復，客戶服務恢復正常運作。",
    ];

    fn twin(encoding: &'static Encoding, text: &str) {
        let (bytes, _, lossy) = encoding.encode(text);
        assert!(!lossy, "{text}");
        assert_eq!(decode(&bytes).as_deref(), Ok(text), "{}", encoding.name());
    }

    #[test]
    fn a_text_is_the_same_in_every_encoding() {
        for text in SIMPLIFIED {
            twin(encoding_rs::GBK, text);
            twin(GB18030, text);
        }
        for text in TRADITIONAL {
            twin(BIG5, text);
            twin(GB18030, text);
        }
        twin(GB18030, "雪岭的𠀀字和㐂字都是罕用字，远山通信的系统能显示。");
        twin(encoding_rs::EUC_JP, "遠山通信は雪嶺に新しい基地局を建設しました。");
        twin(encoding_rs::SHIFT_JIS, "遠山通信は雪嶺に新しい基地局を建設しました。");
        twin(encoding_rs::EUC_KR, "통신 회사는 새로운 기지국을 건설하였습니다.");
        twin(encoding_rs::WINDOWS_1252, "Le café coûte déjà très cher à Besançon, paraît-il.");
    }

    #[test]
    fn short_texts_of_common_words() {
        for text in SIMPLIFIED {
            let short: String = text.chars().take(20).collect();
            twin(encoding_rs::GBK, &short);
        }
        for text in TRADITIONAL {
            let short: String = text.chars().take(20).collect();
            twin(BIG5, &short);
        }
        for name in ["新建文件夹", "远山通信年报.pdf", "合同（终稿）.docx"] {
            twin(encoding_rs::GBK, name);
        }
    }

    #[test]
    fn utf16_and_utf32_with_a_mark_and_without() {
        for text in SIMPLIFIED.iter().chain(&TRADITIONAL) {
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            let wide: Vec<u8> = text.chars().flat_map(|ch| (ch as u32).to_le_bytes()).collect();
            for bytes in [
                little.clone(),
                big.clone(),
                [&[0xFF, 0xFE], &little[..]].concat(),
                [&[0xFE, 0xFF], &big[..]].concat(),
                [&[0xFF, 0xFE, 0, 0], &wide[..]].concat(),
                [&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat(),
            ] {
                assert_eq!(decode(&bytes).as_deref(), Ok(*text));
            }
        }
    }

    #[test]
    fn utf8_with_broken_bytes_is_still_utf8() {
        let text = SIMPLIFIED[2];
        let cut = decode_counted(&text.as_bytes()[..text.len() - 4], None).unwrap();
        assert_eq!((cut.broken, cut.text.starts_with("松涛岛海底")), (1, true));
        let mut bytes = text.as_bytes().to_vec();
        bytes.splice(9..9, [0xFF]);
        let read = decode_counted(&bytes, Some("gbk")).unwrap();
        assert_eq!((read.broken, &*read.text), (1, "松涛岛�海底光缆已经修复，客户服务恢复正常。"));
    }

    #[test]
    fn a_declared_encoding_counts_unless_the_text_speaks_against_it() {
        let (gbk, ..) = encoding_rs::GBK.encode(SIMPLIFIED[2]);
        for label in ["gb2312", "GBK", "gb18030", "big5", "iso-8859-1", "utf-8", "no such label"] {
            assert_eq!(decode_as(&gbk, Some(label)).as_deref(), Ok(SIMPLIFIED[2]), "{label}");
        }
        // Two characters alone could be anything.
        let (big5, ..) = BIG5.encode("資料");
        assert_eq!(decode_as(&big5, Some("big5")).as_deref(), Ok("資料"));
        assert_eq!(decode_as(b"caf\xE9 d\xE9j\xE0", Some("latin1")).as_deref(), Ok("café déjà"));
    }

    #[test]
    fn binary_data_is_refused() {
        let mut state = 1_u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(4096)
        .collect();
        assert!(matches!(decode(&noise), Err(ParseError::UnknownFormat(_))));
        assert!(decode(b"").is_ok());
        assert!(decode(b"\x1B[31mred\x1B[0m\n").is_ok());
    }
}
