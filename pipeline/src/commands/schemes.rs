use std::path::Path;

use anyhow::{Context, Result};
use standpoint_labels::Scheme;

/// The scheme in a file.
pub(crate) fn read(file: &Path) -> Result<Scheme> {
    let name = file.display();
    let toml = std::fs::read_to_string(file).with_context(|| format!("{name}: cannot be read"))?;
    Scheme::parse(&toml).with_context(|| format!("{name}"))
}
