//! One input's bytes: a file, or a stream that can be read only once.

use std::fs::{self, File};
use std::io::{self, Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The most bytes that are held of one row, one line or one whole file.
pub(super) const SIZE_LIMIT: usize = 256 << 20;

/// How much of the start of a file tells its encoding and format, in bytes.
const SAMPLE: usize = 1 << 20;

/// The start of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample<'a> {
    pub(super) bytes: &'a [u8],
    /// Whether this is all of the file.
    pub(super) complete: bool,
}

impl<'a> Sample<'a> {
    /// The start of a file of which all bytes are at hand.
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { bytes: &bytes[..bytes.len().min(SAMPLE)], complete: bytes.len() <= SAMPLE }
    }

    /// The sample without a UTF-8 sequence that only its end cuts in two.
    pub(super) fn whole_characters(self) -> &'a [u8] {
        match std::str::from_utf8(self.bytes) {
            Err(error) if error.error_len().is_none() && !self.complete => &self.bytes[..error.valid_up_to()],
            _ => self.bytes,
        }
    }
}

/// An input and its names.
pub(super) struct Source {
    /// The path as messages give it; `-` for standard input.
    pub(super) path: String,
    /// The name that ids of documents begin with.
    pub(super) name: String,
    origin: Origin,
}

enum Origin {
    File(PathBuf),
    /// A stream copied to a temporary file, so that it can be read twice.
    Spooled(File),
    Stream {
        /// What was read of it already.
        head: Vec<u8>,
        rest: Box<dyn Read + Send>,
    },
}

impl Source {
    /// A file; a pipe or a device that stands where a file could is read as a stream.
    pub(super) fn file(path: String, name: String, file: PathBuf) -> io::Result<Self> {
        let opened = File::open(&file)?;
        let origin = if opened.metadata()?.is_file() {
            Origin::File(file)
        } else {
            Origin::Stream { head: Vec::new(), rest: Box::new(opened) }
        };
        Ok(Self { path, name, origin })
    }

    pub(super) fn stream(path: String, name: String, rest: Box<dyn Read + Send>) -> Self {
        Self { path, name, origin: Origin::Stream { head: Vec::new(), rest } }
    }

    /// The size in bytes, where it is known.
    pub(super) fn size(&self) -> Option<u64> {
        let metadata = match &self.origin {
            Origin::File(path) => fs::metadata(path),
            Origin::Spooled(file) => file.metadata(),
            Origin::Stream { .. } => return None,
        };
        metadata.ok().map(|metadata| metadata.len())
    }

    /// The file that is read; none for a stream.
    pub(super) fn file_path(&self) -> Option<&Path> {
        if let Origin::File(path) = &self.origin { Some(path) } else { None }
    }

    /// Reads the start, up to 1 MiB, and says whether that is all; a later reader begins at the start again.
    pub(super) fn head(&mut self) -> io::Result<(Vec<u8>, bool)> {
        let mut bytes = Vec::new();
        match &mut self.origin {
            Origin::Stream { head, rest } => {
                rest.take((SAMPLE - head.len()) as u64).read_to_end(head)?;
                bytes.clone_from(head);
            }
            _ => {
                self.first_pass()?.take(SAMPLE as u64).read_to_end(&mut bytes)?;
            }
        }
        let complete = bytes.len() < SAMPLE;
        Ok((bytes, complete))
    }

    /// A reader of all bytes after which the source can be read again.
    pub(super) fn first_pass(&mut self) -> io::Result<Box<dyn Read + Send>> {
        if matches!(self.origin, Origin::Stream { .. }) {
            let mut spool = tempfile::tempfile()?;
            io::copy(&mut self.open()?, &mut spool)?;
            self.origin = Origin::Spooled(spool);
        }
        self.open()
    }

    /// A reader of all bytes that adds what it reads to `progress`.
    pub(super) fn last_pass(mut self, progress: Arc<AtomicU64>) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Counting { source: self.open()?, progress }))
    }

    /// A stream is used up by this; the others begin anew.
    fn open(&mut self) -> io::Result<Box<dyn Read + Send>> {
        Ok(match &mut self.origin {
            Origin::File(path) => Box::new(File::open(path)?),
            Origin::Spooled(file) => {
                file.rewind()?;
                Box::new(file.try_clone()?)
            }
            Origin::Stream { head, rest } => {
                let rest = std::mem::replace(rest, Box::new(io::empty()));
                Box::new(Cursor::new(std::mem::take(head)).chain(rest))
            }
        })
    }
}

struct Counting {
    source: Box<dyn Read + Send>,
    progress: Arc<AtomicU64>,
}

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.progress.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
