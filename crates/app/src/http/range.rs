//! The header `Range` (RFC 9110, section 14): one range of bytes. Several, or other units, are
//! answered with the whole file, as the standard allows.

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Everything.
    All,
    /// The bytes from the first up to, not including, the second. Never empty.
    Part { from: u64, to: u64 },
    /// What the file does not have.
    Beyond,
}

/// Reads the header for a file of this length.
pub(super) fn range(header: Option<&str>, length: u64) -> Asked {
    let spec = header.and_then(|header| header.trim().strip_prefix("bytes="));
    let Some((first, last)) = spec.and_then(|spec| spec.trim().split_once('-')) else {
        return Asked::All;
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |text: &str| digits(text).then(|| text.parse::<u64>());
    let (from, to) = match (number(first), number(last)) {
        (Some(Ok(first)), Some(Ok(last))) if first <= last => {
            (first, length.min(last.saturating_add(1)))
        }
        (Some(Ok(first)), _) if last.is_empty() => (first, length),
        // The last so many bytes.
        (_, Some(Ok(last))) if first.is_empty() => (length.saturating_sub(last), length),
        _ => return Asked::All,
    };
    if from < to { Asked::Part { from, to } } else { Asked::Beyond }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        let part = |from, to| Asked::Part { from, to };
        for (header, expected) in [
            ("bytes=0-0", part(0, 1)),
            ("bytes=2-", part(2, 10)),
            ("bytes=2-99", part(2, 10)),
            ("bytes=-3", part(7, 10)),
            ("bytes=-99", part(0, 10)),
            ("bytes=10-", Asked::Beyond),
            ("bytes=-0", Asked::Beyond),
            ("bytes=5-2", Asked::All),
            ("bytes=0-1,4-5", Asked::All),
            ("lines=1-2", Asked::All),
            ("bytes=x-2", Asked::All),
            ("bytes=", Asked::All),
            ("bytes=99999999999999999999-", Asked::All),
        ] {
            assert_eq!(range(Some(header), 10), expected, "{header}");
        }
        assert_eq!(range(None, 10), Asked::All);
    }
}
