//! Text in pictures of pages: scans, photographs, screenshots, pages of a PDF that are only an
//! image. Offline and in this process, by two small networks that `scripts/get-ocr` fetches.
//!
//! | step | module |
//! |---|---|
//! | load and run the networks | `engine` |
//! | where text stands | `detect`, with `geometry` |
//! | marks that belong to a line | `whole` |
//! | which way up the page lies | `upright` |
//! | cut lines out, set pages straight | `crop` |
//! | what a line says | `ctc` |
//! | rulings of tables | `rulings` |
//! | a picture of a page | `sheet` |
//! | sizes and edges of characters | `measure` |
//! | reading order | `order` |
//! | the same glyphs as a PDF gives | `layout`, with `leaders` |
//!
//! A page may lie in any of the four ways, and be up to 17° off it. Not read: columns of text that
//! run from the top down, handwriting, formulas as formulas. What the networks read may be wrong, as in any OCR: the document says
//! which pages were read so.
//!
//! The networks take memory: about 60 MB for their weights and 130 MB more while a page is
//! searched for text.

mod crop;
mod ctc;
mod detect;
mod engine;
mod geometry;
mod layout;
mod leaders;
mod measure;
mod order;
mod rulings;
mod sheet;
mod upright;
mod whole;

use std::f32::consts::FRAC_PI_4;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::OnceLock;

use image::GrayImage;

use crate::document::{Block, Page, Warning};
use crate::pdf::glyphs::Content;

use engine::Engine;
pub use engine::OcrError;
use geometry::Turn;
pub(crate) use layout::settle_sizes;

/// The resolution at which pages are best read, in dots an inch.
pub(crate) const DPI: f32 = 200.0;
/// Pages read with less confidence than this are named.
const DOUBTFUL: f32 = 0.9;

static CONFIGURED: OnceLock<Option<PathBuf>> = OnceLock::new();
static ENGINE: OnceLock<Result<Engine, OcrError>> = OnceLock::new();
static PROGRESS: OnceLock<fn()> = OnceLock::new();

/// Says where the models are, for the whole process; only the first call counts, and only before
/// the first page is read. `None` leaves it to the search that [`folder`] describes.
pub fn configure(folder: Option<PathBuf>) {
    let _ = CONFIGURED.set(folder);
}

/// Sets a function to be called whenever a network has run, which is at least once for each line:
/// a page of them takes many seconds.
pub fn set_progress(function: fn()) {
    let _ = PROGRESS.set(function);
}

fn progress() {
    if let Some(function) = PROGRESS.get() {
        function();
    }
}

/// The folder that holds the models: the configured one, else the one that the environment
/// variable `YUANWEN_OCR` names, else `ocr` beside the executable, else `yuanwen/ocr` among the
/// user's data (`$XDG_DATA_HOME`, or `~/.local/share`). The first two are given as they are, the
/// others only where they exist.
pub fn folder() -> Option<PathBuf> {
    if let Some(Some(folder)) = CONFIGURED.get() {
        return Some(folder.clone());
    }
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(folder) = variable("YUANWEN_OCR") {
        return Some(PathBuf::from(folder));
    }
    let beside = std::env::current_exe().ok().and_then(|file| Some(file.parent()?.join("ocr")));
    let data = variable("XDG_DATA_HOME").map(PathBuf::from).or_else(|| {
        let home = PathBuf::from(variable("HOME")?);
        Some(home.join(".local/share"))
    });
    let data = data.map(|data| data.join("yuanwen/ocr"));
    [beside, data].into_iter().flatten().find(|folder| folder.join("det.onnx").is_file())
}

/// Loads the models now rather than at the first page that needs them.
///
/// # Errors
/// If there are none or they cannot be used; pages that need them then say so.
pub fn preload() -> Result<(), &'static OcrError> {
    engine().map(|_| ())
}

fn engine() -> Result<&'static Engine, &'static OcrError> {
    let load = || folder().ok_or(OcrError::Missing).and_then(|folder| Engine::load(&folder));
    ENGINE.get_or_init(load).as_ref()
}

/// Pages that were read from pictures.
#[derive(Debug, Default)]
pub(crate) struct Scans {
    /// The number of each page, and how its text is turned on it, in points.
    pages: Vec<(u32, Turn)>,
}

impl Scans {
    /// Reads the picture of a page, of so many dots an inch. `None`, with a warning, if it cannot
    /// be read.
    pub(crate) fn read(
        &mut self,
        number: u32,
        picture: impl FnOnce() -> Result<(GrayImage, f32), String>,
        warnings: &mut Vec<Warning>,
    ) -> Option<Content> {
        self.read_by(engine(), number, picture, warnings)
    }

    fn read_by(
        &mut self,
        engine: Result<&Engine, &OcrError>,
        number: u32,
        picture: impl FnOnce() -> Result<(GrayImage, f32), String>,
        warnings: &mut Vec<Warning>,
    ) -> Option<Content> {
        let mut warn = |message: String| warnings.push(Warning { page: Some(number), message });
        let engine = match engine {
            Ok(engine) => engine,
            Err(error) => {
                warn(format!("the page is a picture and needs OCR: {error}"));
                return None;
            }
        };
        let read = catch_unwind(AssertUnwindSafe(|| {
            let (picture, dpi) = picture()?;
            let sheet = sheet::read(engine, &picture, dpi).map_err(|error| error.to_string())?;
            Ok((sheet, 72.0 / dpi))
        }));
        let (sheet, scale) = match read.unwrap_or_else(|_| Err("its reader failed".to_owned())) {
            Ok(read) => read,
            Err(reason) => {
                warn(format!("the page is a picture and needs OCR, which went wrong: {reason}"));
                return None;
            }
        };
        if sheet.unclear > 0 {
            let count = sheet.unclear;
            warn(format!("text at {count} places of the page is too unclear to read"));
        }
        if sheet.unread > 0 {
            let count = sheet.unread;
            warn(format!("the page has more text than is read of one: {count} lines are left out"));
        }
        if sheet.lines.is_empty() {
            warn("the page is a picture in which no text was found".to_owned());
        } else if sheet.confidence < DOUBTFUL {
            let percent = (sheet.confidence * 100.0).round();
            warn(format!("OCR is only {percent} % sure of the text of the page"));
        }
        self.pages.push((number, sheet.turn.scaled(scale)));
        Some(layout::content(&sheet, scale))
    }

    /// Pages as they are when set straight.
    pub(crate) fn straight(&self, pages: &[Page]) -> Vec<Page> {
        let mut pages = pages.to_vec();
        for (number, _) in self.pages.iter().filter(|(_, turn)| turn.is_quarter()) {
            let at = number.checked_sub(1).and_then(|i| usize::try_from(i).ok());
            if let Some(page) = at.and_then(|at| pages.get_mut(at)) {
                *page = Page { width: page.height, height: page.width, ..*page };
            }
        }
        pages
    }

    /// Puts the places of blocks from pages set straight to the pages as they are.
    pub(crate) fn turn_back(&self, blocks: &mut [Block]) {
        let turn = |page: u32| {
            let at = self.pages.binary_search_by_key(&page, |(number, _)| *number).ok()?;
            Some(self.pages[at].1).filter(|turn| *turn != Turn::NONE)
        };
        // Text that is turned further runs up, down or to the left: each character has its box.
        let slope = |page: u32| {
            let angle = turn(page)?.angle;
            Some(if angle.abs() < FRAC_PI_4 { angle.tan() } else { f32::INFINITY })
        };
        let back = |page: u32, edges| turn(page).map_or(edges, |turn| turn.box_back(edges));
        if self.pages.iter().any(|(_, turn)| *turn != Turn::NONE) {
            for Block { text, places, .. } in blocks {
                places.turn(text, slope, back);
            }
        }
    }

    /// The sentence that says which pages were read from pictures.
    pub(crate) fn warning(&self) -> Option<Warning> {
        let numbers: Vec<u32> = self.pages.iter().map(|(number, _)| *number).collect();
        let message = match numbers[..] {
            [] => return None,
            [one] => format!("page {one} was read by OCR: it may hold errors"),
            _ => format!("pages {} were read by OCR: they may hold errors", ranges(&numbers)),
        };
        Some(Warning { page: None, message })
    }
}

/// `1–3, 5` for rising numbers.
fn ranges(numbers: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some((_, to)) if *to + 1 == number => *to = number,
            _ => runs.push((number, number)),
        }
    }
    let run = |(from, to): (u32, u32)| match to - from {
        0 => from.to_string(),
        _ => format!("{from}–{to}"),
    };
    runs.into_iter().map(run).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_are_gathered_into_ranges() {
        let cases: [(&[u32], &str); 3] =
            [(&[1, 2, 3, 5], "1–3, 5"), (&[4], "4"), (&[1, 3, 4], "1, 3–4")];
        for (numbers, expected) in cases {
            assert_eq!(ranges(numbers), expected);
        }
    }

    #[test]
    fn a_folder_without_models_says_which_file_is_missing() {
        let error = Engine::load(&std::env::temp_dir().join("no such folder")).err();
        let message = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(message.contains("det.onnx") && message.contains("get-ocr"), "{message}");
    }

    #[test]
    fn without_models_a_page_is_said_to_need_ocr() {
        let (mut scans, mut warnings) = (Scans::default(), Vec::new());
        let picture = || Err("it is not even drawn".to_owned());
        assert!(scans.read_by(Err(&OcrError::Missing), 7, picture, &mut warnings).is_none());
        let [Warning { page: Some(7), message }] = &warnings[..] else { panic!("{warnings:?}") };
        assert!(message.contains("needs OCR") && message.contains("scripts/get-ocr"), "{message}");
        assert_eq!(scans.warning(), None);
    }
}
