//! The main content of a page: what is left when navigation, lists of links and widgets are gone.
//!
//! Three steps, from measures that no template decides. *Noise* is dropped where tag, role or class
//! says so, unless a good part of the page's running text is in it. From the root, the *core* is
//! found by going down into the child that holds the running text for as long as its siblings have
//! next to none, so that an article leaves its sidebar behind and a page of several sections stays
//! whole. In the core, parts that are mostly links, and boxes of a linked picture and figures, are
//! *pruned*. A page that has no running text but long links is a list: then the links are the text.
//!
//! Running text is text outside links that reads like a sentence; text in cells counts half, other
//! short text a quarter. See A. Finn et al., "Fact or Fiction: Content Classification for Digital
//! Libraries" (2001), and C. Kohlschütter et al., "Boilerplate Detection using Shallow Text
//! Features" (WSDM 2010), for text and link density.

use std::ops::Range;

use super::margin;
use super::table::is_layout;
use super::tree::{Node, Tree};
use super::walk::{is_hidden, is_note, is_silent};

/// Noise by its tag may hold this share of the page's running text, in percent; by its class this.
const NOISE_BY_TAG: u64 = 40;
const NOISE_BY_CLASS: u64 = 25;
/// A sibling of the core has no more running text than this, in percent of the core's; or so many
/// characters, if that is no more than the second share.
const MINOR_SHARE: u64 = 5;
const MINOR_TEXT: u64 = 25;
const MINOR_SHORT: u64 = 12;
/// From this share of characters in links on, in percent, a sibling is minor, and a part pruned.
const LINKED_SIBLING: u64 = 40;
const LINKED_PART: u64 = 55;
/// A part with less than so many links is no list of links.
const FEWEST_LINKS: u64 = 3;
/// Links of less characters than this are those of menus.
const MENU_LINK: u64 = 6;
/// A box of a picture and figures has at most so many characters.
const WIDGET: u64 = 150;

const NOISE_TAGS: [&str; 3] = ["nav", "footer", "aside"];
const NOISE_ROLES: [&str; 8] =
    ["navigation", "contentinfo", "banner", "complementary", "search", "menu", "menubar", "dialog"];
/// Words in class and id that name what surrounds an article.
const NOISE_WORDS: [&str; 78] = [
    "ad",
    "ads",
    "adv",
    "advert",
    "advertisement",
    "bdshare",
    "bdsharebuttonbox",
    "bottom",
    "breadcrumb",
    "breadcrumbs",
    "catlinks",
    "comment",
    "comments",
    "commentlist",
    "cookie",
    "copyright",
    "crumb",
    "crumbs",
    "dianzan",
    "disqus",
    "editsection",
    "ewm",
    "foot",
    "footer",
    "fenxiang",
    "gg",
    "guanggao",
    "hangqing",
    "hot",
    "hotnews",
    "hq",
    "jiathis",
    "kline",
    "leftnav",
    "login",
    "mbx",
    "menu",
    "nav",
    "navbar",
    "navbox",
    "navi",
    "navigation",
    "newsletter",
    "noprint",
    "pager",
    "pagination",
    "pinglun",
    "popup",
    "prevnext",
    "qrcode",
    "rank",
    "ranking",
    "recommend",
    "recommended",
    "recommends",
    "relate",
    "related",
    "relatednews",
    "respond",
    "share",
    "sharebar",
    "sharebox",
    "sharing",
    "sidebar",
    "sidenav",
    "skip",
    "social",
    "sponsor",
    "stock",
    "stocks",
    "subnav",
    "subscribe",
    "tags",
    "toolbar",
    "topnav",
    "tuijian",
    "weibo",
    "widget",
];
/// Elements that the core may be.
const CONTAINERS: [&str; 17] = [
    "html", "body", "main", "article", "section", "div", "center", "form", "table", "tbody", "tr",
    "td", "th", "font", "span", "fieldset", "frameset",
];

/// Sums over ranges of nodes.
struct Sums {
    /// Before each node, and at the end: characters, those in links, running text, links, and
    /// pictures in links.
    sums: Vec<Sum>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    chars: u64,
    linked: u64,
    good: u64,
    links: u64,
    pictures: u64,
    figures: u64,
}

impl Sums {
    /// `list` counts long links as running text.
    fn of(tree: &Tree<'_>, dropped: &[bool], list: bool) -> Self {
        let mut sum = Sum::default();
        let mut sums = Vec::with_capacity(tree.nodes.len() + 1);
        let (mut dropped_end, mut cell_end) = (0, 0);
        for (at, node) in tree.nodes.iter().enumerate() {
            sums.push(sum);
            if dropped[at] {
                dropped_end = dropped_end.max(node.end);
            }
            if matches!(node.name.as_ref(), "td" | "th") {
                cell_end = node.end;
            }
            if at < dropped_end {
                continue;
            }
            sum.links += u64::from(node.name == "a" && node.attribute("href").is_some());
            sum.pictures += u64::from(node.name == "img" && node.linked);
            let chars = node.text.chars().filter(|ch| !ch.is_whitespace()).count() as u64;
            sum.chars += chars;
            if node.linked {
                sum.linked += chars;
                sum.good += if list && chars > MENU_LINK { chars } else { 0 };
            } else if chars > 0 {
                sum.good += good(&node.text, chars, at < cell_end);
                sum.figures += figures(&node.text);
            }
        }
        sums.push(sum);
        Self { sums }
    }

    fn over(&self, first: usize, end: usize) -> Sum {
        let (from, to) = (self.sums[first], self.sums[end]);
        Sum {
            chars: to.chars - from.chars,
            linked: to.linked - from.linked,
            good: to.good - from.good,
            links: to.links - from.links,
            pictures: to.pictures - from.pictures,
            figures: to.figures - from.figures,
        }
    }
}

/// How much running text a text is.
fn good(text: &str, chars: u64, in_cell: bool) -> u64 {
    let sentence = text.contains(['。', '，', '；', '！', '？', '、'])
        || chars >= 20 && text.contains(". ")
        || chars >= 40;
    if sentence {
        chars
    } else if in_cell {
        chars / 2
    } else {
        chars / 4
    }
}

/// How many characters of a text are digits and signs.
fn figures(text: &str) -> u64 {
    text.chars().filter(|ch| ch.is_ascii_digit() || matches!(ch, '.' | '%' | '+' | '-')).count()
        as u64
}

/// What of a page is its content.
pub(super) struct Content {
    /// The nodes that are not read.
    pub(super) dropped: Vec<bool>,
    /// The range of nodes that holds the content.
    pub(super) core: (usize, usize),
    /// How many characters the page hides.
    pub(super) hidden: usize,
}

impl Content {
    /// Drops all that stands before the title and the core, and behind the core; notes stay.
    pub(super) fn keep(&mut self, tree: &Tree<'_>, title: Option<usize>) {
        let start = title.map_or(self.core.0, |title| title.min(self.core.0));
        let behind = self.core.1..tree.nodes.len();
        let notes: Vec<usize> =
            behind.filter(|at| !self.dropped[*at] && is_note(&tree.nodes[*at])).collect();
        // Of those behind the core: the next note's number, and where the last one ends.
        let (mut next, mut note_end) = (0, 0);
        for (at, node) in tree.nodes.iter().enumerate() {
            if notes.get(next) == Some(&at) {
                (next, note_end) = (next + 1, note_end.max(node.end));
            }
            let around = notes.get(next).is_some_and(|note| *note < node.end);
            let behind = at >= self.core.1 && at >= note_end && !around;
            self.dropped[at] |= node.end <= start || behind;
        }
        if start < self.core.0 {
            let sums = Sums::of(tree, &self.dropped, false);
            prune(tree, &sums, (start, self.core.0), false, &mut self.dropped);
        }
    }
}

/// Finds the content of a page.
pub(super) fn content(tree: &Tree<'_>) -> Content {
    let mut dropped = vec![false; tree.nodes.len()];
    let mut hidden = 0;
    let mut all = None;
    let mut at = 0;
    while at < tree.nodes.len() {
        let node = &tree.nodes[at];
        dropped[at] = is_silent(&node.name);
        if !dropped[at] && is_hidden(node) {
            let own = readable(tree, at..node.end);
            // Some pages hide all of their text until a script shows it.
            dropped[at] = own == 0
                || own * 2 < *all.get_or_insert_with(|| readable(tree, 0..tree.nodes.len()));
            hidden += if dropped[at] { own } else { 0 };
        }
        at = if dropped[at] { node.end } else { at + 1 };
    }
    let mut found = choose(tree, &dropped, false);
    let all = Sums::of(tree, &dropped, true).over(0, tree.nodes.len());
    let kept = Sums::of(tree, &found.dropped, true).over(found.core.0, found.core.1);
    // Next to nothing is left of the page's text: it is a list.
    if kept.good * 5 < all.good {
        found = choose(tree, &dropped, true);
    }
    Content { hidden, ..found }
}

/// How many characters of sentences stand in a range.
fn readable(tree: &Tree<'_>, range: Range<usize>) -> usize {
    let texts =
        tree.nodes[range].iter().filter(|node| !node.linked && node.text.contains(['。', '，']));
    texts.map(|node| node.text.chars().filter(|ch| !ch.is_whitespace()).count()).sum()
}

fn choose(tree: &Tree<'_>, hidden: &[bool], list: bool) -> Content {
    let mut dropped = hidden.to_vec();
    drop_noise(tree, &Sums::of(tree, hidden, list), &mut dropped);
    let sums = Sums::of(tree, &dropped, list);
    let core = core(tree, &sums, &dropped);
    prune(tree, &sums, core, list, &mut dropped);
    Content { dropped, core, hidden: 0 }
}

fn drop_noise(tree: &Tree<'_>, sums: &Sums, dropped: &mut [bool]) {
    let total = sums.over(0, tree.nodes.len()).good.max(1);
    let mut at = 0;
    while at < tree.nodes.len() {
        let node = &tree.nodes[at];
        if !dropped[at] && !node.name.is_empty() {
            let share = sums.over(at, node.end).good * 100 / total;
            let headed = || tree.nodes[at..node.end].iter().any(|node| node.name == "h1");
            dropped[at] = share < NOISE_BY_TAG && is_noise_tag(node) && !headed()
                || share < NOISE_BY_CLASS && is_noise_class(node) && !headed();
        }
        at = if dropped[at] { node.end } else { at + 1 };
    }
}

fn is_noise_tag(node: &Node<'_>) -> bool {
    let role = node.attribute("role").unwrap_or_default();
    let role = role.trim();
    NOISE_TAGS.contains(&node.name.as_ref()) && !role.starts_with("doc-")
        || NOISE_ROLES.contains(&role)
}

/// Whether class or id has a word for what surrounds an article. Words are parted at signs and
/// where a capital begins one.
fn is_noise_class(node: &Node<'_>) -> bool {
    if !node.is_block() || matches!(node.name.as_ref(), "body" | "h1") {
        return false;
    }
    ["class", "id"].iter().any(|name| {
        let value = node.attribute(name).unwrap_or_default();
        let mut word = String::new();
        let mut noise = false;
        for ch in value.chars().chain([' ']) {
            if !ch.is_ascii_alphabetic() || ch.is_ascii_uppercase() {
                noise |= NOISE_WORDS.contains(&word.as_str());
                word.clear();
            }
            if ch.is_ascii_alphabetic() {
                word.push(ch.to_ascii_lowercase());
            }
        }
        noise
    })
}

/// The range of nodes that hold the running text.
fn core(tree: &Tree<'_>, sums: &Sums, dropped: &[bool]) -> (usize, usize) {
    let mut range = (0, tree.nodes.len());
    loop {
        let parts = || tree.siblings(range.0, range.1).filter(|at| !dropped[*at]);
        let sum = |at: usize| sums.over(at, tree.nodes[at].end);
        let Some(best) = parts().max_by_key(|at| (sum(*at).good, std::cmp::Reverse(*at))) else {
            return range;
        };
        let most = sum(best).good;
        let minor = |at: usize| {
            let sum = sum(at);
            sum.good * 100 <= most * MINOR_SHARE
                || sum.good <= MINOR_TEXT && sum.good * 100 <= most * MINOR_SHORT
                || sum.linked * 100 > sum.chars * LINKED_SIBLING
        };
        let node = &tree.nodes[best];
        let inner = tree.nodes[best + 1..node.end].iter();
        let holds_blocks = inner.clone().any(|node| node.is_block() || node.name == "br");
        let table = node.name == "table" && !is_layout(tree, best);
        let enter = CONTAINERS.contains(&node.name.as_ref()) && holds_blocks && !table;
        if most == 0 || !enter || !parts().all(|at| at == best || minor(at)) {
            return range;
        }
        range = (best + 1, node.end);
    }
}

/// Drops parts of the core that are mostly links or a widget.
fn prune(tree: &Tree<'_>, sums: &Sums, range: (usize, usize), list: bool, dropped: &mut [bool]) {
    let mut at = range.0;
    let mut ends = vec![range.1];
    while at < range.1 {
        let node = &tree.nodes[at];
        while ends.len() > 1 && ends.last().is_some_and(|end| *end <= at) {
            ends.pop();
        }
        if !list && !dropped[at] && node.is_block() && is_list_heading(tree, at) {
            let end = ends.last().copied().unwrap_or(range.1);
            dropped[at] = true;
            drop_list(tree, node.end..end, dropped);
        }
        ends.push(node.end);
        let around = at < range.1 && node.end > range.1;
        let data = !dropped[at] && node.name == "table" && !is_layout(tree, at);
        let note = !dropped[at] && is_note(node);
        if !dropped[at] && !around && !note && is_part(&node.name) {
            let sum = sums.over(at, node.end);
            dropped[at] = is_links(sum, list) && !data || is_widget(sum);
        }
        at = if dropped[at] || data || note { node.end } else { at + 1 };
    }
}

/// Drops what stands under the heading of a list beside an article, up to another heading.
fn drop_list(tree: &Tree<'_>, range: Range<usize>, dropped: &mut [bool]) {
    let parts = tree.siblings(range.start, range.end);
    for at in parts.take_while(|at| tree.nodes[*at].heading().is_none()) {
        dropped[at] = true;
    }
}

/// Whether an element is the heading of a list beside an article.
fn is_list_heading(tree: &Tree<'_>, at: usize) -> bool {
    let end = tree.nodes[at].end;
    if end > at + 8 {
        return false;
    }
    let text: String = tree.nodes[at..end].iter().map(|node| node.text.as_ref()).collect();
    margin::is_list_heading(&text)
}

fn is_part(name: &str) -> bool {
    matches!(
        name,
        "ul" | "ol"
            | "div"
            | "table"
            | "p"
            | "dl"
            | "section"
            | "td"
            | "tr"
            | "header"
            | "form"
            | "span"
            | "center"
            | "article"
    )
}

/// Whether a part is a list of links, and not what the page is about.
fn is_links(sum: Sum, list: bool) -> bool {
    let menu = sum.linked < sum.links * MENU_LINK;
    sum.links >= FEWEST_LINKS
        && sum.linked * 100 > sum.chars * LINKED_PART
        && (menu || !list)
        && (list || sum.good < sum.linked)
}

/// Whether a part is a box of a linked picture with links and figures: a chart of a share's price.
fn is_widget(sum: Sum) -> bool {
    let words = (sum.chars - sum.linked).saturating_sub(sum.figures);
    sum.pictures > 0
        && sum.links > 0
        && sum.chars > 0
        && sum.chars <= WIDGET
        && (words * 4 < sum.chars || sum.links >= 4 && sum.good * 2 < sum.chars)
}
