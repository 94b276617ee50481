//! Finds the files that the inputs name.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use glob::MatchOptions;

use super::error::{Fault, ReadError};

/// Standard input's name on the command line.
pub(super) const STANDARD_INPUT: &str = "-";

/// How a file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Table,
    JsonLines,
    JsonArray,
    Text,
    Html,
}

/// What a file's extension tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extension {
    Known(Format),
    /// Lines of objects or an array of them, which only the content tells.
    Json,
    Pdf,
    Unknown,
}

/// The extensions of the files that are read.
const READ: [(&str, Extension); 10] = [
    ("csv", Extension::Known(Format::Table)),
    ("tsv", Extension::Known(Format::Table)),
    ("jsonl", Extension::Known(Format::JsonLines)),
    ("ndjson", Extension::Known(Format::JsonLines)),
    ("json", Extension::Json),
    ("txt", Extension::Known(Format::Text)),
    ("text", Extension::Known(Format::Text)),
    ("md", Extension::Known(Format::Text)),
    ("html", Extension::Known(Format::Html)),
    ("htm", Extension::Known(Format::Html)),
];

/// The same as a list for messages.
pub(super) fn types() -> String {
    READ.map(|(extension, _)| extension).join(", ")
}

impl Extension {
    pub(super) fn of(path: &Path) -> Self {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let known = READ.iter().find(|(known, _)| *known == extension).map(|(_, format)| *format);
        known.unwrap_or(if extension == "pdf" { Self::Pdf } else { Self::Unknown })
    }

    fn is_read(self) -> bool {
        matches!(self, Self::Known(_) | Self::Json)
    }
}

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    /// What ids of its documents begin with: its path inside the folder that was given, or else its name.
    pub(super) name: String,
    /// Whether it was named itself: then it must be read, where one found in a folder or by a glob may be passed over.
    pub(super) named: bool,
}

/// The files that the inputs name, in the order of the inputs; those of a folder are sorted by path.
///
/// # Errors
/// When an input is missing, or holds nothing that is read.
pub(super) fn discover(inputs: &[String]) -> Result<Vec<Found>, ReadError> {
    if inputs.is_empty() {
        return Err(Fault::NoInput.of("input"));
    }
    if inputs.iter().filter(|input| *input == STANDARD_INPUT).count() > 1 {
        return Err(Fault::StandardInputTwice.of(STANDARD_INPUT));
    }
    let mut found = Vec::new();
    for input in inputs {
        found.extend(expand(input).map_err(|fault| fault.of(input))?);
    }
    tell_apart(&mut found);
    Ok(found)
}

fn expand(input: &str) -> Result<Vec<Found>, Fault> {
    let path = Path::new(input);
    if input == STANDARD_INPUT {
        return Ok(vec![Found { path: path.to_owned(), name: "stdin".to_owned(), named: true }]);
    }
    if path.is_dir() {
        let mut found = Vec::new();
        walk(path, path, &mut found)?;
        return if found.is_empty() { Err(Fault::NothingReadable) } else { Ok(found) };
    }
    match path.try_exists() {
        Ok(true) => Ok(vec![Found { path: path.to_owned(), name: file_name(path), named: true }]),
        Ok(false) if input.contains(['*', '?', '[']) => matches(input),
        Ok(false) => Err(Fault::Missing),
        Err(error) => Err(error.into()),
    }
}

/// The files in a folder and the folders inside it. Hidden files are passed over, and so are links to folders, which can
/// lead back to where they stand.
fn walk(root: &Path, folder: &Path, found: &mut Vec<Found>) -> Result<(), Fault> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            walk(root, &path, found)?;
        } else if path.is_file() && Extension::of(&path).is_read() {
            let parts = path.strip_prefix(root).unwrap_or(&path).components();
            let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy()).collect();
            found.push(Found { name: parts.join("/"), path, named: false });
        }
    }
    Ok(())
}

/// The files that match a pattern, and those in the folders that match it.
fn matches(pattern: &str) -> Result<Vec<Found>, Fault> {
    let options = MatchOptions { require_literal_leading_dot: true, ..MatchOptions::new() };
    let mut found = Vec::new();
    let mut any = false;
    for path in glob::glob_with(pattern, options)? {
        let path = path.map_err(|error| Fault::Io(error.into()))?;
        any = true;
        if path.is_dir() {
            walk(&path, &path, &mut found)?;
        } else {
            found.push(Found { name: file_name(&path), path, named: false });
        }
    }
    match (any, found.is_empty()) {
        (false, _) => Err(Fault::NoMatch),
        (true, true) => Err(Fault::NothingReadable),
        (true, false) => Ok(found),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Gives files of the same name their paths for names, so that ids made from names stay different.
fn tell_apart(found: &mut [Found]) {
    let mut uses: HashMap<String, usize> = HashMap::new();
    for file in &*found {
        *uses.entry(file.name.clone()).or_default() += 1;
    }
    for file in found.iter_mut().filter(|file| uses[&file.name] > 1) {
        file.name = file.path.to_string_lossy().into_owned();
    }
}
