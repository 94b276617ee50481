use std::path::{Path, PathBuf};

use standpoint_labels::SchemeError;

use super::SCHEME;
use crate::encoder::LoadError;
use crate::folder::{Folder, FolderError};

/// Why a bundle cannot be read or written; every variant names the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// A file is missing or unreadable.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// This build has no bundle compiled in.
    #[error(
        "this build of standpoint has no bundle of its own (models/default was missing when it was built); name one with --bundle DIR"
    )]
    NoneBuiltIn,
    /// A file does not have the checksum that `bundle.toml` states.
    #[error(
        "{folder}: {file} has changed since the bundle was written: its SHA-256 is {found}, bundle.toml says {stated}; fetch or train the bundle again"
    )]
    Checksum {
        /// The bundle.
        folder: String,
        /// The file.
        file: String,
        /// Checksum of the file as it is.
        found: String,
        /// Checksum stated.
        stated: String,
    },
    /// A file is not what it should be.
    #[error("{folder}: {file}: {problem}")]
    Content {
        /// The bundle.
        folder: String,
        /// The file.
        file: &'static str,
        /// What was found and what was expected.
        problem: String,
    },
    /// The scheme cannot be used.
    #[error("{folder}: {SCHEME}: {source}")]
    Scheme {
        /// The bundle.
        folder: String,
        /// The reason.
        source: SchemeError,
    },
    /// The encoder cannot be loaded.
    #[error(transparent)]
    Encoder(#[from] LoadError),
    /// The folder to write to holds something else.
    #[error("{}: exists and is not a bundle; choose another folder or remove it", .0.display())]
    Occupied(PathBuf),
    /// The operating system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
}

pub(super) fn io_error(path: &Path, source: std::io::Error) -> BundleError {
    BundleError::Io { path: path.to_owned(), source }
}

pub(super) fn content(folder: &Folder, file: &'static str, problem: impl Into<String>) -> BundleError {
    BundleError::Content { folder: folder.to_string(), file, problem: problem.into() }
}
