//! Files from a server: asked about first, then loaded, from where an earlier try ended.
//!
//! Hubs answer with a redirect to another host that sends the file, so up to [`HOPS`] redirects are
//! followed, from encrypted addresses only to encrypted ones; no key is ever sent. An address that a
//! redirect gave may be signed, so messages name the one that was asked for.
//!
//! A server is asked about a file by its first byte (`Range: bytes=0-0`): hubs sign addresses for
//! GET alone, so that HEAD fails. What comes is written to a `.part` file whose name tells which
//! version of the file it is part of; a later try asks for the rest (RFC 9110, 14).

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::thread;

use ureq::Body;
use ureq::http::{Response, header};

use super::checksum::{Checksum, text};
use super::client::{Client, Fault};
use super::{Limits, RemoteError, address};
use crate::error::{Error, Result};

const HOPS: usize = 5;
const CHUNK: usize = 1 << 18;
/// What to do where a hub wants to know who asks.
const CLOSED: &str = "there is no such model, or not for everybody: check the name; a model behind \
                      a login has to be loaded with a browser, then add its folder";

/// A file that a server has.
#[derive(Debug)]
pub(crate) struct Offered {
    url: String,
    /// Its size in bytes.
    pub(crate) size: u64,
    checksum: Option<Checksum>,
    /// A strong entity tag of what sends it.
    tag: Option<String>,
}

/// Asks a server about a file; `None` if it has none at this address.
pub(crate) fn offered(
    url: &str,
    limits: &Limits,
) -> std::result::Result<Option<Offered>, RemoteError> {
    let client = Client::new(url.to_owned(), None, *limits);
    limits.retried(|| {
        let (response, checksum) = open(&client, url, &[range(0, Some(0))])?;
        let headers = response.headers();
        let size = match response.status().as_u16() {
            404 => return Ok(None),
            206 | 416 => text(headers, &header::CONTENT_RANGE).and_then(whole),
            _ => text(headers, &header::CONTENT_LENGTH).and_then(|size| size.parse().ok()),
        };
        let no_size = || Fault::Final(client.unexpected("the server does not say how long it is"));
        let size = size.ok_or_else(no_size)?;
        let strong = |tag: &&str| tag.starts_with('"');
        let tag = text(headers, &header::ETAG).filter(strong).map(str::to_owned);
        Ok(Some(Offered { url: url.to_owned(), size, checksum, tag }))
    })
}

/// Loads a file to a place, or what is missing of it there; says how much of it has come.
pub(crate) fn download(
    file: &Offered,
    to: &Path,
    limits: &Limits,
    progress: &mut dyn FnMut(u64),
) -> Result<()> {
    if to.is_file() && file.checksum.is_some() && file.verify(to).is_ok() {
        progress(file.size);
        return Ok(());
    }
    let part = file.part(to);
    let made = to.parent().map_or(Ok(()), fs::create_dir_all);
    made.map_err(|error| Error::io(to, error))?;
    let client = Client::new(file.url.clone(), None, *limits);
    while !limits.retried(|| file.go_on(&client, &part, progress))? {
        thread::sleep(limits.delay);
    }
    if let Err(error) = file.verify(&part) {
        let _ = fs::remove_file(&part);
        return Err(error);
    }
    fs::rename(&part, to).map_err(|error| Error::io(to, error))?;
    forget_parts(to);
    Ok(())
}

/// Deletes what was loaded of other versions of a file.
fn forget_parts(of: &Path) {
    let begin = format!("{}.", of.file_name().unwrap_or_default().to_string_lossy());
    let beside = of.parent().and_then(|folder| fs::read_dir(folder).ok());
    for file in beside.into_iter().flatten().flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        if name.starts_with(&begin) && name.ends_with(".part") {
            let _ = fs::remove_file(file.path());
        }
    }
}

impl Offered {
    /// Whether the server says what its content is, so that it can be verified.
    pub(crate) fn has_checksum(&self) -> bool {
        self.checksum.is_some()
    }

    /// Where it lies while it is incomplete: another version is another file.
    fn part(&self, to: &Path) -> PathBuf {
        let version = format!("{:?} {:?} {}", self.checksum, self.tag, self.size);
        let version = blake3::hash(version.as_bytes()).to_hex();
        let name = to.file_name().unwrap_or_default().to_string_lossy();
        to.with_file_name(format!("{name}.{}.part", &version[..8]))
    }

    /// Loads what is missing; `false` if something came before the connection broke off.
    fn go_on(
        &self,
        client: &Client,
        part: &Path,
        progress: &mut dyn FnMut(u64),
    ) -> std::result::Result<bool, Fault> {
        let here = |error: std::io::Error| {
            let why = format!("{} cannot be written: {error}", part.display());
            Fault::Final(client.ended(why))
        };
        let file = File::options().create(true).append(true).open(part).map_err(here)?;
        // Without a tag nobody knows whether what is there belongs to what would come.
        let known = self.checksum.is_some() || self.tag.is_some();
        let mut done = file.metadata().map_err(here)?.len();
        if !known || done > self.size {
            file.set_len(0).map_err(here)?;
            done = 0;
        }
        if done == self.size {
            return Ok(true);
        }
        let mut headers = vec![range(done, None)];
        headers.extend(self.tag.clone().map(|tag| (header::IF_RANGE, tag)));
        let (response, _) = open(client, &self.url, &headers)?;
        done = match response.status().as_u16() {
            206 if from(&response) == Some(done) => done,
            200 => 0,
            status => {
                let what = format!("status {status} for bytes {done} to {}", self.size);
                return Err(Fault::Final(client.unexpected(what)));
            }
        };
        file.set_len(done).map_err(here)?;
        let body = response.into_body().into_with_config().limit(self.size - done + 1);
        let begin = done;
        match self.write(&mut body.reader(), file, &mut done, progress) {
            Ok(()) if done == self.size => Ok(true),
            Ok(()) if done > self.size => {
                let _ = fs::remove_file(part);
                Err(Fault::Final(client.unexpected("it is longer than the server said")))
            }
            Ok(()) | Err(Broken::Server(_)) if done > begin => Ok(false),
            Ok(()) => Err(Fault::Passing(client.ended("nothing came of it"), None)),
            Err(Broken::Server(error)) => Err(client.broken(error.into())),
            Err(Broken::Here(error)) => Err(here(error)),
        }
    }

    fn write(
        &self,
        body: &mut impl Read,
        mut file: File,
        done: &mut u64,
        progress: &mut dyn FnMut(u64),
    ) -> std::result::Result<(), Broken> {
        let mut chunk = vec![0; CHUNK];
        progress(*done);
        loop {
            let length = body.read(&mut chunk).map_err(Broken::Server)?;
            if length == 0 {
                return file.sync_all().map_err(Broken::Here);
            }
            file.write_all(&chunk[..length]).map_err(Broken::Here)?;
            *done += length as u64;
            progress((*done).min(self.size));
        }
    }

    /// Compares a file with the checksum that the server named.
    fn verify(&self, path: &Path) -> Result<()> {
        let Some(named) = &self.checksum else { return Ok(()) };
        let found = named.of(path, self.size).map_err(|error| Error::io(path, error))?;
        if found == *named {
            return Ok(());
        }
        let (named, found) = (named.to_string(), found.to_string());
        Err(RemoteError::Damaged { url: self.url.clone(), named, found }.into())
    }
}

/// What went wrong while a file came.
enum Broken {
    Server(std::io::Error),
    Here(std::io::Error),
}

/// Asks for a file wherever the server sends the question, and gives the checksum that is named on
/// the way.
fn open(
    client: &Client,
    url: &str,
    headers: &[(header::HeaderName, String)],
) -> std::result::Result<(Response<Body>, Option<Checksum>), Fault> {
    let mut at = url.to_owned();
    let mut checksum = None;
    for _ in 0..=HOPS {
        let response = client.get(&at, headers).map_err(explained)?;
        checksum = checksum.or_else(|| Checksum::named(response.headers()));
        if !response.status().is_redirection() {
            return Ok((response, checksum));
        }
        let to = text(response.headers(), &header::LOCATION);
        let next = to.and_then(|to| address::redirected(&at, to));
        at = next.ok_or_else(|| Fault::Final(client.redirected(&response)))?;
    }
    Err(Fault::Final(client.unexpected("it redirects too often")))
}

fn explained(fault: Fault) -> Fault {
    match fault {
        Fault::Final(RemoteError::Status { url, status: status @ (401 | 403), said, .. }) => {
            Fault::Final(RemoteError::Status { url, status, said, advice: CLOSED.to_owned() })
        }
        other => other,
    }
}

fn range(from: u64, to: Option<u64>) -> (header::HeaderName, String) {
    let to = to.map(|to| to.to_string()).unwrap_or_default();
    (header::RANGE, format!("bytes={from}-{to}"))
}

/// The size of the whole in `bytes 0-0/123` or `bytes */123`.
fn whole(range: &str) -> Option<u64> {
    range.rsplit_once('/')?.1.trim().parse().ok()
}

/// Where the range begins that a response holds.
fn from(response: &Response<Body>) -> Option<u64> {
    let range = text(response.headers(), &header::CONTENT_RANGE)?;
    range.trim().strip_prefix("bytes ")?.split_once('-')?.0.trim().parse().ok()
}
