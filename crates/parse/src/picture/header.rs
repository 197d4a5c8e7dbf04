//! What the header of a picture says that its decoder does not: the resolution, and the pages of
//! a TIFF file.
//!
//! Resolution stands in the JFIF segment of a JPEG (ISO/IEC 10918-5), in the `pHYs` chunk of a
//! PNG (ISO/IEC 15948) and in the tags of a TIFF directory (TIFF 6.0), which is also what Exif
//! data in a JPEG are.

/// More pages than this in a TIFF file are not read.
pub(crate) const MOST_PAGES: usize = 2000;
/// More entries than this in a directory are not looked at.
const MOST_ENTRIES: u16 = 1000;
const CENTIMETRES: f32 = 2.54;
const INCHES_OF_A_METRE: f32 = 0.0254;

const X_RESOLUTION: u16 = 282;
const RESOLUTION_UNIT: u16 = 296;

/// The resolution in dots an inch that a picture claims to have.
pub(crate) fn resolution(bytes: &[u8], directory: Option<u32>) -> Option<f32> {
    let dpi = match bytes {
        [0x89, b'P', b'N', b'G', ..] => png(bytes),
        [0xFF, 0xD8, ..] => jpeg(bytes),
        _ => Tiff::new(bytes)?.resolution(directory?),
    };
    dpi.filter(|dpi| dpi.is_finite() && *dpi > 0.0)
}

/// Where the directories of a TIFF file stand, one for each page; none for other formats.
pub(crate) fn directories(bytes: &[u8]) -> Vec<u32> {
    let Some(tiff) = Tiff::new(bytes) else { return Vec::new() };
    let mut found = Vec::new();
    let mut next = tiff.long(4);
    while let Some(at) = next.filter(|at| *at != 0)
        && found.len() <= MOST_PAGES
        && !found.contains(&at)
    {
        let Some(count) = tiff.short(at as usize) else { break };
        found.push(at);
        next = tiff.long(at as usize + 2 + 12 * usize::from(count));
    }
    found
}

/// The same file with another directory as its first.
pub(crate) fn lead_with(bytes: &mut [u8], directory: u32) {
    let little = bytes.first() == Some(&b'I');
    if let Some(first) = bytes.get_mut(4..8) {
        let place = if little { directory.to_le_bytes() } else { directory.to_be_bytes() };
        first.copy_from_slice(&place);
    }
}

/// Directories of tags, in either byte order.
struct Tiff<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl<'a> Tiff<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
        let little = match bytes.get(..4)? {
            [b'I', b'I', 42, 0] => true,
            [b'M', b'M', 0, 42] => false,
            _ => return None,
        };
        Some(Self { bytes, little })
    }

    fn short(&self, at: usize) -> Option<u16> {
        let bytes = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    fn long(&self, at: usize) -> Option<u32> {
        let bytes = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    /// Where the value of a tag stands in a directory's entry.
    fn value(&self, directory: u32, tag: u16) -> Option<usize> {
        let start = directory as usize;
        let count = self.short(start)?.min(MOST_ENTRIES);
        let entries = (0..usize::from(count)).map(|i| start + 2 + 12 * i);
        let mut own = entries.filter(|at| self.short(*at) == Some(tag));
        own.next().map(|at| at + 8)
    }

    fn resolution(&self, directory: u32) -> Option<f32> {
        let place = self.long(self.value(directory, X_RESOLUTION)?)? as usize;
        let dots = self.long(place)? as f32 / self.long(place.checked_add(4)?)? as f32;
        match self.value(directory, RESOLUTION_UNIT).and_then(|at| self.short(at)) {
            Some(1) => None,
            Some(3) => Some(dots * CENTIMETRES),
            _ => Some(dots),
        }
    }
}

fn png(bytes: &[u8]) -> Option<f32> {
    let mut at = 8_usize;
    loop {
        let word = |at: usize| {
            Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
        };
        let length = word(at)? as usize;
        match bytes.get(at + 4..at + 8)? {
            b"pHYs" if bytes.get(at + 16) == Some(&1) => {
                return Some(word(at + 8)? as f32 * INCHES_OF_A_METRE);
            }
            b"IDAT" | b"pHYs" => return None,
            _ => at = at.checked_add(length)?.checked_add(12)?,
        }
    }
}

fn jpeg(bytes: &[u8]) -> Option<f32> {
    let mut at = 2_usize;
    let mut exif = None;
    loop {
        let [0xFF, marker, high, low] = *bytes.get(at..at.checked_add(4)?)? else { return exif };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let segment = bytes.get(at + 4..at.checked_add(2)?.checked_add(length)?)?;
        match (marker, segment) {
            (0xE0, [b'J', b'F', b'I', b'F', 0, _, _, unit @ (1 | 2), high, low, ..]) => {
                let dots = f32::from(u16::from_be_bytes([*high, *low]));
                return Some(if *unit == 2 { dots * CENTIMETRES } else { dots });
            }
            (0xE1, [b'E', b'x', b'i', b'f', 0, 0, tiff @ ..]) => {
                exif = Tiff::new(tiff).and_then(|tiff| tiff.resolution(tiff.long(4)?));
            }
            (0xDA | 0xD9, _) => return exif,
            _ => {}
        }
        at = at.checked_add(2)?.checked_add(length)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A TIFF file of directories with a resolution each, and nothing else.
    fn tiff(resolutions: &[u32]) -> Vec<u8> {
        let mut bytes = b"II*\0".to_vec();
        bytes.extend(8_u32.to_le_bytes());
        for (i, dots) in resolutions.iter().enumerate() {
            let start = bytes.len() as u32;
            let last = i + 1 == resolutions.len();
            bytes.extend(1_u16.to_le_bytes());
            bytes.extend(X_RESOLUTION.to_le_bytes());
            bytes.extend(5_u16.to_le_bytes());
            bytes.extend(1_u32.to_le_bytes());
            bytes.extend((start + 18).to_le_bytes());
            bytes.extend(if last { 0 } else { start + 26 }.to_le_bytes());
            bytes.extend(dots.to_le_bytes());
            bytes.extend(1_u32.to_le_bytes());
        }
        bytes
    }

    #[test]
    fn each_page_of_a_tiff_has_its_own_resolution() {
        let mut bytes = tiff(&[300, 200]);
        let pages = directories(&bytes);
        assert_eq!(pages.len(), 2);
        let read = |bytes: &[u8], page| resolution(bytes, Some(page));
        assert_eq!((read(&bytes, pages[0]), read(&bytes, pages[1])), (Some(300.0), Some(200.0)));
        lead_with(&mut bytes, pages[1]);
        assert_eq!(directories(&bytes), [pages[1]]);
    }

    #[test]
    fn a_circle_of_directories_ends() {
        let mut bytes = tiff(&[300, 200]);
        let end = bytes.len() - 12;
        bytes[end..end + 4].copy_from_slice(&8_u32.to_le_bytes());
        assert_eq!(directories(&bytes).len(), 2);
        assert!(directories(b"II*\0\xFF\xFF\xFF\xFF").is_empty());
    }

    #[test]
    fn jpeg_and_png_say_their_resolution() {
        let jfif = b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\x01\x01\x2C\x01\x2C\0\0\xFF\xD9..";
        assert_eq!(resolution(jfif, None), Some(300.0));
        let mut exif = b"\xFF\xD8\xFF\xE1".to_vec();
        let directory = tiff(&[150]);
        exif.extend((directory.len() as u16 + 8).to_be_bytes());
        exif.extend(b"Exif\0\0");
        exif.extend(directory);
        exif.extend(b"\xFF\xDA\0\x02");
        assert_eq!(resolution(&exif, None), Some(150.0));
        let mut png = b"\x89PNG\r\n\x1A\n\0\0\0\x09pHYs".to_vec();
        png.extend([7874_u32.to_be_bytes(), 7874_u32.to_be_bytes()].concat());
        png.push(1);
        assert_eq!(resolution(&png, None).map(f32::round), Some(200.0));
        for bytes in
            [&b"\xFF\xD8"[..], b"\xFF\xD8\xFF\xE0\0\0", b"\x89PNG\r\n\x1A\n\xFF\xFF\xFF\xFF"]
        {
            assert_eq!(resolution(bytes, None), None);
        }
    }
}
