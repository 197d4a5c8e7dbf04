//! What a route needs: a scope, for a knowledge base or for the service.
//!
//! A route names its need in its parameters, [`ReadKb`] for example; it then has the id only if
//! the caller may use it. That a knowledge base exists is not told to those who may not.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use crate::service::{ApiError, Caller, Code, KbId, Scope};

/// Who asks. Refuses a request that no middleware has looked at.
pub(crate) struct From(pub(crate) Caller);

impl<S: Send + Sync> FromRequestParts<S> for From {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        caller(parts).map(Self)
    }
}

fn caller(parts: &Parts) -> Result<Caller, ApiError> {
    parts.extensions.get::<Caller>().cloned().ok_or_else(|| Code::Unauthorized.into())
}

/// The knowledge base `{kb}` of the address, for whom may do this to it.
async fn kb<S: Send + Sync>(parts: &mut Parts, state: &S, scope: Scope) -> Result<KbId, ApiError> {
    let caller = caller(parts)?;
    let params = RawPathParams::from_request_parts(parts, state).await;
    let params = params.map_err(|_| ApiError::new(Code::InvalidParameter))?;
    let named = params.iter().find(|(name, _)| *name == "kb").map(|(_, value)| value);
    let id = named.and_then(KbId::new);
    let not_there = ApiError::new(Code::KbNotFound);
    let Some(id) = id else {
        caller.must(scope, None)?;
        return Err(not_there);
    };
    caller.must(scope, Some(&id))?;
    Ok(id)
}

macro_rules! needs {
    ($(#[$about:meta] $name:ident $scope:ident)*) => {$(
        #[$about]
        pub(crate) struct $name(pub(crate) KbId);

        impl<S: Send + Sync> FromRequestParts<S> for $name {
            type Rejection = ApiError;

            async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
                kb(parts, state, Scope::$scope).await.map(Self)
            }
        }
    )*};
}

needs! {
    /// A knowledge base to be read.
    ReadKb Read
    /// A knowledge base to be changed.
    WriteKb Write
    /// A knowledge base to be deleted or described anew.
    AdminKb Admin
}

/// The service as a whole, to be changed.
pub(crate) struct Admin;

impl<S: Send + Sync> FromRequestParts<S> for Admin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        caller(parts)?.must(Scope::Admin, None)?;
        Ok(Self)
    }
}
