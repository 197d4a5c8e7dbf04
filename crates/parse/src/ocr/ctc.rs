//! What a line says: the output of a recognition network to characters.
//!
//! The network is a CRNN (Shi and others, arXiv 1507.05717) trained with connectionist temporal
//! classification (Graves and others, 2006): for each step along the line a probability for each
//! character and for "none". The best path is read off: the likeliest at each step, repeats
//! without a "none" between them taken as one.

/// A character and where along the line it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Step {
    pub(crate) ch: char,
    /// Its centre, as a share of the line's length.
    pub(crate) at: f32,
    /// How likely it is.
    pub(crate) confidence: f32,
}

/// Reads the best path; `classes` probabilities for each step, the first of them "none" and the
/// others those of `alphabet`.
pub(crate) fn decode(probabilities: &[f32], classes: usize, alphabet: &[char]) -> Vec<Step> {
    if classes == 0 {
        return Vec::new();
    }
    let steps = probabilities.len() / classes;
    let mut out: Vec<Step> = Vec::new();
    let mut last = 0;
    // The weighted sum of places and the weights of the character that is being read.
    let mut sum = (0.0, 0.0);
    for (step, row) in probabilities.chunks_exact(classes).enumerate() {
        let (best, likely) = likeliest(row);
        let at = (step as f32 + 0.5) / steps as f32;
        let known = best.checked_sub(1).and_then(|i| alphabet.get(i));
        if let Some(&ch) = known {
            if best == last {
                sum = (sum.0 + at * likely, sum.1 + likely);
            } else {
                out.push(Step { ch, at, confidence: likely });
                sum = (at * likely, likely);
            }
            if let Some(open) = out.last_mut() {
                open.at = if sum.1 > 0.0 { sum.0 / sum.1 } else { at };
                open.confidence = open.confidence.max(likely);
            }
        }
        last = best;
    }
    out
}

fn likeliest(row: &[f32]) -> (usize, f32) {
    let mut best = (0, f32::MIN);
    for (i, value) in row.iter().enumerate() {
        if *value > best.1 {
            best = (i, *value);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One step for each digit: 0 is "none", 1 and 2 are characters.
    fn read(path: &str) -> Vec<Step> {
        let mut probabilities = Vec::new();
        for digit in path.bytes() {
            let mut row = [0.1, 0.1, 0.1];
            row[usize::from(digit - b'0')] = 0.8;
            probabilities.extend(row);
        }
        decode(&probabilities, 3, &['海', '缆'])
    }

    fn text(path: &str) -> String {
        read(path).iter().map(|step| step.ch).collect()
    }

    #[test]
    fn repeats_are_one_character_unless_none_stands_between() {
        let cases = [("", ""), ("000", ""), ("1122", "海缆"), ("1012", "海海缆"), ("0110", "海")];
        for (path, expected) in cases {
            assert_eq!(text(path), expected, "{path}");
        }
    }

    #[test]
    fn a_character_stands_where_its_steps_are() {
        let steps = read("0110000020");
        assert!((steps[0].at - 0.2).abs() < 1e-4 && (steps[1].at - 0.85).abs() < 1e-4, "{steps:?}");
        assert!((steps[0].confidence - 0.8).abs() < 1e-4);
    }

    #[test]
    fn a_class_without_a_character_is_none() {
        assert_eq!(decode(&[0.0, 0.0, 1.0, 0.0], 4, &['海']), []);
        assert_eq!(decode(&[1.0], 0, &[]), []);
    }
}
