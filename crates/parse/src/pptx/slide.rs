//! One slide: its shapes in reading order, then its notes.

use super::Deck;
use super::geometry::{Frame, Rect};
use super::inherit::{Behind, Placeholder};
use super::order::reading_order;
use super::shapes::{Content, Shape, Shapes};
use super::table::SlideTable;
use super::text::{Paragraph, paragraphs};
use super::title;
use crate::builder::{Builder, is_space};
use crate::document::{BlockKind, Furniture};
use crate::marker::{is_caption, marker};
use crate::ooxml::chart::chart;
use crate::ooxml::diagram::points;
use crate::ooxml::{Element, Ns, Part, joined, lines, says_something};
use crate::table::TableDraft;

impl Deck<'_, '_> {
    /// Reads a slide.
    pub(crate) fn slide(&mut self, part: &Part, page: u32) {
        let Some(root) = part.tree.root() else { return };
        if root.attribute("show").is_some_and(|show| matches!(&*show, "0" | "false")) {
            self.warn(page, "the slide is hidden when the presentation is shown");
        }
        let layout = self.behind(part, "slideLayout");
        let master = layout.as_ref().and_then(|layout| self.behind(layout, "slideMaster"));
        let presentation = std::rc::Rc::clone(&self.presentation);
        let behind = Behind::new(layout.as_deref(), master.as_deref(), &presentation);
        let whole = Rect { x0: 0.0, y0: 0.0, x1: self.size.0, y1: self.size.1 };
        let mut reader = Shapes::new(&behind, whole);
        let tree = root.path(&["cSld", "spTree"]);
        let shapes = tree.map(|tree| reader.read(tree, Frame::SLIDE)).unwrap_or_default();
        if reader.cut() {
            self.warn(page, "the slide has very many shapes; only the first were read");
        }
        if let Some(last) = self.builder.pages.last_mut() {
            last.images = reader.images;
        }
        let before = self.builder.blocks.len();
        self.shapes(part, page, shapes);
        let running = self.builder.blocks[before..].iter().any(|block| block.furniture.is_none());
        if !running && reader.images > 0 {
            self.pictures(page, whole, &reader.described);
        }
        self.notes(part, page, whole);
        self.comments(part, page);
        for part in [layout.as_deref(), master.as_deref()].into_iter().flatten() {
            self.behind_text(part, page, whole);
        }
    }

    fn shapes(&mut self, part: &Part, page: u32, shapes: Vec<Shape<'_>>) {
        let marked = |shape: &Shape<'_>| {
            shape.placeholder.as_ref().is_some_and(Placeholder::is_title)
                && matches!(shape.content, Content::Text(_))
        };
        let is_margin = |shape: &Shape<'_>| {
            let kind = shape.placeholder.as_ref().map_or("", |each| each.kind.as_str());
            matches!(kind, "dt" | "ftr" | "sldNum" | "hdr")
        };
        let (margins, mut shapes): (Vec<_>, Vec<_>) = shapes.into_iter().partition(is_margin);
        let at = shapes.iter().position(marked);
        let at = at.or_else(|| title::find(&shapes, page == 1, self.size.1));
        if let Some(at) = at {
            let title = shapes.remove(at);
            let level = if page == 1 && opens(&title, &shapes) { 1 } else { 2 };
            if let Content::Text(paragraphs) = &title.content {
                let lines: Vec<&str> = paragraphs.iter().map(|each| each.text.as_str()).collect();
                let text = joined(&lines.join("\n"));
                // Under the same title, a slide goes on with the one before.
                let again = self.title == text;
                self.put(page, title.rect, |builder| match again {
                    true => builder.furniture(Furniture::Header, &text),
                    false => builder.heading(level, &text),
                });
                self.title = text;
            }
        }
        self.in_order(part, page, shapes);
        for margin in margins {
            self.margin(page, &margin);
        }
    }

    fn in_order(&mut self, part: &Part, page: u32, shapes: Vec<Shape<'_>>) {
        let rects: Vec<Rect> = shapes.iter().map(|shape| shape.rect).collect();
        let mut shapes: Vec<Option<Shape<'_>>> = shapes.into_iter().map(Some).collect();
        for at in reading_order(&rects) {
            let Some(shape) = shapes[at].take() else { continue };
            let rect = shape.rect;
            match shape.content {
                Content::Group(inner) => self.in_order(part, page, inner),
                Content::Text(paragraphs) => self.text(page, rect, &paragraphs),
                Content::Table(table) => {
                    let table = SlideTable::read(table, rect);
                    self.table(page, rect, table);
                }
                Content::Chart(id) => self.chart(part, page, rect, &id),
                Content::Diagram(id) => self.diagram(part, page, rect, &id),
                Content::NewChart => self.warn(page, "a chart of a newer kind was left out"),
            }
        }
    }

    /// Adds blocks that all stand in one box.
    fn put(&mut self, page: u32, rect: Rect, add: impl FnOnce(&mut Builder)) {
        let before = self.builder.blocks.len();
        add(&mut self.builder);
        for block in &mut self.builder.blocks[before..] {
            let whole = 0..block.text.len();
            rect.place(block, page, whole);
        }
    }

    fn text(&mut self, page: u32, rect: Rect, paragraphs: &[Paragraph]) {
        self.put(page, rect, |builder| {
            for Paragraph { marker: mark, text, .. } in paragraphs {
                for (at, line) in lines(text.trim_matches(is_space)).iter().enumerate() {
                    let mark = if at == 0 { mark.as_str() } else { "" };
                    let kind = match () {
                        () if !mark.is_empty() => BlockKind::ListItem,
                        () if is_caption(line) => BlockKind::Caption,
                        () if marker(line).is_some() => BlockKind::ListItem,
                        () => BlockKind::Paragraph,
                    };
                    builder.push(kind, &format!("{mark}{}", line));
                }
            }
        });
    }

    fn table(&mut self, page: u32, whole: Rect, mut table: SlideTable) {
        if table.cut {
            self.warn(page, "a table is very large; only its beginning was read");
        }
        let Some(block) = self.builder.table(std::mem::take(&mut table.draft)) else { return };
        let cells = block.table().map(|table| table.cells.clone()).unwrap_or_default();
        for cell in cells {
            let rect = table.rect(cell.row, cell.column, cell.row_span, cell.column_span, whole);
            rect.place(block, page, cell.range());
        }
    }

    fn chart(&mut self, part: &Part, page: u32, rect: Rect, id: &str) {
        let Some(part) = self.office.follow(part, id) else { return };
        let Some(chart) = chart(&part.tree) else { return };
        if chart.cut {
            self.warn(page, "values of a large chart were left out");
        }
        if let Some(title) = &chart.title {
            self.put(page, rect, |builder| builder.push(BlockKind::Caption, title));
        }
        self.drawn_table(page, rect, chart.table);
    }

    /// A table whose cells all stand in one box.
    fn drawn_table(&mut self, page: u32, rect: Rect, draft: TableDraft) {
        let Some(block) = self.builder.table(draft) else { return };
        let cells = block.table().map(|table| table.cells.clone()).unwrap_or_default();
        for cell in cells {
            rect.place(block, page, cell.range());
        }
    }

    fn diagram(&mut self, part: &Part, page: u32, rect: Rect, id: &str) {
        let Some(part) = self.office.follow(part, id) else { return };
        let points = points(&part.tree);
        self.put(page, rect, |builder| {
            for (_, text) in &points {
                text.split('\n').for_each(|line| builder.paragraph(line));
            }
        });
    }

    fn margin(&mut self, page: u32, shape: &Shape<'_>) {
        let Content::Text(paragraphs) = &shape.content else { return };
        let kind = shape.placeholder.as_ref().map_or("", |each| each.kind.as_str());
        let furniture = match kind {
            "sldNum" => Furniture::PageNumber,
            "hdr" => Furniture::Header,
            _ => Furniture::Footer,
        };
        self.put(page, shape.rect, |builder| {
            for paragraph in paragraphs {
                builder.furniture(furniture, &joined(&paragraph.text));
            }
        });
    }

    /// A slide of pictures alone: what they are said to show.
    fn pictures(&mut self, page: u32, whole: Rect, described: &[String]) {
        let words: Vec<&String> = described.iter().filter(|text| says_something(text)).collect();
        if words.is_empty() {
            self.warn(page, "the slide is a picture without text; it needs OCR");
        }
        self.put(page, whole, |builder| {
            for text in words {
                builder.push(BlockKind::Caption, &joined(text));
            }
        });
    }

    fn notes(&mut self, part: &Part, page: u32, whole: Rect) {
        let Some(notes) = self.office.related(part, "notesSlide") else { return };
        let Some(root) = notes.tree.root() else { return };
        for shape in root.descendants().filter(|each| each.is(Ns::Presentation, "sp")) {
            let kind = Placeholder::of(shape).map_or_else(|| "body".to_owned(), |each| each.kind);
            let Some(body) = shape.child("txBody").filter(|_| kind == "body") else { continue };
            let styles: Vec<Element<'_>> = body.child("lstStyle").into_iter().collect();
            let paragraphs = paragraphs(body, &styles);
            self.put(page, whole, |builder| {
                for Paragraph { marker, text, .. } in &paragraphs {
                    for (at, line) in lines(text).iter().enumerate() {
                        let mark = if at == 0 { marker.as_str() } else { "" };
                        builder.push(BlockKind::Note, &format!("{mark}{line}"));
                    }
                }
            });
        }
    }

    fn comments(&mut self, part: &Part, page: u32) {
        let mut count = 0;
        for name in part.targets("comments") {
            let comments = self.office.part(&name);
            let root = comments.as_ref().and_then(|part| part.tree.root());
            count += root.map_or(0, |root| root.all("cm").count());
        }
        if count > 0 {
            self.warn(page, format!("{count} comments were left out"));
        }
    }

    /// What a layout or master says itself, once for the whole presentation.
    fn behind_text(&mut self, part: &Part, page: u32, whole: Rect) {
        if !self.said.insert(part.name.clone()) {
            return;
        }
        let Some(tree) = part.tree.root().and_then(|root| root.path(&["cSld", "spTree"])) else {
            return;
        };
        let none = Behind::new(None, None, part);
        let shapes = Shapes::new(&none, whole).read(tree, Frame::SLIDE);
        self.static_text(page, &shapes);
    }

    fn static_text(&mut self, page: u32, shapes: &[Shape<'_>]) {
        for shape in shapes.iter().filter(|shape| shape.placeholder.is_none()) {
            match &shape.content {
                Content::Group(inner) => self.static_text(page, inner),
                Content::Text(paragraphs) => {
                    for paragraph in paragraphs {
                        let text = joined(&paragraph.text);
                        if self.said.insert(text.clone()) {
                            self.put(page, shape.rect, |builder| {
                                builder.furniture(Furniture::Header, &text);
                            });
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether the first slide's title is that of the presentation: marked so, or with no more than
/// a few words around it.
fn opens(title: &Shape<'_>, others: &[Shape<'_>]) -> bool {
    if title.placeholder.as_ref().is_some_and(|each| each.kind == "ctrTitle") {
        return true;
    }
    others.iter().all(|shape| {
        let body = shape
            .placeholder
            .as_ref()
            .is_some_and(|each| matches!(each.kind.as_str(), "body" | "obj"));
        match &shape.content {
            Content::Text(paragraphs) => {
                let length: usize = paragraphs.iter().map(|each| each.text.chars().count()).sum();
                (!body || paragraphs.iter().all(|each| each.marker.is_empty())) && length <= 80
            }
            Content::Group(_) => true,
            _ => false,
        }
    })
}
