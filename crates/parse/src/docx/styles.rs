//! Styles of paragraphs and characters: what they say about headings, lists, captions and hidden
//! text, through the styles they are based on.

use std::collections::BTreeMap;

use crate::ooxml::{Element, Tree};

/// A chain of styles is followed this far.
const LONGEST_CHAIN: usize = 20;
/// The outline level of running text.
const BODY_TEXT: i64 = 9;

/// What a style is for, by the name that Word gives it in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A heading of this level, from 1.
    Heading(u8),
    /// The title of the document.
    Title,
    Subtitle,
    Caption,
    /// A line of a table of contents.
    Contents,
}

#[derive(Debug, Default)]
struct Style {
    role: Option<Role>,
    based_on: Option<String>,
    outline: Option<i64>,
    number: Option<i64>,
    level: Option<i64>,
    look: Look,
}

/// How a paragraph's text looks, as far as it is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) hidden: Option<bool>,
    pub(crate) bold: Option<bool>,
    pub(crate) centred: Option<bool>,
    /// In half points.
    pub(crate) size: Option<i64>,
}

impl Look {
    /// What the properties of a paragraph or a run say themselves.
    pub(crate) fn of(properties: Element<'_>) -> Self {
        let mut look = Self::default();
        for child in properties.children() {
            let on = || Some(child.val().is_none_or(|v| matches!(&*v, "1" | "true" | "on")));
            match child.name() {
                "vanish" => look.hidden = on(),
                "b" => look.bold = on(),
                "jc" => look.centred = Some(child.val().as_deref() == Some("center")),
                "sz" => look.size = child.number("val"),
                _ => {}
            }
        }
        look
    }

    /// This look where it says something, else the other one.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            hidden: self.hidden.or(other.hidden),
            bold: self.bold.or(other.bold),
            centred: self.centred.or(other.centred),
            size: self.size.or(other.size),
        }
    }
}

/// The number that a paragraph carries: a list and its level in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbered {
    pub(crate) list: i64,
    /// From 0; `None` if the list itself ties a level to the style.
    pub(crate) level: Option<i64>,
}

/// The styles of a document.
#[derive(Debug, Default)]
pub(crate) struct Styles {
    styles: BTreeMap<String, Style>,
    /// The style of paragraphs that name none.
    usual: Option<String>,
    /// The look of text that no style says anything about.
    pub(crate) base: Look,
}

impl Styles {
    /// Reads the part of the styles.
    pub(crate) fn read(tree: &Tree) -> Self {
        let mut styles = Self::default();
        let Some(root) = tree.root() else { return styles };
        if let Some(base) = root.path(&["docDefaults", "rPrDefault", "rPr"]) {
            styles.base = Look::of(base);
        }
        for style in root.all("style") {
            let Some(id) = style.attribute("styleId") else { continue };
            let paragraph = style.attribute("type").is_none_or(|kind| kind == "paragraph");
            if paragraph && style.flag("default") {
                styles.usual.get_or_insert_with(|| id.to_string());
            }
            styles.styles.insert(id.into_owned(), read_style(style));
        }
        styles
    }

    /// A style and those it is based on, the nearest first.
    fn chain(&self, id: Option<&str>) -> impl Iterator<Item = (&str, &Style)> + use<'_> {
        let get = |id: &str| self.styles.get_key_value(id);
        let first = id.or(self.usual.as_deref()).and_then(get);
        let chain =
            std::iter::successors(first, move |(_, style)| get(style.based_on.as_deref()?));
        chain.map(|(id, style)| (id.as_str(), style)).take(LONGEST_CHAIN)
    }

    /// What paragraphs of a style are; their own outline level, if they have one, goes first.
    pub(crate) fn role(&self, id: Option<&str>, outline: Option<i64>) -> Option<Role> {
        let level = |outline: i64| {
            let level = u8::try_from(outline.clamp(0, BODY_TEXT)).unwrap_or(0) + 1;
            (outline < BODY_TEXT).then_some(Role::Heading(level))
        };
        let named = self.chain(id).find_map(|(_, style)| style.role);
        if let Some(role @ (Role::Contents | Role::Caption)) = named {
            return Some(role);
        }
        if let Some(outline) = outline {
            return level(outline);
        }
        self.chain(id).find_map(|(_, style)| match (style.role, style.outline) {
            (Some(role @ (Role::Title | Role::Subtitle)), _) => Some(Some(role)),
            (_, Some(outline)) => Some(level(outline)),
            (role, None) => role.map(Some),
        })?
    }

    /// The number that paragraphs of a style carry, and the id of the style that says so.
    pub(crate) fn numbered(&self, id: Option<&str>) -> Option<(Numbered, &str)> {
        let level = self.chain(id).find_map(|(_, style)| style.level);
        let (id, style) = self.chain(id).find(|(_, style)| style.number.is_some())?;
        Some((Numbered { list: style.number?, level }, id))
    }

    /// How text of a style looks.
    pub(crate) fn look(&self, id: Option<&str>) -> Look {
        self.chain(id).fold(Look::default(), |look, (_, style)| look.or(style.look))
    }

    /// How text of a style of characters looks.
    pub(crate) fn run_look(&self, id: &str) -> Look {
        if self.styles.contains_key(id) { self.look(Some(id)) } else { Look::default() }
    }
}

fn read_style(style: Element<'_>) -> Style {
    let mut out = Style {
        role: style.child("name").and_then(Element::val).and_then(|name| role_of(&name)),
        based_on: style.child("basedOn").and_then(Element::val).map(Into::into),
        ..Style::default()
    };
    if let Some(properties) = style.child("pPr") {
        out.outline = properties.child("outlineLvl").and_then(|each| each.number("val"));
        let number = |name| properties.path(&["numPr", name]).and_then(|each| each.number("val"));
        out.number = number("numId");
        out.level = number("ilvl");
        out.look = Look::of(properties);
    }
    if let Some(properties) = style.child("rPr") {
        out.look = out.look.or(Look::of(properties));
    }
    out
}

/// The role of a style by its name. Word stores the English names of its own styles in every
/// language; other programs write what they show.
fn role_of(name: &str) -> Option<Role> {
    let name: String =
        name.chars().filter(|ch| !ch.is_whitespace()).collect::<String>().to_lowercase();
    let level = |rest: &str| rest.parse().ok().filter(|level| (1..=9).contains(level));
    if let Some(rest) = name.strip_prefix("heading").or_else(|| name.strip_prefix("标题"))
        && let Some(level) = level(rest)
    {
        return Some(Role::Heading(level));
    }
    if let Some(rest) = name.strip_prefix("toc").or_else(|| name.strip_prefix("目录"))
        && (rest.is_empty() || level(rest).is_some() || matches!(rest, "heading" | "标题"))
    {
        return Some(Role::Contents);
    }
    Some(match &*name {
        "title" | "标题" => Role::Title,
        "subtitle" | "副标题" => Role::Subtitle,
        "caption" | "题注" => Role::Caption,
        "contentsheading" | "tableoffigures" | "图表目录" => Role::Contents,
        _ => {
            let contents = name.strip_prefix("contents").and_then(level);
            return contents.map(|_: u8| Role::Contents);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_through_names_levels_and_what_styles_are_based_on() {
        let xml = "<s xmlns='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>\
            <style type='paragraph' default='1' styleId='a'><name val='Normal'/></style>\
            <style styleId='1'><name val='heading 1'/><basedOn val='a'/></style>\
            <style styleId='2'><name val='标题 2'/></style>\
            <style styleId='c'><name val='章'/><basedOn val='1'/></style>\
            <style styleId='n'><name val='正文1'/><basedOn val='1'/><pPr><outlineLvl val='9'/></pPr></style>\
            <style styleId='o'><name val='节'/><pPr><outlineLvl val='2'/></pPr></style>\
            <style styleId='t'><name val='Title'/></style>\
            <style styleId='k'><name val='题注'/></style>\
            <style styleId='i'><name val='toc 1'/><pPr><outlineLvl val='1'/></pPr></style>\
            <style styleId='x'><name val='甲'/><basedOn val='y'/></style>\
            <style styleId='y'><name val='乙'/><basedOn val='x'/></style></s>";
        let styles = Styles::read(&Tree::parse(xml.as_bytes()).unwrap());
        let cases = [
            (None, None, None),
            (None, Some(0), Some(Role::Heading(1))),
            (None, Some(9), None),
            (Some("1"), None, Some(Role::Heading(1))),
            (Some("1"), Some(9), None),
            (Some("1"), Some(3), Some(Role::Heading(4))),
            (Some("2"), None, Some(Role::Heading(2))),
            (Some("c"), None, Some(Role::Heading(1))),
            (Some("n"), None, None),
            (Some("o"), None, Some(Role::Heading(3))),
            (Some("t"), None, Some(Role::Title)),
            (Some("k"), Some(1), Some(Role::Caption)),
            (Some("i"), None, Some(Role::Contents)),
            (Some("x"), None, None),
            (Some("unheard"), None, None),
        ];
        for (id, outline, expected) in cases {
            assert_eq!(styles.role(id, outline), expected, "{id:?} {outline:?}");
        }
    }
}
