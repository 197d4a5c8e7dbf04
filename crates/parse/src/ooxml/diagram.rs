//! SmartArt: the text of a diagram from its data part (ISO/IEC 29500-1, 21.4), which holds
//! points and the connections between them.
//!
//! The points come in the order of the diagram: a point, then those below it. What a diagram
//! says is content (steps, parts, members), so it is kept as running text.

use std::collections::{BTreeMap, BTreeSet};

use super::xml::{Element, Ns, Tree};

/// The points of a diagram with their depth from 0, in reading order.
pub(crate) fn points(tree: &Tree) -> Vec<(usize, String)> {
    let Some(root) = tree.root() else { return Vec::new() };
    let mut texts = BTreeMap::new();
    let mut order = Vec::new();
    let mut start = None;
    for point in root.path(&["ptLst"]).into_iter().flat_map(|list| list.children()) {
        let Some(id) = point.attribute("modelId") else { continue };
        match point.attribute("type").as_deref() {
            Some("doc") => start = Some(id.to_string()),
            None | Some("node" | "asst") => {
                order.push(id.to_string());
                texts.insert(id.to_string(), text(point));
            }
            _ => {}
        }
    }
    let mut below: BTreeMap<String, Vec<(i64, String)>> = BTreeMap::new();
    for link in root.path(&["cxnLst"]).into_iter().flat_map(|list| list.children()) {
        if !matches!(link.attribute("type").as_deref(), None | Some("parOf")) {
            continue;
        }
        if let (Some(from), Some(to)) = (link.attribute("srcId"), link.attribute("destId")) {
            let at = link.number("srcOrd").unwrap_or(i64::MAX);
            below.entry(from.into_owned()).or_default().push((at, to.into_owned()));
        }
    }
    for points in below.values_mut() {
        points.sort();
    }
    let mut out = Vec::new();
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<(usize, String)> = order.iter().rev().map(|id| (0, id.clone())).collect();
    if let Some(start) = start {
        waiting.push((0, start));
    }
    while let Some((depth, id)) = waiting.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        let text = texts.get(&id);
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            out.push((depth, text.clone()));
        }
        let deeper = depth + usize::from(text.is_some());
        for (_, to) in below.get(&id).into_iter().flatten().rev() {
            waiting.push((deeper, to.clone()));
        }
    }
    out
}

/// The text of a point; its paragraphs and lines are separated by line breaks.
fn text(point: Element<'_>) -> String {
    let mut out = String::new();
    let body = point.child("t");
    for each in body.into_iter().flat_map(|body| body.descendants()) {
        match each.kind() {
            (Ns::Drawing, "p") if !out.is_empty() => out.push('\n'),
            (Ns::Drawing, "br") => out.push('\n'),
            (Ns::Drawing, "t") => out.push_str(&each.text()),
            _ => {}
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_in_the_order_of_the_diagram() {
        let point = |id: &str, text: &str| {
            format!(
                "<d:pt modelId='{id}'><d:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></d:t></d:pt>"
            )
        };
        let link = |from: &str, to: &str, at: u32| {
            format!("<d:cxn modelId='{from}{to}' srcId='{from}' destId='{to}' srcOrd='{at}'/>")
        };
        let xml = format!(
            "<d:dataModel xmlns:d='http://schemas.openxmlformats.org/drawingml/2006/diagram' \
             xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'><d:ptLst>\
             <d:pt modelId='0' type='doc'/>{}{}{}<d:pt modelId='9' type='parTrans'/></d:ptLst>\
             <d:cxnLst>{}{}{}{}</d:cxnLst></d:dataModel>",
            point("1", "勘察"),
            point("2", "设计"),
            point("3", "选址"),
            link("0", "2", 1),
            link("0", "1", 0),
            link("1", "3", 0),
            link("3", "1", 0),
        );
        let tree = Tree::parse(xml.as_bytes()).unwrap();
        let expected = [(0, "勘察"), (1, "选址"), (0, "设计")];
        assert_eq!(points(&tree), expected.map(|(depth, text)| (depth, text.to_owned())));
    }
}
