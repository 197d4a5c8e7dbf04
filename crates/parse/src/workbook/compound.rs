//! The streams of an OLE compound file (\[MS-CFB\]), in which Excel before 2007 keeps its workbook.

use crate::error::ParseError;

/// Sector numbers from here on are marks: end of chain, free, and so on.
const FIRST_MARK: u32 = 0xFFFF_FFFA;
/// Streams smaller than this lie in the stream of small sectors.
const SMALL: usize = 4096;
const SMALL_SECTOR: usize = 64;
/// The size of an entry of the directory.
const ENTRY: usize = 128;
/// Where the list of the table's sectors begins in the header, and how many it holds.
const LIST: usize = 76;
const LISTED: usize = 109;

/// An open compound file.
pub(super) struct Compound<'a> {
    bytes: &'a [u8],
    /// The size of a sector.
    sector: usize,
    /// For each sector the next one of its stream.
    table: Vec<u32>,
    small_table: Vec<u32>,
    /// The stream that small sectors lie in.
    small: Vec<u8>,
    directory: Vec<u8>,
}

impl<'a> Compound<'a> {
    /// Opens a file.
    ///
    /// # Errors
    /// If its header or its directory cannot be read.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, ParseError> {
        let shift = u16_at(bytes, 30).filter(|shift| matches!(shift, 9 | 12));
        let sector = 1 << shift.ok_or_else(|| damaged("its header is cut off"))?;
        let mut file = Self {
            bytes,
            sector,
            table: Vec::new(),
            small_table: Vec::new(),
            small: Vec::new(),
            directory: Vec::new(),
        };
        file.table = file.read_table();
        file.directory = file.stream_at(u32_at(bytes, 48).unwrap_or(FIRST_MARK));
        file.small_table = words(&file.stream_at(u32_at(bytes, 60).unwrap_or(FIRST_MARK)));
        let root = file.directory.get(..ENTRY).and_then(|root| u32_at(root, 116));
        let Some(root) = root else { return Err(damaged("its directory is missing")) };
        file.small = file.stream_at(root);
        Ok(file)
    }

    /// The content of a stream by its name; `None` if there is none.
    pub(super) fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let entry = self.directory.as_chunks::<ENTRY>().0.iter().find(|entry| {
            entry[66] == 2 && entry.starts_with(&wide) && entry[wide.len()..64].starts_with(&[0, 0])
        })?;
        let (start, size) = (u32_at(entry, 116)?, u32_at(entry, 120)? as usize);
        let mut out =
            if size < SMALL { self.small_stream_at(start) } else { self.stream_at(start) };
        out.truncate(size);
        Some(out)
    }

    /// The table of sectors: itself in sectors that the header lists, and those behind it.
    fn read_table(&self) -> Vec<u32> {
        let header = words(self.bytes.get(LIST..LIST + 4 * LISTED).unwrap_or_default());
        let mut parts: Vec<u32> = header.into_iter().filter(|at| *at < FIRST_MARK).collect();
        let mut next = u32_at(self.bytes, 68).unwrap_or(FIRST_MARK);
        let most = self.bytes.len() / self.sector;
        for _ in 0..most {
            let Some(list) = self.sector_at(next) else { break };
            let mut list = words(list);
            next = list.pop().unwrap_or(FIRST_MARK);
            parts.extend(list.into_iter().filter(|at| *at < FIRST_MARK));
        }
        // Each sector is in the table once: what lists more of them lists some again.
        parts.truncate(most);
        let sectors = parts.iter().map_while(|at| self.sector_at(*at));
        sectors.flat_map(words).collect()
    }

    fn sector_at(&self, at: u32) -> Option<&'a [u8]> {
        let start = (at as usize).checked_add(1)?.checked_mul(self.sector)?;
        let rest = self.bytes.get(start..).filter(|rest| !rest.is_empty())?;
        // The last one may be cut off.
        Some(&rest[..rest.len().min(self.sector)])
    }

    fn stream_at(&self, start: u32) -> Vec<u8> {
        let chain = chain(&self.table, start, self.bytes.len() / self.sector + 1);
        chain.map_while(|at| self.sector_at(at)).flatten().copied().collect()
    }

    fn small_stream_at(&self, start: u32) -> Vec<u8> {
        let sector = |at: u32| {
            let start = (at as usize).checked_mul(SMALL_SECTOR)?;
            let rest = self.small.get(start..)?;
            Some(&rest[..rest.len().min(SMALL_SECTOR)])
        };
        let chain = chain(&self.small_table, start, SMALL / SMALL_SECTOR);
        chain.map_while(sector).flatten().copied().collect()
    }
}

/// The sectors of a stream, `most` of them at most.
fn chain(table: &[u32], start: u32, most: usize) -> impl Iterator<Item = u32> {
    let next = |at: &u32| table.get(*at as usize).copied();
    std::iter::successors(Some(start), next).take_while(|at| *at < FIRST_MARK).take(most)
}

fn damaged(reason: &str) -> ParseError {
    ParseError::Damaged { format: "workbook", reason: reason.to_owned() }
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word)).collect()
}

/// A number at a place of some bytes, the low byte first.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let word = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_le_bytes(*word))
}

/// As [`u16_at`].
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let word = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*word))
}

/// As [`u16_at`].
pub(super) fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    let word = bytes.get(at..)?.first_chunk()?;
    Some(f64::from_le_bytes(*word))
}

/// A number in 30 bits: whole or the upper half of one with a point, a hundredfold or not
/// (\[MS-XLS\] 2.5.217, \[MS-XLSB\] 2.5.122).
pub(super) fn packed(bits: u32) -> f64 {
    let value = if bits & 2 == 0 {
        f64::from_bits(u64::from(bits & !3) << 32)
    } else {
        f64::from((bits as i32) >> 2)
    };
    if bits & 1 == 0 { value } else { value / 100.0 }
}

/// What a cell displays for an error.
pub(super) fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        0x2B => "#GETTING_DATA",
        _ => "#ERROR!",
    }
}
