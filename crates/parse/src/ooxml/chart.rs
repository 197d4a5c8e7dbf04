//! Charts (ISO/IEC 29500-1, 21.2) as tables: a row a category, a column a series, the values as
//! the chart's number formats show them. They come from the values cached in the chart's part,
//! which are what it draws.

use super::number_format::format_value;
use super::xml::{Element, Ns, Tree};
use crate::table::{DraftCell, TableDraft};

/// Charts have at most this many rows and columns.
const MOST_ROWS: u32 = 2000;
const MOST_COLUMNS: u32 = 200;

/// What a chart shows.
#[derive(Debug, Default)]
pub(crate) struct Chart {
    /// The chart's title.
    pub(crate) title: Option<String>,
    /// Its values; empty if it has none.
    pub(crate) table: TableDraft,
    /// Whether values were left out.
    pub(crate) cut: bool,
}

/// Reads a chart.
pub(crate) fn chart(tree: &Tree) -> Option<Chart> {
    let root = tree.root()?;
    let chart = root.child("chart")?;
    let title = chart.child("title").map(rich_text).filter(|title| !title.is_empty());
    let series: Vec<Element<'_>> =
        chart.descendants().filter(|each| each.is(Ns::Chart, "ser")).collect();
    let mut out = Chart { title, ..Chart::default() };
    out.cut = series.len() as u32 >= MOST_COLUMNS;
    let mut table =
        TableDraft { header_rows: Some(1), rows: 1, columns: 1, ..TableDraft::default() };
    let mut named = Vec::new();
    let mut labelled = false;
    for (series, column) in series.into_iter().zip(1..MOST_COLUMNS) {
        let name = series.child("tx").map(series_name).unwrap_or_default();
        table.cells.push(cell(0, column, name));
        for name in ["cat", "xVal", "val", "yVal"] {
            let labels = matches!(name, "cat" | "xVal");
            if labels && labelled {
                continue;
            }
            for (at, text) in series.child(name).map(values).unwrap_or_default() {
                let row = at.saturating_add(1);
                if row >= MOST_ROWS {
                    out.cut = true;
                    continue;
                }
                if labels {
                    named.push(cell(row, 0, text));
                } else {
                    table.cells.push(cell(row, column, text));
                }
                table.rows = table.rows.max(row + 1);
            }
            labelled |= labels && !named.is_empty();
        }
        table.columns = table.columns.max(column + 1);
    }
    table.cells.append(&mut named);
    table.caption.clone_from(&out.title);
    if table.rows < 2 {
        table = TableDraft::default();
    }
    out.table = table;
    Some(out)
}

fn cell(row: u32, column: u32, text: String) -> DraftCell {
    DraftCell { row, column, row_span: 1, column_span: 1, text }
}

/// The name of a series: a cached cell, or the words themselves.
fn series_name(tx: Element<'_>) -> String {
    let cached = values(tx).into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ");
    if cached.is_empty() { tx.child("v").map(Element::text).unwrap_or_default() } else { cached }
}

/// The points of a cache with their positions. Of labels on several levels the outer ones come
/// first.
fn values(source: Element<'_>) -> Vec<(u32, String)> {
    let cache = |name: &str| source.descendants().find(|each| each.is(Ns::Chart, name));
    if let Some(levels) = cache("multiLvlStrCache") {
        return levels_of(levels);
    }
    let Some(cache) = ["numCache", "strCache", "numLit", "strLit"].into_iter().find_map(cache)
    else {
        return Vec::new();
    };
    let format = cache.child("formatCode").map(Element::text).unwrap_or_default();
    let numeric = cache.name().starts_with("num");
    let points = cache.all("pt").filter_map(|point| {
        let at = u32::try_from(point.number("idx")?).ok()?;
        let value = point.child("v")?.text();
        let own = point.attribute("formatCode");
        let text = match numeric {
            true => format_value(&value, own.as_deref().unwrap_or(&format)),
            false => value.trim().to_owned(),
        };
        Some((at, text))
    });
    points.collect()
}

/// Labels on several levels: the inner one of each point with the outer ones that cover it.
fn levels_of(cache: Element<'_>) -> Vec<(u32, String)> {
    let mut levels = cache.all("lvl").map(|level| {
        let points = level.all("pt").filter_map(|point| {
            Some((u32::try_from(point.number("idx")?).ok()?, point.child("v")?.text()))
        });
        let mut points: Vec<(u32, String)> = points.collect();
        points.sort();
        points
    });
    let inner = levels.next().unwrap_or_default();
    let outer: Vec<_> = levels.take(4).collect();
    let covering = |at: u32, level: &Vec<(u32, String)>| {
        let end = level.partition_point(|(start, _)| *start <= at);
        end.checked_sub(1).map(|last| level[last].1.clone())
    };
    let label = |(at, text): (u32, String)| {
        let mut parts: Vec<String> =
            outer.iter().rev().filter_map(|level| covering(at, level)).collect();
        parts.push(text);
        (at, parts.join(" "))
    };
    inner.into_iter().map(label).collect()
}

/// The words of a title: its own, or those of the cell that it shows.
fn rich_text(title: Element<'_>) -> String {
    let texts = title.descendants().filter(|each| each.is(Ns::Drawing, "t"));
    let own: String = texts.map(Element::text).collect();
    let text = if own.is_empty() { title.child("tx").map(series_name) } else { Some(own) };
    text.unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_is_the_table_of_its_values() {
        let series = |name: &str, values: [&str; 2]| {
            format!(
                "<c:ser><c:tx><c:strRef><c:strCache><c:pt idx='0'><c:v>{name}</c:v></c:pt>\
                 </c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:strCache>\
                 <c:pt idx='0'><c:v>雪岭</c:v></c:pt><c:pt idx='1'><c:v>松涛岛</c:v></c:pt>\
                 </c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache>\
                 <c:formatCode>0.0%</c:formatCode><c:pt idx='0'><c:v>{}</c:v></c:pt>\
                 <c:pt idx='1'><c:v>{}</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser>",
                values[0], values[1]
            )
        };
        let xml = format!(
            "<c:chartSpace xmlns:c='http://schemas.openxmlformats.org/drawingml/2006/chart' \
             xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'><c:chart><c:title>\
             <c:tx><c:rich><a:p><a:r><a:t>覆盖率</a:t></a:r></a:p></c:rich></c:tx></c:title>\
             <c:plotArea><c:barChart>{}{}</c:barChart></c:plotArea></c:chart></c:chartSpace>",
            series("2022 年", ["0.5", "0.25"]),
            series("2023 年", ["0.625", "0.3"]),
        );
        let chart = chart(&Tree::parse(xml.as_bytes()).unwrap()).unwrap();
        assert_eq!(chart.title.as_deref(), Some("覆盖率"));
        let block = chart.table.into_block().unwrap();
        assert_eq!(block.text, "2022 年\t2023 年\n雪岭\t50.0%\t62.5%\n松涛岛\t25.0%\t30.0%");
        assert_eq!(block.table().unwrap().header_rows, 1);
    }
}
