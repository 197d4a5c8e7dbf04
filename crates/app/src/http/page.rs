//! Long lists, a page at a time.
//!
//! A cursor says behind which item the next page begins, not how many went before: what is added
//! or removed meanwhile neither repeats nor hides anything else.

use serde::Deserialize;
use utoipa::IntoParams;

use crate::service::{ApiError, Code};

/// So many items are given where nobody said.
const USUAL: u32 = 50;
/// More are not given at once.
pub(super) const MOST: u32 = 500;

/// Which page of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Paging {
    /// How many items to give at most [default: 50]
    #[param(minimum = 1, maximum = 500)]
    pub(super) limit: Option<u32>,
    /// The `next_cursor` of the page before
    #[param(pattern = "^([0-9a-f]{2})*$")]
    pub(super) cursor: Option<String>,
}

/// Checks how many items are asked for.
pub(super) fn limit(limit: Option<u32>) -> Result<usize, ApiError> {
    match limit.unwrap_or(USUAL) {
        limit @ 1..=MOST => Ok(limit as usize),
        _ => Err(ApiError::new(Code::InvalidParameter)
            .with("parameter", "limit")
            .with("reason", format!("give a number from 1 to {MOST}"))),
    }
}

/// A place in a list, as a cursor.
fn cursor(place: &[u8]) -> String {
    place.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The place that a cursor stands for.
fn place(cursor: &str) -> Result<Vec<u8>, ApiError> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).map(|digit| digit as u8);
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    };
    let bytes: Option<Vec<u8>> = cursor.as_bytes().chunks(2).map(byte).collect();
    bytes.ok_or_else(|| Code::InvalidCursor.into())
}

/// The items of a sorted list behind a cursor, at most `limit`, and the cursor of the next page.
/// `key` is where an item stands: it rises in the list.
pub(super) fn page<T, K: AsRef<[u8]>>(
    items: impl IntoIterator<Item = T>,
    paging: &Paging,
    key: impl Fn(&T) -> K,
) -> Result<(Vec<T>, Option<String>), ApiError> {
    let most = limit(paging.limit)?;
    let behind = paging.cursor.as_deref().map(place).transpose()?;
    let is_before =
        |item: &T| behind.as_ref().is_some_and(|place| key(item).as_ref() <= place.as_slice());
    let mut rest = items.into_iter().skip_while(is_before);
    let page: Vec<T> = rest.by_ref().take(most).collect();
    let next = match rest.next() {
        Some(_) => page.last().map(|item| cursor(key(item).as_ref())),
        None => None,
    };
    Ok((page, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_join_without_gaps_when_the_list_changes() {
        let page = |items: &[&'static str], cursor: Option<String>| {
            let paging = Paging { limit: Some(2), cursor };
            super::page(items.to_vec(), &paging, |item| (*item).to_owned()).unwrap()
        };
        let (first, next) = page(&["a", "b", "c", "d"], None);
        assert_eq!(first, ["a", "b"]);
        let (second, next) = page(&["a", "c", "d"], next);
        assert_eq!((second, next), (vec!["c", "d"], None));
        for cursor in ["zz", "a", "+1", "é"] {
            assert!(place(cursor).is_err(), "{cursor}");
        }
        assert_eq!(place(&cursor("雪岭\0 1".as_bytes())).unwrap(), "雪岭\0 1".as_bytes());
    }
}
