//! How a value is kept in a column: postcard, compressed with LZ4.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Encodes a value.
pub(crate) fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    // Serialising plain data into memory cannot fail; an empty blob reads back as damaged.
    let plain = postcard::to_stdvec(value).unwrap_or_default();
    lz4_flex::compress_prepend_size(&plain)
}

/// Decodes a value; `None` if the bytes are not what [`encode`] wrote.
pub(crate) fn decode<T: DeserializeOwned>(blob: &[u8]) -> Option<T> {
    let plain = lz4_flex::decompress_size_prepended(blob).ok()?;
    postcard::from_bytes(&plain).ok()
}
