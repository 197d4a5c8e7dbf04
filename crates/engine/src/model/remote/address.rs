//! From the address that a person gives to that of an endpoint.
//!
//! Servers are named by their root (`http://host:8000`), by a version of their interface
//! (`https://host/api/v1`) or by the endpoint itself; all three are taken.

use ureq::http::Uri;

use super::RemoteError;

/// The address of an endpoint under a base address.
///
/// # Errors
/// If it is no HTTP address, or holds what does not belong there: a password, a query.
pub(crate) fn endpoint(base: &str, version: &str, name: &str) -> Result<String, RemoteError> {
    let base = base.trim();
    let refuse = |url: &str, why| Err(RemoteError::Address { url: url.to_owned(), why });
    if base.contains('@') {
        let why = "give it without user name and password; name an environment variable that \
                   holds the key instead";
        return refuse("the address of the model", why);
    }
    if let Some((path, _)) = base.split_once(['?', '#']) {
        return refuse(path, "give the address without what stands behind ? or #");
    }
    let whole = "an address of the form http://host:port or https://host/path is wanted";
    let Ok(uri) = base.parse::<Uri>() else { return refuse(base, whole) };
    if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none_or(str::is_empty) {
        return refuse(base, whole);
    }
    let base = base.trim_end_matches('/');
    let last = base.rsplit('/').next().unwrap_or_default();
    Ok(if last == name.rsplit('/').next().unwrap_or_default() {
        base.to_owned()
    } else if version.is_empty() || is_version(last) {
        format!("{base}/{name}")
    } else {
        format!("{base}/{version}/{name}")
    })
}

/// `v1`, `v4`.
fn is_version(segment: &str) -> bool {
    let number = segment.strip_prefix('v').unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Where a redirect leads (RFC 9110, 10.2.2; RFC 3986, 5.2, without `..`): `None` where that is no
/// HTTP address, holds a password, or would leave encryption.
pub(super) fn redirected(from: &str, to: &str) -> Option<String> {
    let (scheme, rest) = from.split_once("://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let to = to.split('#').next().unwrap_or_default();
    let to = match to {
        _ if to.contains("://") && !to.starts_with('/') => to.to_owned(),
        _ if to.starts_with("//") => format!("{scheme}:{to}"),
        _ if to.starts_with('/') => format!("{scheme}://{host}{to}"),
        _ => {
            let folder = path.split('?').next()?.rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("{scheme}://{host}/{folder}/{to}")
        }
    };
    let uri = to.parse::<Uri>().ok()?;
    let is_allowed = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => scheme == "http",
        _ => false,
    };
    let authority = uri.authority()?.as_str();
    (is_allowed && !authority.is_empty() && !authority.contains('@')).then_some(to)
}

/// Whether the address is one of this machine, which no proxy is asked for.
pub(super) fn is_local(url: &str) -> bool {
    let uri = url.parse::<Uri>().unwrap_or_default();
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let address = host.parse::<std::net::IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_versions_and_endpoints_are_taken() {
        for (base, version, name, expected) in [
            ("http://h:8000", "v1", "embeddings", "http://h:8000/v1/embeddings"),
            (" http://h:8000/ ", "v1", "embeddings", "http://h:8000/v1/embeddings"),
            ("https://h/api/v4", "v1", "embeddings", "https://h/api/v4/embeddings"),
            ("https://h/v1/embeddings", "v1", "embeddings", "https://h/v1/embeddings"),
            ("https://h/v1", "v1", "chat/completions", "https://h/v1/chat/completions"),
            (
                "http://h/v1/chat/completions",
                "v1",
                "chat/completions",
                "http://h/v1/chat/completions",
            ),
            ("http://h:80/tei", "", "embed", "http://h:80/tei/embed"),
            ("http://h/embed", "", "embed", "http://h/embed"),
        ] {
            assert_eq!(endpoint(base, version, name).unwrap(), expected);
        }
    }

    #[test]
    fn other_addresses_are_refused_without_showing_a_secret() {
        for base in
            ["", "h:8000", "ftp://h", "http://", "h", "http://h?key=s3cret", "http://u:s3cret@h"]
        {
            let error = endpoint(base, "v1", "embeddings").unwrap_err().to_string();
            assert!(!error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn redirects_stay_encrypted_and_hold_no_password() {
        for (from, to, expected) in [
            ("https://h/a/b", "https://cdn/c?sig=1", Some("https://cdn/c?sig=1")),
            ("https://h/a/b", "/c/d", Some("https://h/c/d")),
            ("https://h/a/b?x=/y", "d", Some("https://h/a/d")),
            ("https://h/a/b", "//cdn/d", Some("https://cdn/d")),
            ("http://h:1/a", "https://cdn/d#part", Some("https://cdn/d")),
            ("http://h:1/a", "http://h:2/d", Some("http://h:2/d")),
            ("https://h/a", "http://h/a", None),
            ("https://h/a", "file:///etc/passwd", None),
            ("https://h/a", "https://u:p@cdn/a", None),
        ] {
            assert_eq!(redirected(from, to).as_deref(), expected, "{from} {to}");
        }
    }

    #[test]
    fn this_machine_is_known() {
        for (url, expected) in [
            ("http://localhost:1/x", true),
            ("http://127.0.0.1:1", true),
            ("http://[::1]:1/x", true),
            ("http://models.example/x", false),
        ] {
            assert_eq!(is_local(url), expected, "{url}");
        }
    }
}
