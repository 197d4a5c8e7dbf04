//! The box that untrusted bytes are read in: child processes of the same program under limits.
//!
//! A `Reader` holds one child and gives it file after file. The child has set itself limits on
//! address space, processor time, open files and written files, and on Linux a filter of system
//! calls (seccomp) and of paths (Landlock) where the kernel has them, before it looks at the first
//! byte. The parent limits wall time and the size of what comes back. A child that crashes, hangs
//! or goes over a limit costs the file that it was reading; the next file gets a new child.
//!
//! A failure must not depend on which files went before: what fails in a child that has read other
//! files is tried once more in a new one, unless it was the time that ran out.
//!
//! ```text
//! parent                          child (`serve`)
//! Reader ── request, bytes ──▶    limits, fence, then: parse in a thread with a deep stack
//!        ◀── alive … reply ──
//! ```

mod alarm;
mod child;
mod drawing;
mod fence;
mod frames;
mod serve;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use yuanwen_parse::Document;

use child::Child;
use frames::{Reply, Request};

pub use drawing::{Drawing, Picture};
pub use frames::Probe;
pub use serve::serve;

/// What reading one file may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Address space of the child, in bytes.
    pub memory: u64,
    /// Processor time and wall time for a file, and for each page of it that goes through OCR.
    pub time: Duration,
    /// What comes back of a file, in bytes.
    pub output: u64,
    /// Open files of the child.
    pub open_files: u64,
}

impl Default for Limits {
    /// 512 MB, 60 s, 256 MB, 32 files.
    fn default() -> Self {
        Self { memory: 512 << 20, time: Duration::from_secs(60), output: 256 << 20, open_files: 32 }
    }
}

/// How files are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Reading {
    /// In this process: for tests, and for files that are trusted.
    #[default]
    Here,
    /// In child processes.
    Boxed(Sandbox),
}

/// Which program the children run, and what they may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sandbox {
    /// The program; it must call [`serve`] with the arguments that follow [`Sandbox::arguments`].
    pub program: PathBuf,
    /// What goes in front of the arguments of [`serve`].
    pub arguments: Vec<String>,
    /// What reading a file may cost.
    pub limits: Limits,
    /// The folder of the models for OCR, which the child may read.
    pub models: Option<PathBuf>,
}

/// Why a file was not read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The reader itself says why.
    Refused(String),
    /// Its memory went over the limit.
    Memory(u64),
    /// It took too long.
    Time(Duration),
    /// Too much came back.
    Output(u64),
    /// The child ended; how.
    Crashed(String),
    /// No child could be started.
    NoChild(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(reason) => f.write_str(reason),
            Self::Memory(limit) => {
                write!(f, "reading it takes more than {} MB of memory; ", limit >> 20)?;
                f.write_str("split it, or raise --memory-limit")
            }
            Self::Time(limit) => {
                write!(f, "reading it takes more than {} s; ", limit.as_secs_f32())?;
                f.write_str("split it, or raise --time-limit")
            }
            Self::Output(limit) => {
                write!(f, "more than {} MB come out of it; split it", limit >> 20)
            }
            Self::Crashed(how) => write!(f, "the reader crashed on it ({how}); please report this"),
            Self::NoChild(reason) => write!(f, "no process to read it: {reason}"),
        }
    }
}

impl Failure {
    /// Whether a new child may do better.
    fn may_be_left_over(&self) -> bool {
        matches!(self, Self::Memory(_) | Self::Crashed(_))
    }
}

/// Reads files, one at a time. Each thread that reads has its own.
pub(crate) struct Reader<'a> {
    reading: &'a Reading,
    child: Option<Child>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(reading: &'a Reading) -> Self {
        Self { reading, child: None }
    }

    /// Reads a file into a document.
    pub(crate) fn parse(&mut self, name: &str, bytes: Vec<u8>) -> Result<Document, Failure> {
        let Reading::Boxed(sandbox) = self.reading else {
            let document = yuanwen_parse::parse(name, bytes);
            return document.map_err(|error| Failure::Refused(error.to_string()));
        };
        match self.call(sandbox, &Request::Parse { name: name.to_owned() }, &bytes)? {
            Reply::Document(document) if document.is_sound() => Ok(*document),
            _ => Err(Failure::Crashed("what came back makes no sense".to_owned())),
        }
    }

    /// Draws a page of a PDF as PNG.
    fn draw(&mut self, name: &str, bytes: Vec<u8>, picture: Picture) -> Result<Vec<u8>, Failure> {
        let Reading::Boxed(sandbox) = self.reading else {
            return serve::draw(name, bytes, picture).map_err(Failure::Refused);
        };
        let request = Request::Draw { name: name.to_owned(), picture };
        match self.call(sandbox, &request, &bytes)? {
            Reply::Picture(picture) => Ok(picture),
            _ => Err(Failure::Crashed("what came back makes no sense".to_owned())),
        }
    }

    /// What the fence of a child keeps out.
    pub(crate) fn probe(&mut self) -> Result<Vec<Probe>, Failure> {
        let Reading::Boxed(sandbox) = self.reading else { return Ok(Vec::new()) };
        match self.call(sandbox, &Request::Probe, &[])? {
            Reply::Probes(probes) => Ok(probes),
            _ => Err(Failure::Crashed("what came back makes no sense".to_owned())),
        }
    }

    fn call(
        &mut self,
        sandbox: &Sandbox,
        request: &Request,
        bytes: &[u8],
    ) -> Result<Reply, Failure> {
        loop {
            let new = self.child.is_none();
            let mut child = match self.child.take() {
                Some(child) => child,
                None => {
                    Child::start(sandbox).map_err(|error| Failure::NoChild(error.to_string()))?
                }
            };
            match child.call(request, bytes, &sandbox.limits) {
                Ok(reply) => {
                    self.child = Some(child);
                    return reply.map_err(Failure::Refused);
                }
                Err(failure) if !new && failure.may_be_left_over() => {}
                Err(failure) => return Err(failure),
            }
        }
    }
}

/// Reads files one after the other, with the same child as long as it lives.
pub struct Session<'a>(Reader<'a>);

impl<'a> Session<'a> {
    /// Begins without a child: the first file starts one.
    pub fn new(reading: &'a Reading) -> Self {
        Self(Reader::new(reading))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// A sentence that says why it cannot be read.
    pub fn parse(&mut self, name: &str, bytes: Vec<u8>) -> Result<Document, String> {
        self.0.parse(name, bytes).map_err(|failure| failure.to_string())
    }
}

impl Reading {
    /// Reads one file.
    ///
    /// # Errors
    /// A sentence that says why it cannot be read.
    pub fn parse(&self, name: &str, bytes: Vec<u8>) -> Result<Document, String> {
        Reader::new(self).parse(name, bytes).map_err(|failure| failure.to_string())
    }

    /// Draws a page of a PDF. Gives a PNG.
    ///
    /// # Errors
    /// A sentence that says why it cannot be drawn.
    pub fn draw(&self, name: &str, bytes: Vec<u8>, picture: Picture) -> Result<Vec<u8>, String> {
        Reader::new(self).draw(name, bytes, picture).map_err(|failure| failure.to_string())
    }

    /// Tries in a child what a document must not be able to do; empty without a box.
    ///
    /// # Errors
    /// A sentence that says why there is no child.
    pub fn probe(&self) -> Result<Vec<Probe>, String> {
        Reader::new(self).probe().map_err(|failure| failure.to_string())
    }
}
