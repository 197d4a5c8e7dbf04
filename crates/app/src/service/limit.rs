//! How often somebody may ask: a bucket of tokens for each key or address, filled at a steady rate.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// So many buckets are kept; then those that are full again are forgotten.
const MOST: usize = 65_536;

/// The buckets.
pub(crate) struct RateLimit<K> {
    /// Tokens a second.
    rate: f64,
    /// Tokens that a bucket holds.
    burst: f64,
    buckets: Mutex<HashMap<K, Bucket>>,
}

struct Bucket {
    tokens: f64,
    filled: Instant,
}

impl<K: Hash + Eq> RateLimit<K> {
    /// So many a second, and so many at once.
    pub(crate) fn new(rate: f64, burst: f64) -> Self {
        Self { rate, burst, buckets: Mutex::default() }
    }

    /// Takes a token. `Err` says after how many seconds there will be one.
    pub(crate) fn take(&self, who: K, now: Instant) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST {
            buckets.retain(|_, bucket| self.level(bucket, now) < self.burst);
        }
        let fresh = Bucket { tokens: self.burst, filled: now };
        let bucket = buckets.entry(who).or_insert(fresh);
        bucket.tokens = self.level(bucket, now);
        bucket.filled = now;
        if bucket.tokens < 1.0 {
            return Err(((1.0 - bucket.tokens) / self.rate).ceil().max(1.0) as u64);
        }
        bucket.tokens -= 1.0;
        Ok(())
    }

    /// Whether there is a token to take.
    pub(crate) fn has(&self, who: &K, now: Instant) -> bool {
        let buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.get(who).is_none_or(|bucket| self.level(bucket, now) >= 1.0)
    }

    fn level(&self, bucket: &Bucket, now: Instant) -> f64 {
        let since = now.saturating_duration_since(bucket.filled).as_secs_f64();
        (bucket.tokens + since * self.rate).min(self.burst)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_bucket_empties_and_fills() {
        let limit = RateLimit::new(2.0, 3.0);
        let begin = Instant::now();
        let take = |who, millis| limit.take(who, begin + Duration::from_millis(millis));
        assert_eq!([take("a", 0), take("a", 0), take("a", 0)], [Ok(()); 3]);
        assert_eq!(take("a", 0), Err(1));
        assert_eq!(take("b", 0), Ok(()));
        assert_eq!([take("a", 500), take("a", 500)], [Ok(()), Err(1)]);
        assert!(!limit.has(&"a", begin + Duration::from_millis(500)));
        assert!(limit.has(&"a", begin + Duration::from_secs(9)));
    }
}
