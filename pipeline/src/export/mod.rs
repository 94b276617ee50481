//! Tables of results as files: CSV, TSV, JSON lines.

mod columns;
mod npy;
mod table;

pub use columns::beside;
pub use npy::{NpyWriter, read_npy};
pub use table::{Cell, Format, TableWriter};
