//! Leaves out what some models think aloud first, between `<think>` and `</think>`.

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// Takes text in pieces of any length, gives what is meant for the reader.
#[derive(Debug, Default)]
pub(super) struct Thought {
    held: String,
    is_over: bool,
}

impl Thought {
    /// What of this text is meant for the reader.
    pub(super) fn push(&mut self, text: &str) -> String {
        if self.is_over {
            return text.to_owned();
        }
        self.held += text;
        let begin = self.held.trim_start();
        if OPEN.starts_with(begin) {
            return String::new();
        }
        let spoken = if begin.starts_with(OPEN) {
            let Some(at) = begin.find(CLOSE) else { return String::new() };
            begin[at + CLOSE.len()..].to_owned()
        } else {
            begin.to_owned()
        };
        self.is_over = true;
        self.held.clear();
        spoken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thoughts_are_left_out() {
        for (text, expected) in [
            ("<think>嗯</think>甲", "甲"),
            ("\n<think>\n嗯\n</think>\n甲", "\n甲"),
            ("甲<think>", "甲<think>"),
            ("<b>甲", "<b>甲"),
            ("<think>没有完", ""),
        ] {
            for size in [1, 3, 99] {
                let mut thought = Thought::default();
                let chars: Vec<char> = text.chars().collect();
                let pieces =
                    chars.chunks(size).map(|chunk| thought.push(&chunk.iter().collect::<String>()));
                assert_eq!(pieces.collect::<String>(), expected);
            }
        }
    }
}
