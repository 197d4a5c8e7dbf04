//! The tensors, written as a safetensors file.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::{Map, Value, json};

use super::Reader;

/// GGML's Q4_0 packs so many weights together, in so many bytes.
const BLOCK: usize = 32;
const BLOCK_BYTES: usize = 18;

/// The tensors of a file.
pub(super) struct Tensors<'a>(Vec<Tensor<'a>>);

struct Tensor<'a> {
    name: String,
    is_packed: bool,
    count: usize,
    bytes: &'a [u8],
}

impl<'a> Tensors<'a> {
    pub(super) fn read(reader: &mut Reader<'a>) -> Option<Self> {
        let count = reader.u32()?;
        let mut one = || {
            let length = reader.number::<2>()? as usize;
            let name = std::str::from_utf8(reader.take(length)?).ok()?;
            let kind = reader.number::<1>()?;
            let count = reader.u32()? as usize;
            let (from, length) = (reader.number::<8>()? as usize, reader.number::<8>()? as usize);
            let bytes = reader.bytes.get(from..from.checked_add(length)?)?;
            let expected = match kind {
                0 => count.checked_mul(4)?,
                1 if count.is_multiple_of(BLOCK) => count / BLOCK * BLOCK_BYTES,
                _ => return None,
            };
            let name = renamed(name);
            (length == expected).then_some(Tensor { name, is_packed: kind == 1, count, bytes })
        };
        (0..count).map(|_| one()).collect::<Option<_>>().map(Self)
    }

    /// Writes a safetensors file. Packed weights get 16 bits, the others keep their 32.
    pub(super) fn write(&self, path: &Path, width: usize, inner: usize) -> io::Result<()> {
        let mut header = Map::new();
        let mut end = 0;
        for tensor in &self.0 {
            let (kind, size) = if tensor.is_packed { ("F16", 2) } else { ("F32", 4) };
            let columns = if tensor.name.ends_with(".output.dense.weight")
                && !tensor.name.contains("attention")
            {
                inner
            } else {
                width
            };
            let is_table = tensor.is_packed || tensor.name.contains("embeddings.weight");
            let shape =
                if is_table { vec![tensor.count / columns, columns] } else { vec![tensor.count] };
            let begin = end;
            end += tensor.count * size;
            let place = json!({"dtype": kind, "shape": shape, "data_offsets": [begin, end]});
            header.insert(tensor.name.clone(), place);
        }
        let mut header = Value::Object(header).to_string();
        header.extend(std::iter::repeat_n(' ', header.len().next_multiple_of(8) - header.len()));
        let mut out = BufWriter::new(File::create(path)?);
        out.write_all(&(header.len() as u64).to_le_bytes())?;
        out.write_all(header.as_bytes())?;
        for tensor in &self.0 {
            tensor.write(&mut out)?;
        }
        out.into_inner()?.sync_all()
    }
}

impl Tensor<'_> {
    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        if !self.is_packed {
            return out.write_all(self.bytes);
        }
        for block in self.bytes.chunks_exact(BLOCK_BYTES) {
            let mut values = [0; 2 * BLOCK];
            let scale = u16::from_le_bytes([block[0], block[1]]);
            let (low, high) = values.split_at_mut(BLOCK);
            let places = low.chunks_exact_mut(2).zip(high.chunks_exact_mut(2));
            for ((low, high), byte) in places.zip(&block[2..]) {
                low.copy_from_slice(&times(scale, i32::from(byte & 15) - 8).to_le_bytes());
                high.copy_from_slice(&times(scale, i32::from(byte >> 4) - 8).to_le_bytes());
            }
            out.write_all(&values)?;
        }
        Ok(())
    }
}

/// A number of half precision times a small whole one, rounded to half precision; exactly where
/// the product needs no more than its 11 bits.
fn times(half: u16, by: i32) -> u16 {
    let (exponent, fraction) = (i32::from(half >> 10 & 31), u32::from(half & 1023));
    let negative = (half >> 15 == 1) != (by < 0);
    // The number is `whole` times 2 to the power of `exponent` − 25.
    let (mut whole, mut exponent) = match exponent {
        0 => (fraction, 1),
        _ => (fraction | 1024, exponent),
    };
    whole *= by.unsigned_abs();
    while whole >= 2048 {
        // To the nearest; a tie away from zero.
        whole = (whole + 1) >> 1;
        exponent += 1;
    }
    while whole < 1024 && exponent > 1 {
        whole <<= 1;
        exponent -= 1;
    }
    let exponent = if whole < 1024 { 0 } else { exponent.min(30) as u32 };
    (u32::from(negative) << 15 | exponent << 10 | whole & 1023) as u16
}

/// The name that a tensor has in published files.
fn renamed(name: &str) -> String {
    let (place, part) = name.split_once('.').unwrap_or((name, ""));
    let end = |part: &str| part.replace("w", "weight").replace("b", "bias");
    if place == "emb" {
        return match part {
            "word" => "embeddings.word_embeddings.weight".to_owned(),
            "pos" => "embeddings.position_embeddings.weight".to_owned(),
            "type" => "embeddings.token_type_embeddings.weight".to_owned(),
            _ => format!("embeddings.LayerNorm.{}", end(part.trim_start_matches("ln."))),
        };
    }
    let (part, last) = part.split_once('.').unwrap_or((part, ""));
    let full = match part {
        "q" => "attention.self.query",
        "k" => "attention.self.key",
        "v" => "attention.self.value",
        "ao" => "attention.output.dense",
        "aln" => "attention.output.LayerNorm",
        "fi" => "intermediate.dense",
        "fo" => "output.dense",
        "oln" => "output.LayerNorm",
        other => other,
    };
    format!("encoder.layer.{}.{full}.{}", place.trim_start_matches('l'), end(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_multiplied() {
        for (half, by, expected) in [
            (0x3c00, 0, 0x0000),  // 1 × 0
            (0x3c00, -8, 0xc800), // 1 × −8
            (0x3c00, 7, 0x4700),  // 1 × 7
            (0xbc00, -3, 0x4200), // −1 × −3
            (0x0001, 3, 0x0003),  // the least
            (0x03ff, 2, 0x07fe),  // out of the subnormal ones
            (0x3555, 3, 0x3c00),  // 0.33325 × 3 = 0.99976
        ] {
            assert_eq!(times(half, by) & 0x7fff, expected & 0x7fff, "{half:x} × {by}");
            assert!(times(half, by) >> 15 == expected >> 15 || expected == 0, "{half:x} × {by}");
        }
    }

    #[test]
    fn tensors_get_the_names_of_published_files() {
        for (name, expected) in [
            ("emb.word", "embeddings.word_embeddings.weight"),
            ("emb.ln.b", "embeddings.LayerNorm.bias"),
            ("l11.aln.w", "encoder.layer.11.attention.output.LayerNorm.weight"),
            ("l0.fo.b", "encoder.layer.0.output.dense.bias"),
        ] {
            assert_eq!(renamed(name), expected);
        }
    }
}
