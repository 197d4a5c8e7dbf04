//! What can go wrong with a request: one table of stable codes.
//!
//! The status says who is at fault: 4xx whoever asks, 5xx this program or this machine. A client
//! may rely on codes and statuses; messages are for people and may change.

use std::fmt;

use serde_json::{Map, Value};
use yuanwen_engine::Error;
use yuanwen_engine::store::StoreError;

macro_rules! codes {
    ($($name:ident $code:literal $status:literal $message:literal)*) => {
        /// The codes of errors.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Code { $($name),* }

        impl Code {
            /// All codes, in the order of the table.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code, the HTTP status, and what to do unless the error knows better.
            fn row(self) -> (&'static str, u16, &'static str) {
                match self { $(Self::$name => ($code, $status, $message)),* }
            }
        }
    };
}

codes! {
    InvalidJson "invalid_json" 400 "the body is not JSON, or is cut off; send one JSON value in UTF-8"
    InvalidParameter "invalid_parameter" 400 "a parameter of the address cannot be used; the details name it"
    InvalidBody "invalid_body" 422 "a field of the body is missing, unknown or of the wrong type; the details name it"
    InvalidCursor "invalid_cursor" 400 "the cursor is not one that this list gave out; begin without one"
    Unauthorized "unauthorized" 401 "send a valid key as `Authorization: Bearer KEY`; `yuanwen key create` makes one"
    Forbidden "forbidden" 403 "this key may not do that; use one with the scope that the details name"
    FolderNotAllowed "folder_not_allowed" 403 "the server reads no such folder; start it with --allow-folder DIR to let it"
    HostNotAllowed "host_not_allowed" 403 "without keys the service answers on this machine only, by the names localhost, 127.0.0.1 or [::1]"
    OriginNotAllowed "origin_not_allowed" 403 "web pages of this origin may not change anything; allow it with --cors"
    RouteNotFound "route_not_found" 404 "there is no such address; /api/v1/docs lists them all"
    KbNotFound "kb_not_found" 404 "there is no such knowledge base; GET /api/v1/kbs lists them"
    DocumentNotFound "document_not_found" 404 "there is no such document; GET /api/v1/kbs/{kb}/documents lists them"
    DocumentNotRead "document_not_read" 409 "nothing of this document was read yet, or it could not be read; its `state` and `problem` say why"
    DocumentBeingRead "document_being_read" 409 "the document is being read at this moment; try again when that is done"
    NameTaken "name_taken" 409 "another document has this path; rename or remove that one first"
    InvalidName "invalid_name" 422 "a document cannot be called so; the details say why"
    VersionNotFound "version_not_found" 404 "the document has no such version; its `versions` lists them"
    JobNotFound "job_not_found" 404 "there is no such job; GET /api/v1/kbs/{kb}/queue lists them"
    PageNotFound "page_not_found" 404 "the document has no such page; its `pages` says how many there are"
    PassageNotFound "passage_not_found" 404 "the document has no such passage; its `passages` says how many there are"
    NotDrawable "not_drawable" 409 "only pages of a PDF can be drawn"
    OriginalNotFound "original_not_found" 404 "the copy of the file is lost; run `yuanwen check`, or add the file again"
    ConversationNotFound "conversation_not_found" 404 "there is no such conversation, or it has expired; begin a new one"
    ConversationFull "conversation_full" 409 "the conversation has 1,000 questions; begin a new one"
    FeedbackNotFound "feedback_not_found" 404 "there is no such feedback; GET /api/v1/kbs/{kb}/feedback lists it"
    NotRatable "not_ratable" 422 "this cannot be rated; the details say why"
    NotInDocument "not_in_document" 422 "the text does not stand in that document; quote it as it stands there"
    EvaluationNotFound "evaluation_not_found" 404 "there is no such evaluation; GET /api/v1/kbs/{kb}/evaluations lists them"
    KeyNotFound "key_not_found" 404 "there is no such key; GET /api/v1/keys lists them"
    MethodNotAllowed "method_not_allowed" 405 "this address knows other methods; the header Allow lists them"
    RequestTimeout "request_timeout" 408 "the body came too slowly; send it without pauses"
    KbExists "kb_exists" 409 "a knowledge base of this id is there already; choose another id"
    KbBusy "kb_busy" 409 "another process is changing this knowledge base; try again when it is done"
    KbServed "kb_served" 409 "another server serves this knowledge base; stop it, or ask that one"
    KbFixed "kb_fixed" 409 "this server serves one knowledge base; start it with --data DIR to have several"
    IdempotencyMismatch "idempotency_mismatch" 409 "this Idempotency-Key was used for another request; choose a new one"
    IdempotencyRunning "idempotency_running" 409 "the first request with this Idempotency-Key is still at work; try again"
    PreconditionFailed "precondition_failed" 412 "it has changed since this ETag was given out; read it again"
    BodyTooLarge "body_too_large" 413 "the body is larger than allowed; the details name the limit"
    EmptyBody "empty_body" 400 "the body is empty; send the file as the body, or a form of files"
    BodyCutOff "body_cut_off" 400 "the body ended early; send it again"
    InvalidForm "invalid_form" 400 "the form cannot be read; send multipart/form-data with a file in each part"
    UnsupportedMediaType "unsupported_media_type" 415 "send a body of the type that the details name, and name it in Content-Type"
    RangeNotSatisfiable "range_not_satisfiable" 416 "the file is shorter than this range"
    RateLimited "rate_limited" 429 "too many requests; wait as long as the header Retry-After says"
    Internal "internal" 500 "the service failed; the log says why under this request id"
    ModelFailed "model_failed" 502 "a remote model that this knowledge base uses does not answer; the log says why"
    Overloaded "overloaded" 503 "too many requests are waiting; try again in a moment"
    ShuttingDown "shutting_down" 503 "the service is shutting down"
    DiskFull "disk_full" 507 "the disk is full; free some space and try again"
}

impl Code {
    /// The stable code.
    pub(crate) fn name(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status.
    pub(crate) fn status(self) -> u16 {
        self.row().1
    }

    /// What to do.
    pub(crate) fn message(self) -> &'static str {
        self.row().2
    }
}

/// An error as whoever asks gets to see it.
#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) details: Map<String, Value>,
    /// After how many seconds to try again.
    pub(crate) retry_after: Option<u64>,
    /// What the log says of an error that whoever asks can do nothing about; it is not sent along.
    pub(crate) logged: Option<String>,
}

impl ApiError {
    /// An error with the message of the table.
    pub(crate) fn new(code: Code) -> Self {
        Self {
            code,
            message: code.message().to_owned(),
            details: Map::new(),
            retry_after: matches!(code, Code::Overloaded | Code::KbBusy | Code::IdempotencyRunning)
                .then_some(1),
            logged: None,
        }
    }

    /// An error about a field of the body.
    pub(crate) fn field(field: &str, reason: impl Into<String>) -> Self {
        Self::new(Code::InvalidBody).with("field", field).with("reason", reason.into())
    }

    /// Refuses a field of the body that has more characters.
    pub(crate) fn at_most(field: &str, text: &str, characters: usize) -> Result<(), Self> {
        match text.chars().count() > characters {
            true => Err(Self::field(field, format!("it has more than {characters} characters"))),
            false => Ok(()),
        }
    }

    /// With a detail.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }

    /// With the time after which to try again, in seconds.
    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// An error that whoever asks can do nothing about: the reasons go to the log.
    pub(crate) fn internal(error: impl Into<anyhow::Error>) -> Self {
        let error = format!("{:#}", error.into());
        tracing::error!(error, "a request failed");
        Self { logged: Some(error), ..Self::new(Code::Internal) }
    }
}

impl From<Code> for ApiError {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.message)
    }
}

impl std::error::Error for ApiError {}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let code = match &error {
            Error::Store(StoreError::UnknownDocument(_)) => Code::DocumentNotFound,
            Error::Store(StoreError::Unknown { what, .. }) => match *what {
                "version" => Code::VersionNotFound,
                "job" => Code::JobNotFound,
                "rating" => Code::FeedbackNotFound,
                _ => Code::DocumentNotFound,
            },
            Error::Store(StoreError::BadName { why, .. }) => {
                return Self::new(Code::InvalidName).with("reason", *why);
            }
            Error::Store(StoreError::NotRatable(why)) => {
                return Self::new(Code::NotRatable).with("reason", *why);
            }
            Error::Store(StoreError::NotInDocument { .. }) => Code::NotInDocument,
            Error::Store(StoreError::TooLarge { most }) => {
                return Self::new(Code::BodyTooLarge).with("bytes", *most);
            }
            Error::Store(StoreError::Taken(_)) => Code::NameTaken,
            Error::Store(StoreError::BeingRead(_)) => Code::DocumentBeingRead,
            Error::Store(StoreError::Busy { .. }) => Code::KbBusy,
            Error::Store(StoreError::Missing { .. }) => Code::KbNotFound,
            Error::Store(StoreError::Sqlite { source, .. })
                if source.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull) =>
            {
                Code::DiskFull
            }
            Error::Io { source, .. } if source.kind() == std::io::ErrorKind::StorageFull => {
                Code::DiskFull
            }
            Error::Remote(_) => Code::ModelFailed,
            _ => return Self::internal(error),
        };
        if code.status() >= 500 {
            tracing::error!(
                error = format!("{:#}", anyhow::Error::from(error)),
                "a request failed"
            );
        }
        Self::new(code)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_distinct_and_statuses_are_errors() {
        let names: HashSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!((400..600).contains(&code.status()), "{}", code.name());
            assert!(code.name().bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase()));
        }
    }
}
