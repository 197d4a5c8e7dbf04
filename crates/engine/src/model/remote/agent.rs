//! What connections are made of: proxies, certificates, times.

use std::sync::{Arc, OnceLock};

use rustls::crypto::ring;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::Limits;
use super::address::is_local;

/// What connects to an address. It follows no redirect.
pub(super) fn agent(url: &str, limits: &Limits) -> Agent {
    let mut config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("yuanwen/", env!("CARGO_PKG_VERSION")))
        .timeout_connect(Some(limits.connect))
        .timeout_global(Some(limits.total));
    if is_local(url) {
        config = config.proxy(None);
    }
    if url.starts_with("https:") {
        config = config.tls_config(trusted().clone());
    }
    config.build().new_agent()
}

/// What the system trusts, read once.
fn trusted() -> &'static TlsConfig {
    static TRUSTED: OnceLock<TlsConfig> = OnceLock::new();
    TRUSTED.get_or_init(|| {
        let found = rustls_native_certs::load_native_certs().certs;
        let certificates: Vec<_> =
            found.iter().map(|der| Certificate::from_der(der.as_ref()).to_owned()).collect();
        TlsConfig::builder()
            .root_certs(RootCerts::Specific(Arc::new(certificates)))
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .build()
    })
}
