//! The child's side: limits and fence first, then file after file from stdin.

use std::io::{self, BufReader, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use yuanwen_parse::{Document, Format, ocr};

use super::fence;
use super::frames::{self, ALIVE, BYTES, MESSAGE, Reply, Request};
use super::{Limits, Picture, Sandbox};

/// Deeply nested files need a deep stack; pages of it that are not used cost nothing.
pub(crate) const STACK: usize = 32 * 1024 * 1024;

/// How long a file may take, or a page that is read by OCR.
static TIME: OnceLock<Duration> = OnceLock::new();

/// The arguments for [`serve`].
pub(super) fn arguments(sandbox: &Sandbox) -> Vec<String> {
    let limits = &sandbox.limits;
    let mut arguments = vec![
        limits.memory.to_string(),
        limits.time.as_millis().to_string(),
        limits.open_files.to_string(),
    ];
    arguments.extend(sandbox.models.iter().map(|dir| dir.display().to_string()));
    arguments
}

/// Reads files for the parent process until it closes the pipe. Call it before any thread runs.
///
/// # Errors
/// If the arguments are not those that a parent gives, a limit cannot be set or a pipe breaks.
pub fn serve(arguments: &[String]) -> io::Result<()> {
    let number = |at: usize| arguments.get(at).and_then(|text: &String| text.parse::<u64>().ok());
    let (Some(memory), Some(time), Some(open_files)) = (number(0), number(1), number(2)) else {
        return Err(io::Error::other("this command is for yuanwen itself"));
    };
    let limits =
        Limits { memory, time: Duration::from_millis(time), open_files, ..Limits::default() };
    let models = arguments.get(3).map(PathBuf::from);
    std::panic::set_hook(Box::new(|_| {}));
    let _ = TIME.set(limits.time);
    ocr::configure(models.clone());
    ocr::set_progress(alive);
    fence::close(&limits, models.as_deref())?;
    #[cfg(unix)]
    leave_with_parent()?;
    let reader = thread::Builder::new().stack_size(STACK);
    let reader = reader.spawn(move || answer_all(&limits))?;
    reader.join().unwrap_or_else(|_| Err(io::Error::other("the reader crashed")))
}

/// Ends this process soon after its parent: a killed parent closes the pipe, which is not seen
/// before the file in hand is read.
#[cfg(unix)]
fn leave_with_parent() -> io::Result<()> {
    let parent = std::os::unix::process::parent_id();
    let watch = thread::Builder::new().stack_size(64 * 1024);
    watch.spawn(move || {
        while std::os::unix::process::parent_id() == parent {
            thread::sleep(Duration::from_secs(1));
        }
        std::process::exit(1);
    })?;
    Ok(())
}

fn answer_all(limits: &Limits) -> io::Result<()> {
    let mut input = BufReader::new(io::stdin());
    loop {
        let request = match frames::read(&mut input, u64::MAX) {
            Ok((_, request)) => frames::decode(&request)?,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        };
        let (_, bytes) = frames::read(&mut input, u64::MAX)?;
        fence::begin(limits.time);
        let reply = catch_unwind(AssertUnwindSafe(|| answer(request, bytes)));
        send(reply.unwrap_or_else(|panic| Err(crash(&*panic))))?;
    }
}

fn crash(panic: &(dyn std::any::Any + Send)) -> String {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    let said: String = said.chars().take(200).collect();
    format!("the reader crashed on it ({said}); please report this")
}

fn answer(request: Request, bytes: Vec<u8>) -> Result<Reply, String> {
    match request {
        Request::Parse { name } => {
            let document = yuanwen_parse::parse(&name, bytes).map_err(|error| error.to_string())?;
            Ok(Reply::Document(Box::new(document)))
        }
        Request::Draw { name, picture } => draw(&name, bytes, picture).map(Reply::Picture),
        Request::Probe => Ok(Reply::Probes(fence::probe())),
    }
}

fn send(mut reply: Result<Reply, String>) -> io::Result<()> {
    let mut contents = Vec::new();
    if let Ok(Reply::Document(document)) = &mut reply {
        contents
            .extend(document.members.iter_mut().map(|member| std::mem::take(&mut member.bytes)));
    }
    let mut out = io::stdout().lock();
    frames::write(&mut out, MESSAGE, &frames::encode(&reply))?;
    contents.iter().try_for_each(|content| frames::write(&mut out, BYTES, content))?;
    out.flush()
}

/// Tells the parent that a page was read by OCR: the clock begins anew.
fn alive() {
    if let Some(time) = TIME.get() {
        fence::begin(*time);
    }
    // A broken pipe is met again, and reported, when the answer is sent.
    let _ = frames::write(&mut io::stdout().lock(), ALIVE, &[]);
}

/// Draws a page of a PDF. Only for frames is the file read into a document.
pub(super) fn draw(name: &str, bytes: Vec<u8>, picture: Picture) -> Result<Vec<u8>, String> {
    let Picture { page, scale, frames } = picture;
    if !frames {
        let picture = yuanwen_parse::pdf::draw_page(bytes, page, scale);
        return picture.map_err(|error| error.to_string());
    }
    let document: Document =
        yuanwen_parse::parse(name, bytes.clone()).map_err(|error| error.to_string())?;
    if document.format != Format::Pdf {
        return Err("only pages of a PDF can be drawn".to_owned());
    }
    let pages = document.pages.len();
    if !(1..=pages).contains(&(page as usize)) {
        return Err(format!("it has {pages} pages, there is no page {page}"));
    }
    let picture = yuanwen_parse::pdf::draw_boxes(bytes, &document, page, scale);
    picture.map_err(|error| error.to_string())
}
