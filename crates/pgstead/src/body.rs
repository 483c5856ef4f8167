//! The body of a response that passed, or of a refusal.

use std::{
    error, fmt,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt as _, combinators::UnsyncBoxBody};
use pin_project_lite::pin_project;

/// Any error, as bodies of any kind have it.
pub type BoxError = Box<dyn error::Error + Send + Sync>;

/// The body of a refusal.
pub(crate) type Refused = UnsyncBoxBody<Bytes, BoxError>;

pin_project! {
    /// The body of a response of the service within, or of a refusal.
    pub struct ResponseBody<B> {
        #[pin]
        inner: Inner<B>,
    }
}

pin_project! {
    #[project = InnerPinned]
    enum Inner<B> {
        Passed { #[pin] body: B },
        Refused { #[pin] body: Refused },
    }
}

impl<B> ResponseBody<B> {
    pub(crate) fn passed(body: B) -> Self {
        Self { inner: Inner::Passed { body } }
    }

    pub(crate) fn refused(body: Refused) -> Self {
        Self { inner: Inner::Refused { body } }
    }
}

/// Boxes the body of a refusal, of whatever kind.
pub(crate) fn boxed<R>(body: R) -> Refused
where
    R: Body<Data = Bytes> + Send + 'static,
    R::Error: Into<BoxError>,
{
    body.map_err(Into::into).boxed_unsync()
}

impl<B> Body for ResponseBody<B>
where
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self.project().inner.project() {
            InnerPinned::Passed { body } => body.poll_frame(cx).map_err(Into::into),
            InnerPinned::Refused { body } => body.poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.inner {
            Inner::Passed { body } => body.is_end_stream(),
            Inner::Refused { body } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.inner {
            Inner::Passed { body } => body.size_hint(),
            Inner::Refused { body } => body.size_hint(),
        }
    }
}

impl<B> fmt::Debug for ResponseBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match &self.inner {
            Inner::Passed { .. } => "ResponseBody::Passed",
            Inner::Refused { .. } => "ResponseBody::Refused",
        };
        f.debug_struct(name).finish_non_exhaustive()
    }
}
