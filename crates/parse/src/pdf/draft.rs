//! A block on its way: its text with what later steps need to classify it.

use crate::document::Block;

use super::grid::Grid;
use super::lines::Line;
use super::tags::Role;

/// A block with what its later classification needs.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) block: Block,
    pub(crate) style: Style,
    /// A table, until its text is written.
    pub(crate) grid: Option<Grid>,
}

/// How a block looks and what the file says it is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Style {
    pub(crate) size: f32,
    pub(crate) bold: bool,
    pub(crate) role: Role,
    pub(crate) lines: usize,
    /// The page of its first line.
    pub(crate) page: u32,
}

impl Style {
    pub(crate) fn of(lines: &[Line]) -> Self {
        let Some(first) = lines.first() else { return Self::default() };
        Self {
            size: lines.iter().map(|line| line.size).fold(0.0, f32::max),
            bold: lines.iter().all(|line| line.bold),
            role: first.tag.map_or(Role::Other, |tag| tag.role),
            lines: lines.len(),
            page: first.page,
        }
    }
}
