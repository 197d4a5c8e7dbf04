//! What cannot be guessed: ids and secrets.

use ring::rand::{SecureRandom, SystemRandom};

use super::error::{ApiError, Code};

/// So many random bytes from the operating system.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], ApiError> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| ApiError::new(Code::Internal))?;
    Ok(bytes)
}

/// An id: what it is of, `_`, 24 hexadecimal digits.
pub(crate) fn id(of: &str) -> Result<String, ApiError> {
    Ok(format!("{of}_{}", hex(&bytes::<12>()?)))
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
