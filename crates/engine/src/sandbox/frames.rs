//! What parent and child say to each other: frames of a kind (one byte), a length (eight bytes,
//! little-endian) and so many bytes. File contents travel as they are, the rest as postcard.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};
use yuanwen_parse::Document;

use super::Picture;

/// A question or an answer, in postcard.
pub(super) const MESSAGE: u8 = 1;
/// The content of a file.
pub(super) const BYTES: u8 = 2;
/// The child is at work; its clock begins anew.
pub(super) const ALIVE: u8 = 3;

/// What a child is asked; the content of the file follows in a frame of its own.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Request {
    Parse { name: String },
    Draw { name: String, picture: Picture },
    Probe,
}

/// What a child answers. The bytes of the document's members follow, each in a frame of its own.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Reply {
    Document(Box<Document>),
    Picture(Vec<u8>),
    Probes(Vec<Probe>),
}

/// Something that was tried in a child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// What was tried.
    pub tried: String,
    /// Whether the fence stopped it.
    pub stopped: bool,
}

pub(super) fn write(out: &mut impl Write, kind: u8, bytes: &[u8]) -> io::Result<()> {
    out.write_all(&[kind])?;
    out.write_all(&(bytes.len() as u64).to_le_bytes())?;
    out.write_all(bytes)?;
    out.flush()
}

/// The next frame; an error of kind [`io::ErrorKind::InvalidData`] if it is larger than `most`.
pub(super) fn read(input: &mut impl Read, most: u64) -> io::Result<(u8, Vec<u8>)> {
    let mut head = [0; 9];
    input.read_exact(&mut head)?;
    let [kind, length @ ..] = head;
    let length = u64::from_le_bytes(length);
    if length > most {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = Vec::new();
    // Grows with what comes: a length alone takes no memory.
    bytes.try_reserve(length.min(1 << 20) as usize)?;
    if input.take(length).read_to_end(&mut bytes)? as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok((kind, bytes))
}

pub(super) fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    // Serialising plain data into memory cannot fail; nothing reads back as nothing.
    postcard::to_stdvec(value).unwrap_or_default()
}

pub(super) fn decode<T: for<'a> Deserialize<'a>>(bytes: &[u8]) -> io::Result<T> {
    postcard::from_bytes(bytes).map_err(|_| io::ErrorKind::InvalidInput.into())
}
