//! The sentences of a text, as byte ranges of it.
//!
//! A sentence ends behind 。！？!? or …… with the closing quotes and brackets that follow, at a
//! line break, and at a full stop between a Latin or numeric ending and a space. A semicolon
//! does not end one: the parts of an enumeration belong together. Ranges are trimmed of white
//! space at both ends and never empty; what lies between them is white space only.

use std::ops::Range;

/// The sentences of `text`, in order.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, ch)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let is_end = match ch {
            '。' | '！' | '？' | '!' | '?' | '\n' | '｡' => true,
            '…' => before == '…' && next.is_none_or(|next| next != '…'),
            '.' => {
                before.is_ascii_alphanumeric()
                    && next.is_none_or(char::is_whitespace)
                    && at - start > 12
            }
            _ => false,
        };
        before = ch;
        if !is_end {
            continue;
        }
        let mut end = at + ch.len_utf8();
        while let Some((_, close)) = chars.next_if(|(_, next)| is_closer(*next)) {
            end += close.len_utf8();
            before = close;
        }
        push(text, start..end, &mut out);
        start = end;
    }
    push(text, start..text.len(), &mut out);
    out
}

/// What may follow the end of a sentence and still belongs to it.
fn is_closer(ch: char) -> bool {
    matches!(
        ch,
        '”' | '’'
            | '」'
            | '』'
            | '）'
            | ')'
            | '】'
            | '》'
            | '〉'
            | '。'
            | '！'
            | '？'
            | '!'
            | '?'
            | '…'
    )
}

fn push(text: &str, range: Range<usize>, out: &mut Vec<Range<usize>>) {
    let slice = &text[range.clone()];
    let start = range.start + (slice.len() - slice.trim_start().len());
    let end = range.start + slice.trim_end().len();
    if start < end {
        out.push(start..end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_a_reader_says() {
        for (text, expected) in [
            ("甲说：“好。”乙走了。", vec!["甲说：“好。”", "乙走了。"]),
            ("一是快；二是稳。三是省", vec!["一是快；二是稳。", "三是省"]),
            ("增长 3.5%。 降 2.0 个点！！", vec!["增长 3.5%。", "降 2.0 个点！！"]),
            ("The network is open. It works.", vec!["The network is open.", "It works."]),
            ("第一行\n第二行", vec!["第一行", "第二行"]),
            ("等等……后来", vec!["等等……", "后来"]),
            ("  ", vec![]),
        ] {
            let found: Vec<_> = sentences(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected);
        }
    }
}
