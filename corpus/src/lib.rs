//! What was written: documents as they come out of files, the text inside them, and the segments it falls into.
//!
//! This crate knows nothing of stances or models. The way of the data through it is
//! [`read`] → [`Document`] → [`mend`] → [`segment()`] → [`Segment`].

mod document;
pub mod mend;
pub mod passage;
pub mod read;
mod segment;
pub mod sentence;
mod span;

pub use document::{Document, Field};
pub use segment::{Segment, Unit, segment};
pub use span::Span;
