use std::path::Path;

use anyhow::{Result, bail};

/// Refuses to take standard input, `-`, for more than one of the files of a command: the second would find it empty.
pub(crate) fn only_once(files: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<()> {
    if files.into_iter().filter(|file| file.as_ref() == Path::new("-")).count() > 1 {
        bail!("standard input (-) can be only one of the files; give the others by their names");
    }
    Ok(())
}
