//! The page that a person uses: its files, which are part of the program.
//!
//! `/` is the page itself and is looked at anew each time. All else lies below `/ui/<tag>/`, where
//! the tag is a hash of all files: what a browser has of one build it keeps for good, and a page
//! never mixes files of two builds. A debug build reads the files from the source tree at each
//! request, so that a change shows without building.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write;
use std::sync::LazyLock;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    HeaderName, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::Embed;

use super::tagged::{is_known, tag};
use crate::service::{ApiError, Code};

/// Nothing but what this server sends; no markup is made of text; nobody may frame it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'; require-trusted-types-for 'script'";

/// Where the files are, without the slash at the end.
const FOLDER: &str = "/ui";
/// The file of the page, and what in it stands for the folder of its files.
const PAGE: &str = "index.html";
const BASE: &str = "{base}";
/// The script that other sites embed.
const WIDGET: &str = "widget/widget.js";
/// Its address, which sites write into their pages.
pub(super) const WIDGET_ADDRESS: &str = "/widget.js";

#[derive(Embed)]
#[folder = "src/web/"]
struct Files;

/// A file as it is sent.
#[derive(Clone)]
struct File {
    kind: &'static str,
    plain: Bytes,
    /// Where that is shorter.
    packed: Option<Bytes>,
}

/// All files of this build.
struct Build {
    tag: String,
    files: HashMap<String, File>,
}

static BUILD: LazyLock<Build> = LazyLock::new(|| {
    let mut hash = blake3::Hasher::new();
    let mut files = HashMap::new();
    for name in Files::iter() {
        let Some(file) = Files::get(&name) else { continue };
        hash.update(name.as_bytes()).update(&file.metadata.sha256_hash());
        files.insert(name.to_string(), File::new(&name, file.data));
    }
    Build { tag: hash.finalize().to_hex()[..16].to_owned(), files }
});

impl File {
    fn new(name: &str, data: Cow<'static, [u8]>) -> Self {
        let plain = match data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => bytes.into(),
        };
        let packed = packed(&plain).filter(|packed| packed.len() < plain.len());
        Self { kind: kind(name), plain, packed }
    }

    /// A file as it is now.
    fn find(name: &str) -> Option<Self> {
        match cfg!(debug_assertions) {
            true => Files::get(name).map(|file| Self::new(name, file.data)),
            false => BUILD.files.get(name).cloned(),
        }
    }

    fn send(&self, headers: &HeaderMap) -> Response {
        let takes = |value: &HeaderValue| value.to_str().is_ok_and(|all| all.contains("gzip"));
        let packed = self.packed.clone();
        let packed = packed.filter(|_| headers.get_all(ACCEPT_ENCODING).iter().any(takes));
        let is_packed = packed.is_some();
        let mut response = Body::from(packed.unwrap_or_else(|| self.plain.clone())).into_response();
        let mut put = |name: HeaderName, value: &'static str| {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        };
        put(CONTENT_TYPE, self.kind);
        put(X_CONTENT_TYPE_OPTIONS, "nosniff");
        put(VARY, "accept-encoding");
        if is_packed {
            put(CONTENT_ENCODING, "gzip");
        }
        response
    }
}

fn packed(plain: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}

pub(super) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/", get(page))
        .route(WIDGET_ADDRESS, get(widget))
        .route(&format!("{FOLDER}/{{tag}}/{{*file}}"), get(file))
}

/// Whether this address is one of the page, which tells nothing but the program.
pub(super) fn is_page(path: &str) -> bool {
    path == "/" || path == WIDGET_ADDRESS || path.starts_with("/ui/")
}

async fn page(headers: HeaderMap) -> Result<Response, ApiError> {
    let file = File::find(PAGE).ok_or_else(|| ApiError::new(Code::RouteNotFound))?;
    let base = format!("{FOLDER}/{}", BUILD.tag);
    let text = String::from_utf8_lossy(&file.plain).replace(BASE, &base);
    let mut response = fresh(&headers, File::new(PAGE, Cow::Owned(text.into_bytes())))?;
    for (name, value) in [(CONTENT_SECURITY_POLICY, POLICY), (REFERRER_POLICY, "no-referrer")] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

async fn widget(headers: HeaderMap) -> Result<Response, ApiError> {
    fresh(&headers, File::find(WIDGET).ok_or_else(|| ApiError::new(Code::RouteNotFound))?)
}

/// What may be another at the same address tomorrow.
fn fresh(headers: &HeaderMap, file: File) -> Result<Response, ApiError> {
    let tag = tag(&file.plain);
    let mut response = match is_known(headers, &tag) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => file.send(headers),
    };
    let tag = HeaderValue::try_from(tag).map_err(ApiError::internal)?;
    response.headers_mut().insert(ETAG, tag);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// A file of this build. Another build's tag is not found: a page that is open since before an
/// update has to be loaded again.
async fn file(
    Path((tag, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let found = Some(name).filter(|_| tag == BUILD.tag || cfg!(debug_assertions));
    let file = found.and_then(|name| File::find(&name));
    let file = file.ok_or_else(|| ApiError::new(Code::RouteNotFound))?;
    let mut response = file.send(&headers);
    let keep = match cfg!(debug_assertions) {
        true => "no-store",
        false => "public, max-age=31536000, immutable",
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    Ok(response)
}
