//! The user's files: `synonyms.txt` and `dictionary.txt` in the folder of a knowledge base.
//!
//! Both are UTF-8 text, a line each thing, `#` begins a comment. A line that cannot be used is
//! named with its file and number; all others are used.
//!
//! `synonyms.txt` has one group a line: words that stand for one another, separated by spaces,
//! tabs, commas, 、 or `=`. Where a line has any of the others, spaces belong to the words, so
//! that names of several words can be given. `a => b` says one way: a question that says a is
//! answered by a passage that says b, not the other way round; each side may have several.
//!
//! `dictionary.txt` has one word a line, and after a space or tab how much it counts (1 is usual).

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Phrase, Rule, Why, Word};

/// Files are read up to here.
const LARGEST: u64 = 8 * 1024 * 1024;
/// A group has at most so many words: each stands for each other one.
const MOST_IN_GROUP: usize = 64;
/// A weight lies between these.
const WEIGHTS: std::ops::RangeInclusive<f32> = 0.0..=10.0;

/// A line of a file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong, and what to do.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path.display(), self.what),
            line => write!(f, "{}:{line}: {}", self.path.display(), self.what),
        }
    }
}

/// The synonyms of a file, or of a text that stands in for it; a file that is not there has none.
pub(super) fn synonyms(
    path: &Path,
    instead: Option<&str>,
    problems: &mut Vec<Problem>,
) -> Vec<Rule> {
    let groups = each_line(path, instead, problems, |line| group(line, Why::Synonym));
    groups.into_iter().flatten().collect()
}

/// The words of a file, or of a text that stands in for it; a file that is not there has none.
pub(super) fn dictionary(
    path: &Path,
    instead: Option<&str>,
    problems: &mut Vec<Problem>,
) -> Vec<Word> {
    each_line(path, instead, problems, word)
}

fn each_line<T>(
    path: &Path,
    instead: Option<&str>,
    problems: &mut Vec<Problem>,
    read: impl Fn(&str) -> Result<T, String>,
) -> Vec<T> {
    let mut problem = |line, what| problems.push(Problem { path: path.to_owned(), line, what });
    let bytes = match instead.map_or_else(|| bytes(path), |text| Ok(text.as_bytes().to_vec())) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            problem(0, format!("cannot be read: {error}"));
            return Vec::new();
        }
    };
    if bytes.len() as u64 > LARGEST {
        problem(0, format!("larger than {} MB; the rest is not used", LARGEST >> 20));
    }
    let mut out = Vec::new();
    for (at, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let Ok(line) = std::str::from_utf8(line) else {
            problem(at + 1, "not UTF-8; save the file as UTF-8".to_owned());
            continue;
        };
        let line = line.split('#').next().unwrap_or_default().trim_start_matches('\u{feff}').trim();
        if line.is_empty() {
            continue;
        }
        match read(line) {
            Ok(found) => out.push(found),
            Err(what) => problem(at + 1, what),
        }
    }
    out
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What a line of synonyms says.
pub(super) fn group(line: &str, why: Why) -> Result<Vec<Rule>, String> {
    let rule = |from: &Phrase, to: &Phrase| Rule { from: from.clone(), to: to.clone(), why };
    let sides: Vec<&str> = line.split("=>").collect();
    match sides.as_slice() {
        [all] => {
            let all = members(all)?;
            if all.len() < 2 {
                return Err("a group needs two different words or more".to_owned());
            }
            let pairs = all.iter().flat_map(|from| all.iter().map(move |to| (from, to)));
            Ok(pairs.filter(|(from, to)| from != to).map(|(from, to)| rule(from, to)).collect())
        }
        [from, to] => {
            let (from, to) = (members(from)?, members(to)?);
            if from.is_empty() || to.is_empty() {
                return Err("a word is missing before or after =>".to_owned());
            }
            Ok(from.iter().flat_map(|from| to.iter().map(|to| rule(from, to))).collect())
        }
        _ => Err("more than one =>; write one line for each".to_owned()),
    }
}

/// The words of a group, each once.
pub(super) fn members(text: &str) -> Result<Vec<Phrase>, String> {
    const MARKS: [char; 6] = [',', '，', '、', '=', '＝', '\t'];
    let by_marks = text.contains(MARKS);
    let separates = |ch: char| if by_marks { MARKS.contains(&ch) } else { ch.is_whitespace() };
    let mut out: Vec<Phrase> = Vec::new();
    for member in text.split(separates).map(str::trim).filter(|member| !member.is_empty()) {
        let member = Phrase::new(member).ok_or_else(|| {
            format!("“{member}” has punctuation inside, or no letter, character or digit")
        })?;
        if !out.contains(&member) {
            out.push(member);
        }
    }
    match out.len() {
        many if many > MOST_IN_GROUP => {
            Err(format!("{many} words in one group; at most {MOST_IN_GROUP} are possible"))
        }
        _ => Ok(out),
    }
}

/// What a line of the dictionary says.
fn word(line: &str) -> Result<Word, String> {
    let (text, weight) = match line.rsplit_once(char::is_whitespace) {
        Some((text, weight)) if weight.starts_with(|ch: char| ch.is_ascii_digit() || ch == '-') => {
            let read = weight.parse::<f32>().ok().filter(|weight| WEIGHTS.contains(weight));
            let wrong = || format!("the weight “{weight}” is not a number from 0 to 10");
            (text.trim(), read.ok_or_else(wrong)?)
        }
        _ => (line, 1.0),
    };
    let phrase = Phrase::new(text)
        .filter(|phrase| phrase.text.chars().count() > 1)
        .ok_or_else(|| format!("“{text}” is not a word of two characters or more"))?;
    Ok(Word { phrase, weight })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_synonyms() {
        for (line, expected) in [
            ("营收 营业收入", Ok(vec![("营收", "营业收入"), ("营业收入", "营收")])),
            ("抢修=修复", Ok(vec![("抢修", "修复"), ("修复", "抢修")])),
            (
                "远山通信, FM Telecom",
                Ok(vec![("远山通信", "fmtelecom"), ("fmtelecom", "远山通信")]),
            ),
            ("基站 => 铁塔、机房", Ok(vec![("基站", "铁塔"), ("基站", "机房")])),
            ("營收 营收", Err("two different")),
            ("营收", Err("two different")),
            ("营收 =>", Err("missing")),
            ("a => b => c", Err("more than one")),
            ("甲，。！", Err("no letter")),
        ] {
            match (group(line, Why::Synonym), expected) {
                (Ok(rules), Ok(expected)) => {
                    let pairs: Vec<(&str, &str)> = rules
                        .iter()
                        .map(|rule| (rule.from.text.as_str(), rule.to.text.as_str()))
                        .collect();
                    assert_eq!(pairs, expected, "{line}");
                }
                (Err(what), Err(expected)) => assert!(what.contains(expected), "{line}: {what}"),
                (found, _) => panic!("{line}: {found:?}"),
            }
        }
    }

    #[test]
    fn lines_of_the_dictionary() {
        for (line, expected) in [
            ("云帆平台", Some(("云帆平台", 1.0))),
            ("云帆平台\t2.5", Some(("云帆平台", 2.5))),
            ("FM Telecom 0.5", Some(("fmtelecom", 0.5))),
            ("云帆平台 99", None),
            ("云帆平台 -1", None),
            ("云", None),
        ] {
            let found = word(line).ok();
            let found = found.as_ref().map(|word| (word.phrase.text.as_str(), word.weight));
            assert_eq!(found, expected, "{line}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_and_the_rest_used() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("synonyms.txt");
        let text =
            b"\xef\xbb\xbf# ours\r\n\xe7\x94\xb2 \xe4\xb9\x99\r\nalone\n\xff\xfe\nfoo bar # ok\n";
        std::fs::write(&path, text).expect("written");
        let mut problems = Vec::new();
        assert_eq!(synonyms(&path, None, &mut problems).len(), 4);
        let lines: Vec<usize> = problems.iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [3, 4]);
        assert!(problems[0].to_string().contains("synonyms.txt:3: "), "{}", problems[0]);
        assert!(synonyms(&dir.path().join("none"), None, &mut problems).is_empty());
        assert_eq!(problems.len(), 2);
        // A text stands in for the file, and has problems of its own.
        let mut problems = Vec::new();
        assert_eq!(synonyms(&path, Some("基站 站点\nalone"), &mut problems).len(), 2);
        assert_eq!((problems.len(), problems[0].line), (1, 2));
    }
}
