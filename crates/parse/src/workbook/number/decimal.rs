//! A number's decimal digits, as a spreadsheet keeps and rounds them.

/// The magnitude of a number to 15 significant digits, as Excel has it (ECMA-376 leaves the
/// precision to IEEE 754; every spreadsheet shows at most 15 digits): `0.d₁d₂d₃… × 10^point`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: Vec<u8>,
    point: i32,
}

impl Decimal {
    /// The magnitude of a finite number.
    pub(super) fn of(value: f64) -> Self {
        let text = format!("{:.14e}", value.abs());
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let digits = mantissa.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect();
        let mut out = Self { digits, point: exponent.parse::<i32>().unwrap_or(0) + 1 };
        while out.digits.last() == Some(&0) {
            out.digits.pop();
        }
        if out.digits.is_empty() {
            out.point = 0;
        }
        out
    }

    pub(super) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// The power of ten of the first digit.
    pub(super) fn exponent(&self) -> i32 {
        if self.is_zero() { 0 } else { self.point - 1 }
    }

    /// The number times ten to a power.
    pub(super) fn shifted(mut self, places: i32) -> Self {
        if !self.is_zero() {
            self.point += places;
        }
        self
    }

    /// Rounded half up to so many decimals.
    pub(super) fn rounded(mut self, decimals: usize) -> Self {
        let keep = self.point + i32::try_from(decimals).unwrap_or(i32::MAX / 2);
        if keep < 0 {
            return Self { digits: Vec::new(), point: 0 };
        }
        let keep = keep as usize;
        if keep >= self.digits.len() {
            return self;
        }
        let up = self.digits[keep] >= 5;
        self.digits.truncate(keep);
        if up {
            self.raise();
        }
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            self.point = 0;
        }
        self
    }

    /// Adds one to the last digit.
    fn raise(&mut self) {
        for digit in self.digits.iter_mut().rev() {
            if *digit < 9 {
                *digit += 1;
                return;
            }
            *digit = 0;
        }
        self.digits.insert(0, 1);
        self.point += 1;
    }

    /// The digits before the point, without leading zeros: empty for a number below 1.
    pub(super) fn whole(&self) -> String {
        (0..self.point.max(0)).map(|at| self.digit(at)).collect()
    }

    /// So many digits behind the point.
    pub(super) fn fraction(&self, decimals: usize) -> String {
        let decimals = i32::try_from(decimals).unwrap_or(0);
        (self.point..self.point.saturating_add(decimals)).map(|at| self.digit(at)).collect()
    }

    /// The digits behind the point, as many as there are.
    pub(super) fn decimals(&self) -> usize {
        usize::try_from(self.digits.len() as i32 - self.point).unwrap_or(0)
    }

    fn digit(&self, at: i32) -> char {
        let digit = usize::try_from(at).ok().and_then(|at| self.digits.get(at));
        char::from(b'0' + digit.copied().unwrap_or(0))
    }
}

/// A number as the format `General` shows it in a wide column: at most 11 characters of digits and
/// point, whole numbers with up to 15 digits in full, others beyond that with an exponent.
pub(crate) fn general(value: f64) -> String {
    if !value.is_finite() {
        return "#NUM!".to_owned();
    }
    let decimal = Decimal::of(value);
    let sign = if value < 0.0 && !decimal.is_zero() { "-" } else { "" };
    let exponent = decimal.exponent();
    if (-5..15).contains(&exponent) {
        let kept = usize::try_from(9 - exponent.max(0)).unwrap_or(0);
        let shown = decimal.clone().rounded(kept);
        if !shown.is_zero() && (exponent >= -4 || shown == decimal) {
            return format!("{sign}{}", plain(&shown));
        }
    }
    if decimal.is_zero() {
        return "0".to_owned();
    }
    let mut mantissa = decimal.shifted(-exponent).rounded(5);
    let mut power = exponent;
    if mantissa.exponent() > 0 {
        mantissa = mantissa.shifted(-1);
        power += 1;
    }
    let direction = if power < 0 { '-' } else { '+' };
    format!("{sign}{}E{direction}{:02}", plain(&mantissa), power.abs())
}

/// A number without an exponent, with as many digits as it has.
fn plain(decimal: &Decimal) -> String {
    let whole = decimal.whole();
    let whole = if whole.is_empty() { "0" } else { &whole };
    match decimal.decimals() {
        0 => whole.to_owned(),
        count => format!("{whole}.{}", decimal.fraction(count)),
    }
}
