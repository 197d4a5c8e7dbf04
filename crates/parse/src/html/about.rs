//! What a page says about itself: title, date, publisher.

use super::tree::{Node, Tree};
use super::walk::is_silent;
use crate::builder::{Given, is_space};
use crate::document::Date;
use crate::meta::{first_date, labelled, squeeze};

/// Names of `meta` elements that give the date of publication, the surest first.
const DATES: [&str; 20] = [
    "article:published_time",
    "og:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish_date",
    "publish-date",
    "publish_time",
    "publishtime",
    "firstpublishedtime",
    "article:create_at",
    "weibo:article:create_at",
    "article:create_time",
    "og:release_date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.date",
    "citation_date",
    "date",
];
const PUBLISHERS: [&str; 8] = [
    "contentsource",
    "source",
    "article:source",
    "mediaid",
    "dc.publisher",
    "dcterms.publisher",
    "publisher",
    "og:site_name",
];
/// How many lines behind the title may give date and source.
const LINES: usize = 8;
/// A line that gives them is at most this long, in characters.
const LONGEST: usize = 120;
/// A title is at least this long, in characters, where only its likeness to the page's says so.
const SHORTEST_TITLE: usize = 6;
const LONGEST_TITLE: usize = 80;

/// What was found.
pub(super) struct About {
    pub(super) given: Given,
    /// The element that shows the title.
    pub(super) title: Option<usize>,
}

/// Reads what the page says; `core` is where its content stands.
pub(super) fn about(tree: &Tree<'_>, dropped: &[bool], core: (usize, usize)) -> About {
    let metas: Vec<(String, String)> = tree.nodes.iter().filter_map(meta).collect();
    let meta = |names: &[&str]| {
        let mut found = names.iter().filter_map(|name| metas.iter().find(|meta| meta.0 == *name));
        found.next().map(|meta| meta.1.clone())
    };
    let page = tree.nodes.iter().position(|node| node.name == "title");
    let page = page.map(|at| text_of(tree, at)).unwrap_or_default();
    let own = meta(&["og:title", "twitter:title", "articletitle"]).unwrap_or_default();
    let lines = lines(tree, dropped, core.1);
    let shown = shown_title(tree, dropped, core, &[&own, &page], &lines);
    let title = match shown {
        Some(at) => text_of(tree, at),
        None if !own.is_empty() => without_site(&own, meta(&["og:site_name"]).as_deref()),
        None => without_site(&page, meta(&["og:site_name"]).as_deref()),
    };
    let from = shown.unwrap_or(core.0);
    let near: Vec<&str> = lines
        .iter()
        .filter(|line| line.at > from && line.text.chars().count() <= LONGEST)
        .take(LINES)
        .map(|line| line.text.as_str())
        .collect();
    let published = DATES
        .iter()
        .filter_map(|name| metas.iter().find(|meta| meta.0 == *name))
        .find_map(|meta| date_of(&meta.1))
        .or_else(|| near.iter().find_map(|line| dated(line)))
        .or_else(|| time(tree, dropped));
    let source = near.iter().find_map(|line| labelled(line, &["来源", "发布单位", "信息来源"]));
    let publisher = source.map(str::to_owned).or_else(|| meta(&PUBLISHERS));
    let title = Some(title).filter(|title| !title.is_empty());
    About { given: Given { title, published, publisher }, title: shown }
}

/// The name and content of a `meta` element.
fn meta(node: &Node<'_>) -> Option<(String, String)> {
    if node.name != "meta" {
        return None;
    }
    let names = ["property", "name", "itemprop"];
    let name = names.iter().find_map(|name| node.attribute(name))?;
    let content = node.attribute("content")?;
    let content = content.trim_matches(is_space);
    (!content.is_empty()).then(|| (name.trim().to_ascii_lowercase(), content.to_owned()))
}

/// A date as text or as digits alone: `2023-05-04T10:20`, `20230504102000`.
fn date_of(text: &str) -> Option<Date> {
    first_date(text).or_else(|| {
        let digits = text.get(..8).filter(|head| head.bytes().all(|byte| byte.is_ascii_digit()))?;
        first_date(&format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]))
    })
}

/// The date of a line that is about little else.
fn dated(line: &str) -> Option<Date> {
    let date = first_date(line)?;
    let signs = ["时间", "日期", "发布", "来源", "发表", "更新", "作者", "编辑"];
    let words = line.chars().filter(|ch| ch.is_alphabetic()).count();
    (words <= 12 || signs.iter().any(|sign| line.contains(sign))).then_some(date)
}

/// The date of the first `time` element.
fn time(tree: &Tree<'_>, dropped: &[bool]) -> Option<Date> {
    let mut at = 0;
    while at < tree.nodes.len() {
        let node = &tree.nodes[at];
        if dropped[at] {
            at = node.end;
            continue;
        }
        if node.name == "time" {
            let given = node.attribute("datetime").and_then(|given| date_of(&given));
            if let Some(date) = given.or_else(|| first_date(&text_of(tree, at))) {
                return Some(date);
            }
        }
        at += 1;
    }
    None
}

/// A line as the page shows it.
struct ShownLine {
    /// The block element it stands in.
    at: usize,
    text: String,
    linked: bool,
}

/// The lines of the page up to `end`; of long ones only the beginning.
fn lines(tree: &Tree<'_>, dropped: &[bool], end: usize) -> Vec<ShownLine> {
    let mut lines: Vec<ShownLine> = Vec::new();
    let mut line = ShownLine { at: 0, text: String::new(), linked: true };
    let mut block = 0;
    let mut at = 0;
    while at < end {
        let node = &tree.nodes[at];
        if dropped[at] || node.name == "title" {
            at = node.end;
            continue;
        }
        if node.name.is_empty() {
            if line.text.is_empty() {
                line.at = block;
            }
            line.linked &= node.linked || node.text.chars().all(is_space);
            if line.text.len() < LONGEST * 8 {
                line.text.push_str(&node.text);
            }
        } else if node.is_block() || node.name == "br" {
            block = at;
            let text = collapse(&line.text);
            if !text.is_empty() {
                lines.push(ShownLine { at: line.at, text, linked: line.linked });
            }
            line = ShownLine { at, text: String::new(), linked: true };
        }
        at += 1;
    }
    let text = collapse(&line.text);
    if !text.is_empty() {
        lines.push(ShownLine { text, ..line });
    }
    lines
}

fn collapse(text: &str) -> String {
    text.split(is_space).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The text of an element on one line, joined as a heading's is.
fn text_of(tree: &Tree<'_>, at: usize) -> String {
    let mut line = super::line::Line::default();
    let end = tree.nodes[at].end;
    // The element itself may be the page's `title`.
    let mut at = at + 1;
    while at < end {
        let node = &tree.nodes[at];
        if is_silent(&node.name) {
            at = node.end;
            continue;
        }
        if node.is_block() || node.name == "br" {
            line.wrap();
        }
        line.push(&node.text);
        at += 1;
    }
    line.take()
}

/// The element that shows the page's title: an `h1` or, if none is like it, a line that the page's
/// title begins with.
fn shown_title(
    tree: &Tree<'_>,
    dropped: &[bool],
    core: (usize, usize),
    titles: &[&str],
    lines: &[ShownLine],
) -> Option<usize> {
    let titles: Vec<String> =
        titles.iter().map(|title| squeeze(title)).filter(|title| !title.is_empty()).collect();
    let alike = |text: &str| {
        let text = squeeze(text);
        let own = text.chars().count();
        own >= 2 && titles.iter().any(|title| title.contains(&text))
            || own >= SHORTEST_TITLE && titles.iter().any(|title| text.contains(title.as_str()))
    };
    let headings = |name: &'static str| {
        visible(tree, dropped, core.1).filter(move |at| tree.nodes[*at].name == name)
    };
    let firsts: Vec<usize> = headings("h1").filter(|at| !text_of(tree, *at).is_empty()).collect();
    let whole = |at: &usize| {
        let inner = &tree.nodes[*at..tree.nodes[*at].end];
        let linked = inner.iter().any(|node| node.linked && !node.text.trim().is_empty());
        !linked || *at >= core.0
    };
    let like = |at: &&usize| alike(&text_of(tree, **at)) && whole(at);
    firsts
        .iter()
        .find(like)
        .copied()
        .or_else(|| firsts.iter().find(|at| firsts.len() == 1 && whole(at)).copied())
        .or_else(|| headings("h2").find(|at| like(&at)))
        .or_else(|| {
            let begins = |line: &&ShownLine| {
                let text = squeeze(&line.text);
                let length = text.chars().count();
                (SHORTEST_TITLE..=LONGEST_TITLE).contains(&length)
                    && !line.linked
                    && titles.iter().any(|title| title.starts_with(&text))
            };
            lines.iter().find(begins).map(|line| line.at)
        })
}

/// The nodes up to `end` that are not dropped.
fn visible<'t>(
    tree: &'t Tree<'_>,
    dropped: &'t [bool],
    end: usize,
) -> impl Iterator<Item = usize> + 't {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < end && dropped[at] {
            at = tree.nodes[at].end;
        }
        at += 1;
        (at <= end).then(|| at - 1)
    })
}

/// A page's title without the site's name behind it.
fn without_site(title: &str, site: Option<&str>) -> String {
    let title = collapse(title);
    let signs = ["_", "|", "｜", " - ", " – ", " — ", " · ", " » ", "--", "——"];
    let cut = signs.iter().filter_map(|sign| title.find(sign)).min();
    let long = |head: &str| head.chars().count() >= 4;
    if let Some(head) = cut.map(|cut| title[..cut].trim()).filter(|head| long(head)) {
        return without_site(head, site);
    }
    let Some((head, tail)) = title.rsplit_once(['-', '－', '—', '–']) else { return title };
    let sites = ["网", "中心", "频道", "公司", "官网", "新闻", "门户", "首页", "集团", "动态"];
    let is_site = site.is_some_and(|site| tail.trim() == site)
        || tail.chars().count() <= 12 && sites.iter().any(|site| tail.trim().ends_with(site));
    if is_site && long(head) { without_site(head, site) } else { title }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_lose_the_name_of_the_site() {
        let cases = [
            ("远山通信完成改造_新闻中心_远山通信", "远山通信完成改造"),
            ("远山通信完成改造 - 远山通信官网", "远山通信完成改造"),
            ("远山通信完成改造-新闻中心-远山新闻网", "远山通信完成改造"),
            ("5G-A 网络白皮书", "5G-A 网络白皮书"),
            ("远山-雪岭线路开通", "远山-雪岭线路开通"),
            ("首页 | 远山通信", "首页 | 远山通信"),
        ];
        for (title, expected) in cases {
            assert_eq!(without_site(title, None), expected);
        }
    }

    #[test]
    fn dates_in_meta_elements_and_lines() {
        let day = |text: &str| date_of(text).map(|date| date.to_string());
        assert_eq!(day("2023-05-04T10:20:00+08:00").as_deref(), Some("2023-05-04"));
        assert_eq!(day("20230504102000").as_deref(), Some("2023-05-04"));
        assert_eq!(day("今天"), None);
        assert!(dated("2023-05-04 10:20 来源：远山新闻网").is_some());
        assert!(dated("2023年5月4日").is_some());
        assert!(dated("2023年5月4日，远山通信在雪岭完成了全部基站的改造").is_none());
    }
}
