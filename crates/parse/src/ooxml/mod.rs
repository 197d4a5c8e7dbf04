//! What DOCX and PPTX share: Office Open XML (ECMA-376, ISO/IEC 29500), both its namespaces
//! ("transitional" and "strict").
//!
//! A part becomes a small tree ([`xml`]) that both readers walk; its depth and size are bounded,
//! so the walks may recurse. [`part`] follows relationships between parts, [`number`] writes
//! numbers as lists show them, [`chart`] and [`diagram`] read what is drawn from other parts,
//! [`embedded`] the files inside.

pub(crate) mod chart;
pub(crate) mod diagram;
pub(crate) mod embedded;
pub(crate) mod math;
pub(crate) mod number;
pub(crate) mod number_format;
pub(crate) mod part;
pub(crate) mod properties;
pub(crate) mod symbol;
pub(crate) mod xml;

pub(crate) use part::{Office, Part};
pub(crate) use xml::{Element, Ns, Tree};
