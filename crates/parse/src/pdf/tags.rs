//! The structure tree of tagged files and the outline (bookmarks).
//!
//! Content is tied to the tree by marked-content ids, which count anew on each page: the result
//! is a map from (page, id) to what the tree says of that content (ISO 32000-1, 14.7 and 14.8).
//! Everything is bounded, since a hostile tree may be deep, wide or circular.

use std::collections::{HashMap, HashSet};

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, Name, ObjRef, Object, ObjectIdentifier, String as PdfString};

const DEEPEST: usize = 64;
const MOST_ELEMENTS: u32 = 500_000;
const MOST_BOOKMARKS: usize = 20_000;

/// What the structure tree says of a piece of content.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Tag {
    /// The innermost block-level element (paragraph, heading, list item, cell): content of the
    /// same element belongs together.
    pub(crate) element: u32,
    pub(crate) role: Role,
    pub(crate) cell: Option<CellTag>,
}

/// The role of a block-level element.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Role {
    #[default]
    Other,
    Paragraph,
    Heading(u8),
    ListItem,
    Caption,
    Note,
    Contents,
}

/// The cell of a tagged table that content belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CellTag {
    pub(crate) table: u32,
    pub(crate) row: u32,
    /// The how-manieth cell of its row.
    pub(crate) index: u32,
    pub(crate) row_span: u32,
    pub(crate) column_span: u32,
    pub(crate) header: bool,
}

/// The structure of a document.
#[derive(Debug, Default)]
pub(crate) struct Structure {
    tags: HashMap<(u32, i32), Tag>,
    /// Bookmarks: title without white space and level, from 1.
    pub(crate) outline: Vec<(String, u8)>,
}

impl Structure {
    /// Reads the structure tree and the outline, as far as they are sound.
    pub(crate) fn read(pdf: &Pdf) -> Self {
        let mut structure = Self::default();
        let Some(catalog) = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()) else {
            return structure;
        };
        if let Some(tree) = catalog.get::<Dict<'_>>(b"StructTreeRoot".as_slice()) {
            let mut walk = Walk::new(pdf, &tree);
            if let Some(kids) = tree.get::<Object<'_>>(b"K".as_slice()) {
                walk.kids(kids, Place::default(), 0);
            }
            structure.tags = walk.tags;
        }
        if let Some(outlines) = catalog.get::<Dict<'_>>(b"Outlines".as_slice()) {
            read_outline(&outlines, &mut structure.outline);
        }
        structure
    }

    /// The tag of content with this id on this page (from 1).
    pub(crate) fn tag(&self, page: u32, mcid: Option<i32>) -> Option<Tag> {
        self.tags.get(&(page, mcid?)).copied()
    }
}

/// Where the walk stands.
#[derive(Clone, Copy, Default)]
struct Place {
    page: u32,
    tag: Tag,
}

struct Walk<'a> {
    pages: HashMap<ObjectIdentifier, u32>,
    roles: Option<Dict<'a>>,
    tags: HashMap<(u32, i32), Tag>,
    elements: u32,
    /// Rows counted so far, by table; cells counted so far, by table and row.
    rows: HashMap<u32, u32>,
    cells: HashMap<(u32, u32), u32>,
}

impl<'a> Walk<'a> {
    fn new(pdf: &'a Pdf, tree: &Dict<'a>) -> Self {
        let pages = pdf.pages().iter().enumerate();
        Self {
            pages: pages
                .filter_map(|(i, page)| Some((page.raw().obj_id()?, i as u32 + 1)))
                .collect(),
            roles: tree.get(b"RoleMap".as_slice()),
            tags: HashMap::new(),
            elements: 0,
            rows: HashMap::new(),
            cells: HashMap::new(),
        }
    }

    fn kids(&mut self, kids: Object<'a>, place: Place, depth: usize) {
        if depth > DEEPEST || self.elements > MOST_ELEMENTS {
            return;
        }
        match kids {
            Object::Number(id) => self.content(id.as_i64() as i32, place),
            Object::Dict(dict) => self.element(&dict, place, depth),
            Object::Array(array) => {
                for kid in array.iter::<Object<'a>>() {
                    if !matches!(kid, Object::Array(_)) {
                        self.kids(kid, place, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    fn content(&mut self, mcid: i32, place: Place) {
        if place.page > 0 {
            self.tags.insert((place.page, mcid), place.tag);
        }
    }

    fn element(&mut self, dict: &Dict<'a>, mut place: Place, depth: usize) {
        if let Some(page) = page_of(dict).and_then(|page| self.pages.get(&page)) {
            place.page = *page;
        }
        // A marked-content reference has an MCID and no structure type.
        if let Some(mcid) = dict.get::<i32>(b"MCID".as_slice()) {
            return self.content(mcid, place);
        }
        self.elements += 1;
        let Some(role) = dict.get::<Name<'_>>(b"S".as_slice()) else { return };
        let role = self.standard_role(role.as_str());
        place.tag = self.enter(&role, dict, place.tag);
        if let Some(kids) = dict.get::<Object<'a>>(b"K".as_slice()) {
            self.kids(kids, place, depth + 1);
        }
    }

    /// Follows the role map to a standard structure type.
    fn standard_role(&self, role: &str) -> String {
        let mut role = role.to_owned();
        for _ in 0..4 {
            let mapped =
                self.roles.as_ref().and_then(|roles| roles.get::<Name<'_>>(role.as_bytes()));
            match mapped {
                Some(next) if next.as_str() != role => role = next.as_str().to_owned(),
                _ => break,
            }
        }
        role
    }

    fn enter(&mut self, role: &str, dict: &Dict<'a>, mut tag: Tag) -> Tag {
        let block = match role {
            "P" if tag.role == Role::Other => Some(Role::Paragraph),
            // A paragraph in a list item or a note is a part of it.
            "P" => Some(tag.role),
            "H" | "H1" => Some(Role::Heading(1)),
            "H2" => Some(Role::Heading(2)),
            "H3" => Some(Role::Heading(3)),
            "H4" => Some(Role::Heading(4)),
            "H5" => Some(Role::Heading(5)),
            "H6" => Some(Role::Heading(6)),
            "LI" => Some(Role::ListItem),
            "Caption" => Some(Role::Caption),
            "Note" => Some(Role::Note),
            "TOC" | "TOCI" => Some(Role::Contents),
            _ => None,
        };
        if let Some(block) = block {
            tag.element = self.elements;
            tag.role = block;
        }
        match role {
            "Table" => {
                tag.cell = Some(CellTag {
                    table: self.elements,
                    row: 0,
                    index: 0,
                    row_span: 1,
                    column_span: 1,
                    header: false,
                });
            }
            "TR" => {
                if let Some(cell) = &mut tag.cell {
                    let rows = self.rows.entry(cell.table).or_default();
                    cell.row = *rows;
                    *rows += 1;
                }
            }
            "TD" | "TH" => {
                tag.element = self.elements;
                if let Some(cell) = &mut tag.cell {
                    let cells = self.cells.entry((cell.table, cell.row)).or_default();
                    cell.index = *cells;
                    *cells += 1;
                    cell.header = role == "TH";
                    (cell.row_span, cell.column_span) = spans(dict);
                }
            }
            _ => {}
        }
        tag
    }
}

fn page_of(dict: &Dict<'_>) -> Option<ObjectIdentifier> {
    dict.get_ref(b"Pg".as_slice()).map(ObjRef::into)
}

/// The row and column span in an element's attributes: one dictionary or an array of them.
fn spans(dict: &Dict<'_>) -> (u32, u32) {
    let mut attributes = Vec::new();
    match dict.get::<Object<'_>>(b"A".as_slice()) {
        Some(Object::Dict(one)) => attributes.push(one),
        Some(Object::Array(many)) => attributes.extend(many.iter::<Dict<'_>>().take(8)),
        _ => {}
    }
    let span = |key: &[u8]| {
        let given = attributes.iter().find_map(|attributes| attributes.get::<u32>(key));
        given.unwrap_or(1).clamp(1, 1000)
    };
    (span(b"RowSpan"), span(b"ColSpan"))
}

/// The outline as a flat list, depth first.
fn read_outline(outlines: &Dict<'_>, out: &mut Vec<(String, u8)>) {
    let mut seen = HashSet::new();
    let mut stack: Vec<(Dict<'_>, u8)> = Vec::new();
    stack.extend(outlines.get::<Dict<'_>>(b"First".as_slice()).map(|first| (first, 1)));
    while let Some((item, level)) = stack.pop() {
        if out.len() >= MOST_BOOKMARKS || item.obj_id().is_some_and(|id| !seen.insert(id)) {
            continue;
        }
        if let Some(title) = item.get::<PdfString<'_>>(b"Title".as_slice()) {
            let title: String = text_string(title.as_bytes());
            let title: String = title.chars().filter(|ch| !ch.is_whitespace()).collect();
            if !title.is_empty() {
                out.push((title, level));
            }
        }
        stack.extend(item.get::<Dict<'_>>(b"Next".as_slice()).map(|next| (next, level)));
        let first = item.get::<Dict<'_>>(b"First".as_slice());
        stack.extend(first.map(|first| (first, (level + 1).min(6))));
    }
}

/// A PDF text string: UTF-16BE or UTF-8 with a byte order mark, else Latin-1 as an approximation
/// of PDFDocEncoding.
pub(crate) fn text_string(bytes: &[u8]) -> String {
    if let Some(utf16) = bytes.strip_prefix(b"\xFE\xFF") {
        let units: Vec<u16> =
            utf16.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        return String::from_utf16_lossy(&units);
    }
    if let Some(utf8) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return String::from_utf8_lossy(utf8).into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect(),
    }
}
