//! What is sent piece by piece: made on one thread, taken from a channel that holds a few.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::sync::mpsc::Receiver;

/// What comes through a channel, until its other end is gone.
pub(crate) struct Receiving<T>(pub(crate) Receiver<T>);

impl<T> Stream for Receiving<T> {
    type Item = Result<T, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|item| item.map(Ok))
    }
}
