use std::path::Path;

use anyhow::{Context, Result};
use standpoint_labels::Scheme;

/// The scheme in a file.
pub(crate) fn read(file: &Path) -> Result<Scheme> {
    let name = file.display();
    let toml = std::fs::read_to_string(file).with_context(|| format!("{name}: cannot be read"))?;
    Scheme::parse(&toml).with_context(|| format!("{name}"))
}

/// The scheme in a file, or the default one.
pub(crate) fn read_or_default(file: Option<&Path>) -> Result<Scheme> {
    file.map_or_else(|| Ok(Scheme::sex_work_law()), read)
}
