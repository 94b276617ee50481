//! Results appear whole or not at all: a file is written beside its place and moved there when it is complete.

use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tempfile::NamedTempFile;

/// Standard output's name on the command line.
const STANDARD_OUTPUT: &str = "-";

/// Where a command's result goes.
pub struct Output {
    target: Target,
}

enum Target {
    /// Standard output, or what is no file (a device, a named pipe) and can only be written to as it is.
    Stream(BufWriter<Box<dyn Write + Send>>),
    File {
        temporary: BufWriter<NamedTempFile>,
        place: PathBuf,
    },
}

impl Output {
    /// Opens the file `place`, or standard output when there is none or it is `-`. Nothing is at `place` before [`Output::finish`].
    ///
    /// # Errors
    /// When the folder of `place` is missing or cannot be written.
    pub fn open(place: Option<&Path>) -> Result<Self> {
        let target = match place.filter(|&place| !is_standard_output(place)) {
            None => Target::Stream(BufWriter::new(Box::new(io::stdout()))),
            Some(place) if is_stream(place) => {
                let stream = File::options().write(true).open(place);
                let stream = stream.with_context(|| format!("{}: cannot be written", place.display()))?;
                Target::Stream(BufWriter::new(Box::new(stream)))
            }
            Some(place) => {
                let place = behind_links(place);
                Target::File { temporary: BufWriter::new(temporary_beside(&place)?), place }
            }
        };
        Ok(Self { target })
    }

    /// Writes what is buffered and moves the file to its place.
    ///
    /// # Errors
    /// When the disk is full or the place cannot be written.
    pub fn finish(self) -> Result<()> {
        match self.target {
            Target::Stream(mut stream) => Ok(stream.flush()?),
            Target::File { temporary, place } => {
                let temporary = temporary.into_inner().map_err(io::IntoInnerError::into_error)?;
                persist(temporary, &place)
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.target {
            Target::Stream(stream) => stream.write(bytes),
            Target::File { temporary, .. } => temporary.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.target {
            Target::Stream(stream) => stream.flush(),
            Target::File { temporary, .. } => temporary.flush(),
        }
    }
}

/// A file that can be rewritten from its start before it is moved to its place.
pub struct SeekableOutput {
    temporary: BufWriter<NamedTempFile>,
    place: PathBuf,
}

impl SeekableOutput {
    /// Opens a file that is to appear at `place`.
    ///
    /// # Errors
    /// When `place` is something other than a file, or its folder is missing or cannot be written.
    pub fn open(place: &Path) -> Result<Self> {
        if is_standard_output(place) || is_stream(place) {
            bail!("{}: is not a file, and only a file can be written from its end back to its start", place.display());
        }
        let place = behind_links(place);
        Ok(Self { temporary: BufWriter::new(temporary_beside(&place)?), place })
    }

    /// Replaces the first bytes by `start` and moves the file to its place.
    ///
    /// # Errors
    /// When the disk is full or the place cannot be written.
    pub fn finish(mut self, start: &[u8]) -> Result<()> {
        self.temporary.rewind()?;
        self.temporary.write_all(start)?;
        persist(self.temporary.into_inner().map_err(io::IntoInnerError::into_error)?, &self.place)
    }
}

impl Write for SeekableOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.temporary.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.temporary.flush()
    }
}

fn is_standard_output(place: &Path) -> bool {
    place == Path::new(STANDARD_OUTPUT)
}

/// The file that a result goes to; none where it goes to a stream.
pub(crate) fn file(place: Option<&Path>) -> Option<&Path> {
    place.filter(|&place| !is_standard_output(place) && !is_stream(place))
}

/// Whether something other than a file is there, which must not be replaced by one.
fn is_stream(place: &Path) -> bool {
    place.metadata().is_ok_and(|found| !found.is_file())
}

/// What a link at `place` leads to: that is replaced, not the link.
fn behind_links(place: &Path) -> PathBuf {
    place.canonicalize().unwrap_or_else(|_| place.to_owned())
}

fn temporary_beside(place: &Path) -> Result<NamedTempFile> {
    let folder = match place.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    tempfile::Builder::new().prefix(".standpoint-").tempfile_in(folder).with_context(|| {
        format!("{}: cannot write into the folder {}; create it or choose another", place.display(), folder.display())
    })
}

fn persist(temporary: NamedTempFile, place: &Path) -> Result<()> {
    let file: File = temporary.persist(place).with_context(|| format!("{}: cannot be written", place.display()))?;
    make_readable(&file).with_context(|| format!("{}: its permissions cannot be set", place.display()))
}

/// Temporary files are private; a result is as readable as any other new file usually is.
#[cfg(unix)]
fn make_readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_: &File) -> io::Result<()> {
    Ok(())
}

/// Whether an error only says that the reader of a pipe went away, as `head` does.
#[must_use]
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let is_closed = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| {
        let of_csv = cause.downcast_ref::<csv::Error>().map(csv::Error::kind);
        cause.downcast_ref().is_some_and(is_closed)
            || matches!(of_csv, Some(csv::ErrorKind::Io(error)) if is_closed(error))
    })
}
