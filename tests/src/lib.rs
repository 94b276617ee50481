//! What the whole-program tests share: a folder to work in, the program run there, and the tables it writes.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test that cannot set up has failed")]

mod finished;
mod table;
mod workdir;

pub use finished::Finished;
pub use table::Table;
pub use workdir::Workdir;

use std::path::{Path, PathBuf};

/// A new [`Workdir`] in which the program of this workspace runs; only tests of this package know where cargo put it.
#[macro_export]
macro_rules! workdir {
    () => {
        $crate::Workdir::new(env!("CARGO_BIN_EXE_standpoint-under-test"))
    };
}

/// A file or folder of the workspace, by its path from the root.
#[must_use]
pub fn in_workspace(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(path)
}

/// A fixture, by its path from `tests/fixtures`.
#[must_use]
pub fn fixture(path: &str) -> String {
    in_workspace("tests/fixtures").join(path).display().to_string()
}

/// The text without its white space: what a span cut from the text as read has in common with its segment.
#[must_use]
pub fn without_white_space(text: &str) -> String {
    text.split_whitespace().collect()
}
