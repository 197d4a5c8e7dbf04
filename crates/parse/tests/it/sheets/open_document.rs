//! OpenDocument workbooks, built here.

use super::{mutate, outline, read, stored, zip};
use yuanwen_parse::ParseError;

const MIMETYPE: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

fn ods(tables: &str) -> Vec<u8> {
    let styles = "<style:style style:name=\"hid\"><style:table-properties table:display=\"false\"/></style:style>";
    let content = format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles>\
         <office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    );
    stored(&zip(&[("mimetype", MIMETYPE), ("content.xml", content.as_bytes())]))
}

fn table(name: &str, attributes: &str, rows: &str) -> String {
    format!("<table:table table:name=\"{name}\" {attributes}>{rows}</table:table>")
}

fn row(cells: &str) -> String {
    format!("<table:table-row>{cells}</table:table-row>")
}

fn cell(attributes: &str, text: &str) -> String {
    format!("<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>")
}

#[test]
fn cells_spans_notes_and_hidden_tables() {
    let rows = [
        row(&(cell(
            "table:number-columns-spanned=\"2\" table:number-rows-spanned=\"1\"",
            "收入表",
        ) + "<table:covered-table-cell/>")),
        row(&(cell("", "项目") + &cell("", "金额"))),
        row(&(cell("", "网络<text:s text:c=\"2\"/>一<text:line-break/>期")
            + "<table:table-cell office:value-type=\"float\" office:value=\"5\"><office:annotation>\
               <dc:creator>甲</dc:creator><dc:date>2023-01-01</dc:date><text:p>含税</text:p>\
               </office:annotation><text:p>5.00</text:p></table:table-cell>")),
        format!(
            "<table:table-header-rows><table:table-row table:number-rows-repeated=\"2\">{}{}</table:table-row>\
             </table:table-header-rows>",
            cell("", "同上"),
            cell("", "6")
        ),
        "<table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell \
         table:number-columns-repeated=\"16384\"/></table:table-row>"
            .to_owned(),
    ];
    let shapes = "<table:shapes><draw:frame><draw:text-box><text:p>数据来自财务部。</text:p></draw:text-box>\
                  </draw:frame></table:shapes>";
    let hidden = table("底稿", "table:style-name=\"hid\"", &row(&cell("", "草稿内容。")));
    let deleted =
        format!("<table:tracked-changes>{}</table:tracked-changes>", row(&cell("", "删去")));
    let tables = deleted + &table("收入", "", &(shapes.to_owned() + &rows.concat())) + &hidden;
    let document = read("a.ods", ods(&tables));
    assert_eq!(
        outline(&document),
        [
            "h1 A1 收入",
            "h2 A1 收入表",
            "t4x2/1 A2 项目|金额/网络  一期|5.00/同上|6/同上|6",
            "p A1 数据来自财务部。",
            "n B3 含税",
            "h1 A1 底稿",
            "p A1 草稿内容。",
        ]
    );
    assert_eq!(document.warnings.len(), 1);
    assert!(document.warnings[0].message.contains("“底稿”"));
    mutate("a.ods", &ods(&tables), 400);
}

#[test]
fn values_without_a_text() {
    let value = |kind: &str, name: &str, value: &str| {
        format!("<table:table-cell office:value-type=\"{kind}\" office:{name}=\"{value}\"/>")
    };
    let cells = [
        value("float", "value", "1.50"),
        value("percentage", "value", "0.256"),
        value("date", "date-value", "2023-01-02"),
        value("date", "date-value", "2023-01-02T03:04:05"),
        value("time", "time-value", "PT12H03M09S"),
        value("boolean", "boolean-value", "true"),
        value("string", "string-value", "甲"),
        "<table:table-cell table:formula=\"of:=[.A1]\"/>".to_owned(),
    ];
    let document = read("a.ods", ods(&table("Sheet1", "", &row(&cells.concat()))));
    let shown = "t1x7/0 A1 1.5|25.60%|2023-01-02|2023-01-02 03:04:05|12:03:09|TRUE|甲";
    assert_eq!(outline(&document), [shown]);
    assert!(document.warnings[0].message.contains("1 formulas have no stored result"));
}

#[test]
fn repetitions_end_at_the_limit() {
    let bomb = format!(
        "<table:table-row table:number-rows-repeated=\"4294967295\">{}</table:table-row>",
        cell("table:number-columns-repeated=\"4294967295\"", "甲")
    );
    let document = read("a.ods", ods(&table("Sheet1", "", &bomb)));
    let warnings: Vec<&str> = document.warnings.iter().map(|w| w.message.as_str()).collect();
    assert!(warnings.iter().any(|w| w.contains("split the file")), "{warnings:?}");
}

#[test]
fn a_protected_workbook_is_refused() {
    let manifest = b"<manifest><file-entry><encryption-data/></file-entry></manifest>";
    let parts: [(&str, &[u8]); 3] =
        [("mimetype", MIMETYPE), ("META-INF/manifest.xml", manifest), ("content.xml", b"\x01\x02")];
    let error = yuanwen_parse::parse("a.ods", zip(&parts)).unwrap_err();
    assert_eq!(error, ParseError::Protected("workbook"));
}
