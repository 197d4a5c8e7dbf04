//! What a reader of a workbook hands over: the filled cells of each sheet, as they are displayed.

/// A file with more filled cells than this is cut off there.
pub(crate) const MOST_CELLS: usize = 2_000_000;
/// The text of all cells together is cut off at this many bytes.
pub(crate) const MOST_TEXT: usize = 64 << 20;
/// More areas, notes and the like than this of one sheet are not looked at.
pub(super) const MOST_EXTRAS: usize = 100_000;
/// The size of a sheet of Excel, in rows and columns. Cells outside it are left out.
pub(super) const MOST_ROWS: u32 = 1 << 20;
pub(super) const MOST_COLUMNS: u32 = 1 << 14;

/// A rectangle of cells: first and last row and column, from 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Area {
    pub(crate) top: u32,
    pub(crate) left: u32,
    pub(crate) bottom: u32,
    pub(crate) right: u32,
}

impl Area {
    pub(crate) fn cell(row: u32, column: u32) -> Self {
        Self { top: row, left: column, bottom: row, right: column }
    }

    pub(crate) fn contains(&self, row: u32, column: u32) -> bool {
        (self.top..=self.bottom).contains(&row) && (self.left..=self.right).contains(&column)
    }

    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.top <= other.bottom
            && other.top <= self.bottom
            && self.left <= other.right
            && other.left <= self.right
    }

    /// The smallest rectangle around both.
    pub(crate) fn around(&self, other: &Self) -> Self {
        Self {
            top: self.top.min(other.top),
            left: self.left.min(other.left),
            bottom: self.bottom.max(other.bottom),
            right: self.right.max(other.right),
        }
    }

    pub(crate) fn rows(&self) -> u32 {
        self.bottom - self.top + 1
    }

    pub(crate) fn columns(&self) -> u32 {
        self.right - self.left + 1
    }
}

/// A filled cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SheetCell {
    pub(crate) row: u32,
    pub(crate) column: u32,
    /// What is displayed.
    pub(crate) text: Box<str>,
}

/// An area that the file itself calls a table or filters by its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marked {
    pub(crate) area: Area,
    pub(crate) header_rows: u32,
}

/// A sheet as it was read.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) hidden: bool,
    /// The filled cells, in any order.
    pub(crate) cells: Vec<SheetCell>,
    /// The merged areas.
    pub(crate) merged: Vec<Area>,
    /// How many more merged areas there are.
    pub(crate) unmerged: usize,
    pub(crate) marked: Vec<Marked>,
    /// What is noted on cells: row, column and text.
    pub(crate) notes: Vec<SheetCell>,
    /// Text boxes: row and column where they begin, and text.
    pub(crate) boxes: Vec<SheetCell>,
    /// Whether charts or pictures lie on it.
    pub(crate) drawings: bool,
    /// How many formulas have no stored result.
    pub(crate) uncalculated: usize,
    /// Whether only empty rows part its regions, not empty columns.
    pub(crate) banded: bool,
}

impl Sheet {
    /// Adds a merged area.
    pub(super) fn merge(&mut self, area: Area) {
        if self.merged.len() < MOST_EXTRAS {
            self.merged.push(area);
        } else {
            self.unmerged += 1;
        }
    }
}

/// What may still be read of a file.
#[derive(Debug)]
pub(crate) struct Budget {
    cells: usize,
    text: usize,
    /// Whether something was cut off.
    pub(crate) spent: bool,
    /// How many cells lay outside the largest sheet that there is.
    pub(crate) outside: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { cells: MOST_CELLS, text: MOST_TEXT, spent: false, outside: 0 }
    }
}

impl Budget {
    /// Adds a cell to a sheet if it has text and there is room for it.
    pub(crate) fn add(&mut self, sheet: &mut Sheet, row: u32, column: u32, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            self.outside += 1;
            return;
        }
        if self.take(text.len()) {
            sheet.cells.push(SheetCell { row, column, text: text.into() });
        }
    }

    /// Adds a note on a cell.
    pub(super) fn note(&mut self, sheet: &mut Sheet, row: u32, column: u32, text: &str) {
        let text = text.trim();
        if !text.is_empty() && self.take(text.len()) {
            sheet.notes.push(SheetCell { row, column, text: text.into() });
        }
    }

    /// Adds a text box.
    pub(super) fn boxed(&mut self, sheet: &mut Sheet, row: u32, column: u32, text: &str) {
        let text = text.trim();
        if !text.is_empty() && self.take(text.len()) {
            sheet.boxes.push(SheetCell { row, column, text: text.into() });
        }
    }

    /// Whether there is room for one more cell with this much text.
    pub(crate) fn take(&mut self, length: usize) -> bool {
        if self.spent || self.cells == 0 || self.text < length {
            self.spent = true;
            return false;
        }
        self.cells -= 1;
        self.text -= length;
        true
    }
}

/// The row and column of a cell's name, for example `AB12`.
pub(super) fn place(name: &str) -> Option<(u32, u32)> {
    let name = name.trim().as_bytes();
    let (mut column, mut row, mut digits) = (0_u32, 0_u32, false);
    for byte in name.iter().filter(|byte| **byte != b'$') {
        match byte.to_ascii_uppercase() {
            letter @ b'A'..=b'Z' if !digits => {
                column = column.checked_mul(26)?.checked_add(u32::from(letter - b'A') + 1)?;
            }
            digit @ b'0'..=b'9' => {
                digits = true;
                row = row.checked_mul(10)?.checked_add(u32::from(digit - b'0'))?;
            }
            _ => return None,
        }
    }
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

/// The area of a range's name, for example `A1:C4`.
pub(super) fn area(name: &str) -> Option<Area> {
    let (first, last) = name.split_once(':').unwrap_or((name, name));
    let ((top, left), (bottom, right)) = (place(first)?, place(last)?);
    (top <= bottom && left <= right).then_some(Area { top, left, bottom, right })
}
