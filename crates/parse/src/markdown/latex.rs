//! Formulas of LaTeX as the text they stand for.
//!
//! Converters from PDF set figures and units as formulas (`\( {8.3}\% \)`, `$5\mathrm{G}$`). What
//! such a formula shows is put in its place: letters and signs one by one, superscripts and
//! subscripts as Unicode has them, a fraction as `a/b`. Spaces of a formula mean nothing and are
//! dropped, save those inside `\text{…}`. A formula with a command that is not known here, an
//! environment or unbalanced braces is left as it stands.

/// A formula that is longer than this, in bytes, is left as it stands.
pub(super) const LONGEST: usize = 600;
/// Arguments inside arguments are read to this depth.
const DEEPEST: usize = 12;

/// The text that a formula shows, without its delimiters; `None` if that cannot be told.
pub(super) fn shown(formula: &str) -> Option<String> {
    if formula.len() > LONGEST {
        return None;
    }
    let mut reader = Reader { rest: formula, depth: 0 };
    let text = reader.until_end()?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl Reader<'_> {
    /// Reads to the end of the formula or of the group that it is in.
    fn until_end(&mut self) -> Option<String> {
        let mut out = String::new();
        let mut groups = 0;
        while let Some(ch) = self.rest.chars().next() {
            match ch {
                '}' if groups == 0 => return (self.depth > 0).then_some(out),
                '{' => groups += 1,
                '}' => groups -= 1,
                '\\' => {
                    self.command(&mut out)?;
                    continue;
                }
                '^' | '_' => {
                    self.step(ch);
                    let text = self.argument()?;
                    script(ch, &text, &mut out);
                    continue;
                }
                '~' => out.push(' '),
                '&' => return None,
                ch if ch.is_whitespace() => {}
                ch => out.push(ch),
            }
            self.step(ch);
        }
        (groups == 0 && self.depth == 0).then_some(out)
    }

    fn step(&mut self, ch: char) {
        self.rest = &self.rest[ch.len_utf8()..];
    }

    /// The next group in braces, command or single character.
    fn argument(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        let ch = self.rest.chars().next()?;
        if ch == '{' {
            if self.depth >= DEEPEST {
                return None;
            }
            self.step(ch);
            self.depth += 1;
            let text = self.until_end();
            self.depth -= 1;
            self.rest = self.rest.strip_prefix('}')?;
            return text;
        }
        let mut out = String::new();
        if ch == '\\' {
            self.command(&mut out)?;
        } else {
            self.step(ch);
            out.push(ch);
        }
        Some(out)
    }

    /// The text inside the next braces as it is, with its spaces.
    fn words(&mut self) -> Option<&str> {
        let inner = self.rest.trim_start().strip_prefix('{')?;
        let end = inner.find(['{', '}', '\\']).filter(|end| inner[*end..].starts_with('}'))?;
        self.rest = &inner[end + 1..];
        Some(&inner[..end])
    }

    fn command(&mut self, out: &mut String) -> Option<()> {
        self.step('\\');
        let letters =
            self.rest.find(|ch: char| !ch.is_ascii_alphabetic()).unwrap_or(self.rest.len());
        if letters == 0 {
            let ch = self.rest.chars().next()?;
            self.step(ch);
            match ch {
                '%' | '#' | '&' | '$' | '_' | '{' | '}' | '|' => out.push(ch),
                ' ' | '\\' => out.push(' '),
                ',' | ';' | ':' | '!' | '/' | '-' => {}
                _ => return None,
            }
            return Some(());
        }
        let name = &self.rest[..letters];
        self.rest = &self.rest[letters..];
        match name {
            "text" | "mbox" | "textrm" | "textbf" | "textit" | "hbox" => {
                match self.words().map(str::to_owned) {
                    Some(words) => out.push_str(&words),
                    None => out.push_str(&self.argument()?),
                }
            }
            "frac" | "dfrac" | "tfrac" => {
                let (above, below) = (self.argument()?, self.argument()?);
                out.push_str(&closed(&above));
                out.push('/');
                out.push_str(&closed(&below));
            }
            "sqrt" => {
                out.push('√');
                out.push_str(&closed(&self.argument()?));
            }
            "left" | "right" | "big" | "Big" | "bigl" | "bigr" => {
                // `\left.` stands for no bracket at all.
                if let Some(rest) = self.rest.trim_start().strip_prefix('.') {
                    self.rest = rest;
                }
            }
            "quad" | "qquad" | "space" => out.push(' '),
            _ if TRANSPARENT.contains(&name) => {}
            _ => out.push_str(SIGNS.iter().find(|(sign, _)| *sign == name)?.1),
        }
        Some(())
    }
}

/// A part of a fraction, in brackets if it is a sum or product.
fn closed(text: &str) -> String {
    if text.chars().all(|ch| ch.is_alphanumeric() || matches!(ch, '.' | '%')) {
        return text.to_owned();
    }
    format!("({text})")
}

/// Puts a superscript or subscript behind what it belongs to.
fn script(mark: char, text: &str, out: &mut String) {
    if matches!(text, "°" | "′" | "″" | "%" | "‰" | "*") {
        out.push_str(text);
        return;
    }
    let table = if mark == '^' { SUPERSCRIPTS } else { SUBSCRIPTS };
    let small: Option<String> = text
        .chars()
        .map(|ch| table.iter().find(|(plain, _)| *plain == ch).map(|(_, small)| *small))
        .collect();
    match small {
        Some(small) => out.push_str(&small),
        None if mark == '^' && out.ends_with(|ch: char| ch.is_ascii_digit()) => {
            out.push('^');
            out.push_str(text);
        }
        None => out.push_str(text),
    }
}

const SUPERSCRIPTS: &[(char, char)] = &[
    ('0', '⁰'),
    ('1', '¹'),
    ('2', '²'),
    ('3', '³'),
    ('4', '⁴'),
    ('5', '⁵'),
    ('6', '⁶'),
    ('7', '⁷'),
    ('8', '⁸'),
    ('9', '⁹'),
    ('+', '⁺'),
    ('-', '⁻'),
    ('n', 'ⁿ'),
];
const SUBSCRIPTS: &[(char, char)] = &[
    ('0', '₀'),
    ('1', '₁'),
    ('2', '₂'),
    ('3', '₃'),
    ('4', '₄'),
    ('5', '₅'),
    ('6', '₆'),
    ('7', '₇'),
    ('8', '₈'),
    ('9', '₉'),
    ('+', '₊'),
    ('-', '₋'),
];

/// Commands that change the look of what follows.
const TRANSPARENT: [&str; 26] = [
    "mathrm",
    "mathbf",
    "mathit",
    "mathsf",
    "mathtt",
    "mathbb",
    "mathcal",
    "mathfrak",
    "boldsymbol",
    "bm",
    "operatorname",
    "underline",
    "overline",
    "bar",
    "hat",
    "vec",
    "tilde",
    "rm",
    "bf",
    "it",
    "displaystyle",
    "textstyle",
    "limits",
    "nolimits",
    "mathop",
    "textsf",
];

const SIGNS: &[(&str, &str)] = &[
    ("times", "×"),
    ("div", "÷"),
    ("pm", "±"),
    ("mp", "∓"),
    ("cdot", "·"),
    ("ast", "*"),
    ("geq", "≥"),
    ("ge", "≥"),
    ("geqslant", "≥"),
    ("leq", "≤"),
    ("le", "≤"),
    ("leqslant", "≤"),
    ("gt", ">"),
    ("lt", "<"),
    ("gg", "≫"),
    ("ll", "≪"),
    ("neq", "≠"),
    ("ne", "≠"),
    ("approx", "≈"),
    ("sim", "~"),
    ("equiv", "≡"),
    ("propto", "∝"),
    ("infty", "∞"),
    ("partial", "∂"),
    ("sum", "∑"),
    ("prod", "∏"),
    ("int", "∫"),
    ("in", "∈"),
    ("cup", "∪"),
    ("cap", "∩"),
    ("rightarrow", "→"),
    ("to", "→"),
    ("longrightarrow", "→"),
    ("leftarrow", "←"),
    ("leftrightarrow", "↔"),
    ("Rightarrow", "⇒"),
    ("uparrow", "↑"),
    ("downarrow", "↓"),
    ("circ", "°"),
    ("degree", "°"),
    ("prime", "′"),
    ("angle", "∠"),
    ("perp", "⊥"),
    ("parallel", "∥"),
    ("mid", "|"),
    ("vert", "|"),
    ("colon", ":"),
    ("ldots", "…"),
    ("cdots", "…"),
    ("dots", "…"),
    ("bullet", "•"),
    ("square", "□"),
    ("Box", "□"),
    ("blacksquare", "■"),
    ("boxtimes", "☒"),
    ("checkmark", "✓"),
    ("surd", "√"),
    ("triangle", "△"),
    ("blacktriangle", "▲"),
    ("star", "★"),
    ("dagger", "†"),
    ("yen", "¥"),
    ("log", "log"),
    ("ln", "ln"),
    ("lg", "lg"),
    ("max", "max"),
    ("min", "min"),
    ("sin", "sin"),
    ("cos", "cos"),
    ("tan", "tan"),
    ("lim", "lim"),
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("epsilon", "ε"),
    ("varepsilon", "ε"),
    ("eta", "η"),
    ("theta", "θ"),
    ("lambda", "λ"),
    ("mu", "μ"),
    ("pi", "π"),
    ("rho", "ρ"),
    ("sigma", "σ"),
    ("tau", "τ"),
    ("phi", "φ"),
    ("varphi", "φ"),
    ("omega", "ω"),
    ("Delta", "Δ"),
    ("Gamma", "Γ"),
    ("Theta", "Θ"),
    ("Lambda", "Λ"),
    ("Sigma", "Σ"),
    ("Phi", "Φ"),
    ("Omega", "Ω"),
];

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn formulas_as_the_text_they_stand_for() {
        let cases = [
            (r" {8.3}\% ", Some("8.3%")),
            (r" 5\mathrm{G} ", Some("5G")),
            (r"{2.5}\mathrm{{kW}}", Some("2.5kW")),
            (r"{10}\mathrm{{kW}}/\mathrm{{rack}}", Some("10kW/rack")),
            (r" - {005}\mathrm{\;L} - \mathrm{{CT}}{001} ", Some("-005L-CT001")),
            (r"{}^{1}", Some("¹")),
            (r"{10}^{-3}\,\mathrm{m}^2", Some("10⁻³m²")),
            (r"\mathrm{CO}_{2}", Some("CO₂")),
            (r"\geq {95}\%", Some("≥95%")),
            (r"1 \times 2", Some("1×2")),
            (r"{25}^{\circ}\mathrm{C}", Some("25°C")),
            (r"\text{营业 收入}\frac{a+b}{2}", Some("营业 收入(a+b)/2")),
            (r"\frac{1}{3}", Some("1/3")),
            (r"\left( {2021} \right)", Some("(2021)")),
            (r"\begin{array}{l}a\end{array}", None),
            (r"\unknown{a}", None),
            (r"{a", None),
            (r"a}", None),
            (r"\mathrm{}", None),
            (r"2^", None),
            (r"\", None),
        ];
        for (formula, expected) in cases {
            assert_eq!(shown(formula).as_deref(), expected, "{formula}");
        }
    }

    #[test]
    fn deep_formulas_end() {
        assert_eq!(shown(&"^{".repeat(200)), None);
        assert_eq!(shown(&"{".repeat(500)), None);
    }
}
