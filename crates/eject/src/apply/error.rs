//! Why edits could not be made or written.

use std::{error, fmt, io};

/// Edits could not be made or written. None was written, unless a disk failed in between.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    cause: Option<Box<dyn error::Error + Send + Sync>>,
}

#[derive(Debug)]
enum Kind {
    Walk,
    Io(String),
    Git,
    Unclean(String),
    Link(String),
    Changed(String),
}

impl Error {
    pub(super) fn walk(error: ignore::Error) -> Self {
        Self { kind: Kind::Walk, cause: Some(Box::new(error)) }
    }

    pub(super) fn io(path: &str, error: io::Error) -> Self {
        Self { kind: Kind::Io(path.to_owned()), cause: Some(Box::new(error)) }
    }

    pub(super) fn git(error: Option<io::Error>) -> Self {
        Self { kind: Kind::Git, cause: error.map(|error| Box::new(error) as _) }
    }

    pub(super) fn unclean(path: &str) -> Self {
        Self { kind: Kind::Unclean(path.to_owned()), cause: None }
    }

    pub(super) fn link(path: &str) -> Self {
        Self { kind: Kind::Link(path.to_owned()), cause: None }
    }

    pub(super) fn changed(path: &str) -> Self {
        Self { kind: Kind::Changed(path.to_owned()), cause: None }
    }

    /// Whether git does not hold the tree as it is: there is no git tree, or it has changes that are not committed.
    #[must_use]
    pub fn is_unguarded(&self) -> bool {
        matches!(self.kind, Kind::Git | Kind::Unclean(_))
    }

    /// Whether a file is another than when the edits were made: make them anew.
    #[must_use]
    pub fn is_outdated(&self) -> bool {
        matches!(self.kind, Kind::Changed(_))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Walk => f.write_str("the tree cannot be read"),
            Kind::Io(path) => write!(f, "{path} cannot be read or written"),
            Kind::Git => f.write_str("the tree is not in git, so that nothing could bring it back"),
            Kind::Unclean(path) => write!(f, "{path} has changes that are not committed"),
            Kind::Link(path) => {
                write!(f, "{path} is behind a link, and what is there is not written")
            }
            Kind::Changed(path) => write!(f, "{path} has changed since the edits were made"),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}
