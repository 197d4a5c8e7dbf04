//! ZIP files as documents use them: parts by name, unpacked under limits.

use std::collections::BTreeMap;
use std::io::{Cursor, ErrorKind, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::encoding::decode;
use crate::error::ParseError;

/// All parts that are read of one file together may be this large unpacked, in bytes.
pub(crate) const MOST_UNPACKED: u64 = 256 << 20;
/// A file with more parts than this is not read.
const MOST_PARTS: usize = 50_000;

/// An open ZIP file.
pub(crate) struct Package<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    what: &'static str,
    /// The parts' names as they are shown, with `/` between folders, in the order of the file.
    names: Vec<String>,
    /// The parts by their names, and by these in small letters. Of two alike the first counts.
    by_name: BTreeMap<String, usize>,
    /// How many bytes may still be unpacked.
    left: u64,
}

impl<'a> Package<'a> {
    /// Opens a file; `what` is the format as a person says it, for messages.
    ///
    /// # Errors
    /// If it is no ZIP file or has too many parts.
    pub(crate) fn open(what: &'static str, bytes: &'a [u8]) -> Result<Self, ParseError> {
        let damaged =
            |error: ZipError| ParseError::Damaged { format: what, reason: error.to_string() };
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
        if zip.len() > MOST_PARTS {
            let parts = zip.len();
            return Err(ParseError::Limit(format!(
                "the {what} holds {parts} files, more than {MOST_PARTS}; split it"
            )));
        }
        let mut names = Vec::with_capacity(zip.len());
        for at in 0..zip.len() {
            let part = zip.by_index_raw(at).map_err(damaged)?;
            // Names in the encoding of the system that made it: GBK from a Chinese Windows.
            let raw = part.name_raw();
            let name = match decode(raw) {
                Ok(name) => name.into_owned(),
                Err(_) => String::from_utf8_lossy(raw).into_owned(),
            };
            names.push(name.replace('\\', "/"));
        }
        let mut by_name = BTreeMap::new();
        for (at, name) in names.iter().enumerate() {
            by_name.entry(name.clone()).or_insert(at);
        }
        for (at, name) in names.iter().enumerate() {
            by_name.entry(name.to_ascii_lowercase()).or_insert(at);
        }
        Ok(Self { zip, what, names, by_name, left: MOST_UNPACKED })
    }

    /// The names of the parts, in the order of the file. Folders end with `/`.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Unpacks a part by its name, without regard to a leading `/` and, if need be, to case;
    /// `None` if there is none.
    ///
    /// # Errors
    /// If it is damaged, protected, or the file unpacks to more than the limit.
    pub(crate) fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, ParseError> {
        let name = name.trim_start_matches('/');
        let same = self.by_name.get(name);
        let at = same.or_else(|| self.by_name.get(&name.to_ascii_lowercase())).copied();
        at.map(|at| self.read_at(at)).transpose()
    }

    /// Unpacks the part at a position of [`Package::names`].
    ///
    /// # Errors
    /// As [`Package::read`].
    pub(crate) fn read_at(&mut self, at: usize) -> Result<Vec<u8>, ParseError> {
        let what = self.what;
        let damaged = |reason: String| ParseError::Damaged { format: what, reason };
        let part = match self.zip.by_index(at) {
            Ok(part) => part,
            Err(ZipError::UnsupportedArchive(reason)) if reason == ZipError::PASSWORD_REQUIRED => {
                return Err(ParseError::Protected(what));
            }
            Err(error) => return Err(damaged(error.to_string())),
        };
        let too_much = || {
            ParseError::Limit(format!(
                "the {what} unpacks to more than {} MB; unpack or split it",
                MOST_UNPACKED >> 20
            ))
        };
        // What it says of its size is a hint, which saves growing; what it unpacks to counts.
        let hint = part.size().min(self.left + 1);
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(hint as usize).map_err(|_| too_much())?;
        match part.take(self.left + 1).read_to_end(&mut bytes) {
            Err(error) if error.kind() == ErrorKind::OutOfMemory => return Err(too_much()),
            Err(error) => return Err(damaged(format!("{}: {error}", self.names[at]))),
            Ok(_) if bytes.len() as u64 > self.left => return Err(too_much()),
            Ok(_) => {}
        }
        self.left -= bytes.len() as u64;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::SimpleFileOptions;

    use super::*;

    #[test]
    fn parts_by_name_and_a_bomb_ends_at_the_limit() {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("word/甲.xml", SimpleFileOptions::default()).unwrap();
        writer.write_all("正文".as_bytes()).unwrap();
        writer.start_file("bomb", SimpleFileOptions::default()).unwrap();
        let zeros = vec![0; 1 << 20];
        for _ in 0..=MOST_UNPACKED >> 20 {
            writer.write_all(&zeros).unwrap();
        }
        let bytes = writer.finish().unwrap().into_inner();
        assert!(bytes.len() < 1 << 20);
        let mut package = Package::open("test file", &bytes).unwrap();
        assert_eq!(package.names(), ["word/甲.xml", "bomb"]);
        assert_eq!(package.read("/Word/甲.xml").unwrap().unwrap(), "正文".as_bytes());
        assert_eq!(package.read("none").unwrap(), None);
        assert!(matches!(package.read("bomb"), Err(ParseError::Limit(_))));
        assert!(Package::open("test file", b"PK\x03\x04").is_err());
    }
}
