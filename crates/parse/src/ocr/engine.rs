//! The networks: where text stands, then what each line says.
//!
//! A folder holds them in ONNX format, as `scripts/get-ocr` lays it out:
//!
//! | file | |
//! |---|---|
//! | `det.onnx` | detection: a picture to a map of probabilities, see [`detect`](super::detect) |
//! | `rec.onnx` | recognition: a line 48 pixels high to characters, see [`ctc`](super::ctc) |
//! | `keys.txt` | its characters, one a line; not needed where `rec.onnx` names them itself |
//!
//! They run one line at a time on one thread: files are read side by side already, and memory
//! stays bounded.

use std::path::Path;
use std::sync::Arc;

use image::{DynamicImage, GrayImage};
use rten::{Model, ModelOptions, RunOptions, ThreadPool, Value};

use super::crop::{Ink, Strip};
use super::ctc::{self, Step};
use super::detect;
use super::geometry::Quad;
use super::progress;

/// The height of a line as the recognition network takes it.
const LINE_HEIGHT: usize = 48;
/// Longer lines than this are read in parts, in pixels at that height.
const LONGEST_PART: usize = 2400;
/// Lines are stretched to at least this.
const SHORTEST_PART: usize = 48;
/// A line is at most this many times as long as high.
const LONGEST_LINE: f32 = 400.0;
/// A rectangle this many times as high as wide holds text that runs down or up.
pub(crate) const TALL: f32 = 1.8;
/// Model files are at most this large.
const LARGEST_FILE: u64 = 256 << 20;

/// Why the recognition of text is not at hand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OcrError {
    /// No folder with models was found.
    #[error("no models are installed; scripts/get-ocr fetches them")]
    Missing,
    /// A file is missing or cannot be used.
    #[error("{file} cannot be used: {reason}; scripts/get-ocr fetches it anew")]
    Unusable {
        /// The file.
        file: String,
        /// Why not.
        reason: String,
    },
    /// A network failed on a picture.
    #[error("the network failed: {0}")]
    Failed(String),
}

/// A line of text in a picture.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) characters: Vec<Character>,
    /// The rectangle around it; characters are measured along its width.
    pub(crate) quad: Quad,
    /// What its text looks like, in shares of the rectangle.
    pub(crate) ink: Option<Ink>,
    /// The mean over its characters, 0 to 1.
    pub(crate) confidence: f32,
}

/// A character of a [`Line`], and where its centre is along it, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Character {
    pub(crate) ch: char,
    pub(crate) at: f32,
}

/// The networks, loaded.
pub(crate) struct Engine {
    detection: Model,
    recognition: Model,
    alphabet: Vec<char>,
    thread: Arc<ThreadPool>,
}

impl Engine {
    /// Loads the networks of a folder.
    pub(crate) fn load(folder: &Path) -> Result<Self, OcrError> {
        let detection = model(&folder.join("det.onnx"))?;
        let file = folder.join("rec.onnx");
        let recognition = model(&file)?;
        let own = recognition.metadata().get("character").map(str::to_owned);
        let keys = match own {
            Some(keys) => keys,
            None => {
                let keys = folder.join("keys.txt");
                std::fs::read_to_string(&keys).map_err(|error| unusable(&keys, error))?
            }
        };
        let alphabet = alphabet(&keys).ok_or_else(|| unusable(&file, "its characters are none"))?;
        let thread = Arc::new(ThreadPool::with_num_threads(1));
        Ok(Self { detection, recognition, alphabet, thread })
    }

    /// The rectangles around the lines of a picture.
    pub(crate) fn detect(&self, picture: &GrayImage) -> Result<Vec<Quad>, OcrError> {
        let mut out = Vec::new();
        for band in detect::bands(picture.width(), picture.height()) {
            let height = band.bottom - band.top;
            let part =
                image::imageops::crop_imm(picture, 0, band.top, picture.width(), height).to_image();
            let part = DynamicImage::ImageLuma8(part);
            let input = detect::input(&part);
            let (width, rows) = (input.width, input.height);
            let output = self.run(&self.detection, input.values, width, rows)?;
            let ([_, _, map_rows, map_width], map) =
                output.into_shape_vec::<f32, 4>().map_err(failed)?;
            let x = part.width() as f32 / map_width.max(1) as f32;
            let y = height as f32 / map_rows.max(1) as f32;
            let quads = detect::lines(&map, map_width, map_rows).into_iter().map(|quad| {
                let mut quad = quad.scaled(x, y);
                quad.centre.y += band.top as f32;
                quad
            });
            let (from, to) = band.own;
            out.extend(quads.filter(|quad| from <= quad.centre.y && quad.centre.y < to));
            out.truncate(detect::MOST_LINES);
        }
        Ok(out)
    }

    /// Reads one line; text that runs up or down in whichever direction is read better.
    pub(crate) fn read(&self, picture: &GrayImage, quad: Quad) -> Result<Line, OcrError> {
        if quad.height < TALL * quad.width {
            return self.read_lying(picture, quad);
        }
        let up = self.read_lying(picture, quad.lying())?;
        let mut turned = quad.lying();
        turned.angle += std::f32::consts::PI;
        let down = self.read_lying(picture, turned)?;
        Ok(if up.confidence >= down.confidence { up } else { down })
    }

    /// Reads a line that runs along the width of its rectangle.
    pub(crate) fn read_lying(&self, picture: &GrayImage, quad: Quad) -> Result<Line, OcrError> {
        let quad = Quad { height: quad.height.max(quad.width / LONGEST_LINE).max(1.0), ..quad };
        let strip = Strip::cut(picture, quad, LINE_HEIGHT);
        let mut steps: Vec<Step> = Vec::new();
        let mut from = 0;
        while from < strip.width {
            let left = strip.width - from;
            let parts = left.div_ceil(LONGEST_PART);
            let to = match parts {
                1 => strip.width,
                _ => strip.quiet_column(from + left / parts).max(from + 1),
            };
            let share = |at: f32| (from as f32 + at * (to - from) as f32) / strip.width as f32;
            let part = self.recognise(&strip, from, to)?;
            steps.extend(part.into_iter().map(|step| Step { at: share(step.at), ..step }));
            from = to;
        }
        let count = steps.len().max(1) as f32;
        let confidence = steps.iter().map(|step| step.confidence).sum::<f32>() / count;
        let place = |step: &Step| Character { ch: step.ch, at: step.at * quad.width };
        let characters = steps.iter().map(place).collect();
        Ok(Line { characters, quad, ink: strip.ink(), confidence })
    }

    /// Reads the columns of a strip from one to another.
    fn recognise(&self, strip: &Strip, from: usize, to: usize) -> Result<Vec<Step>, OcrError> {
        let width = (to - from).max(SHORTEST_PART);
        let mut plane = Vec::with_capacity(width * strip.height);
        for row in strip.values.chunks(strip.width) {
            let part = row[from..to].iter().map(|value| value / 127.5 - 1.0);
            plane.extend(part.chain(std::iter::repeat_n(0.0, width - (to - from))));
        }
        let output = self.run(&self.recognition, plane.repeat(3), width, strip.height)?;
        let ([_, _, classes], probabilities) = output.into_shape_vec::<f32, 3>().map_err(failed)?;
        let mut steps = ctc::decode(&probabilities, classes, &self.alphabet);
        let stretch = width as f32 / (to - from) as f32;
        for step in &mut steps {
            step.at = (step.at * stretch).min(1.0);
        }
        Ok(steps)
    }

    /// Runs a network on three planes of values.
    fn run(
        &self,
        model: &Model,
        values: Vec<f32>,
        width: usize,
        height: usize,
    ) -> Result<Value, OcrError> {
        let input = Value::from_shape(&[1, 3, height, width], values).map_err(failed)?;
        let options = RunOptions::default().with_thread_pool(Some(self.thread.clone()));
        let output = model.run_one(input.into(), Some(options)).map_err(failed);
        progress();
        output
    }
}

fn failed(error: impl std::fmt::Display) -> OcrError {
    OcrError::Failed(error.to_string())
}

fn model(file: &Path) -> Result<Model, OcrError> {
    let size = std::fs::metadata(file).map_err(|error| unusable(file, error))?.len();
    if size > LARGEST_FILE {
        return Err(unusable(file, "it is too large to be a model"));
    }
    let bytes = std::fs::read(file).map_err(|error| unusable(file, error))?;
    ModelOptions::with_all_ops().load(bytes).map_err(|error| unusable(file, error))
}

fn unusable(file: &Path, reason: impl std::fmt::Display) -> OcrError {
    OcrError::Unusable { file: file.display().to_string(), reason: reason.to_string() }
}

/// The characters of a list, one a line, and a space: the last class of the network.
fn alphabet(keys: &str) -> Option<Vec<char>> {
    let keys = keys.strip_suffix('\n').unwrap_or(keys);
    let lines = keys.split('\n').map(|line| line.trim_end_matches('\r'));
    let mut alphabet: Vec<char> = Vec::new();
    for line in lines {
        let mut characters = line.chars();
        alphabet.push(characters.next().unwrap_or(' '));
        if characters.next().is_some() {
            return None;
        }
    }
    alphabet.push(' ');
    (alphabet.len() > 2).then_some(alphabet)
}
