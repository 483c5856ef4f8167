//! TLS by rustls, with libpq's meaning of `sslmode`.

use std::{path::Path, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, RootCertStore,
    SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name,
    },
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject as _},
    server::ParsedCertificate,
};
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{
    config::{Url, Verify},
    error::{Error, Result},
};

pub(crate) fn connector(url: &Url) -> Result<MakeRustlsConnect> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match url.verify {
        Verify::No => Arc::new(Unverified(Arc::clone(&provider))),
        Verify::Issuer | Verify::IssuerAndName => {
            Arc::new(Trusted::load(&provider, url.root_certificates.as_deref(), url.verify)?)
        }
    };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|cause| Error::config("TLS", cause))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    // What PostgreSQL 17 asks of `sslnegotiation=direct`.
    config.alpn_protocols = vec![b"postgresql".to_vec()];
    debug_assert!(url.verify == Verify::No || url.postgres.get_ssl_mode() == SslMode::Require);
    Ok(MakeRustlsConnect::new(config))
}

fn roots(file: Option<&Path>) -> Result<Vec<CertificateDer<'static>>> {
    match file {
        Some(path) => CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|cause| Error::config("sslrootcert", cause)),
        None => Ok(rustls_native_certs::load_native_certs().certs),
    }
}

/// `sslmode=require` and `prefer` without a root certificate: encrypted, to whoever answers.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// `sslmode=verify-ca` and `verify-full`: a certificate of a trusted issuer, for whichever name or
/// for this one.
#[derive(Debug)]
struct Trusted {
    roots: Vec<CertificateDer<'static>>,
    webpki: Arc<WebPkiServerVerifier>,
    verify: Verify,
}

impl Trusted {
    fn load(provider: &Arc<CryptoProvider>, file: Option<&Path>, verify: Verify) -> Result<Self> {
        let roots = roots(file)?;
        let mut store = RootCertStore::empty();
        // A system's store may hold a certificate that cannot be read beside a hundred that can;
        // only an empty one is an error.
        store.add_parsable_certificates(roots.iter().cloned());
        if store.is_empty() {
            return Err(Error::config(
                "sslrootcert",
                "no root certificate was found to verify the server's against",
            ));
        }
        let webpki =
            WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(provider))
                .build()
                .map_err(|cause| Error::config("sslrootcert", cause))?;
        Ok(Self { roots, webpki, verify })
    }

    /// A server's own certificate among the trusted ones. As the certificate of an authority, which
    /// `openssl req -x509` makes of it, webpki takes it for no server's.
    fn is_its_own_root(&self, error: &TlsError, end_entity: &CertificateDer<'_>) -> bool {
        matches!(error, TlsError::InvalidCertificate(CertificateError::Other(_)))
            && self.roots.contains(end_entity)
    }
}

impl ServerCertVerifier for Trusted {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let chain = self.webpki.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        match (chain, self.verify) {
            // The name is checked last: the chain was found good.
            (
                Err(TlsError::InvalidCertificate(
                    CertificateError::NotValidForName
                    | CertificateError::NotValidForNameContext { .. },
                )),
                Verify::Issuer,
            ) => Ok(ServerCertVerified::assertion()),
            (Err(error), verify) if self.is_its_own_root(&error, end_entity) => {
                if verify == Verify::IssuerAndName {
                    verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                }
                Ok(ServerCertVerified::assertion())
            }
            (verified, _) => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.webpki.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.webpki.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.webpki.supported_verify_schemes()
    }
}
