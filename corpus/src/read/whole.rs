//! Reads files that are one document each: plain text and HTML.

use std::io::{self, Read};

use super::encoding::Charset;
use super::error::Fault;
use super::html;
use super::source::{SIZE_LIMIT, Sample};
use crate::{Document, Field};

/// All of the text from `source`.
///
/// # Errors
/// When it is larger than the limit, is not text, or cannot be read.
pub(super) fn read_text(
    source: Box<dyn Read + Send>,
    detect: fn(Sample<'_>) -> Charset,
    limit: usize,
) -> Result<String, Fault> {
    let mut raw = Vec::new();
    source.take(limit as u64 + 1).read_to_end(&mut raw)?;
    if raw.len() > limit {
        return Err(Fault::TooLarge { remedy: "split it into several files" });
    }
    let charset = detect(Sample::of(&raw));
    let mut bytes = Vec::new();
    charset.decode(Box::new(io::Cursor::new(raw)))?.read_to_end(&mut bytes)?;
    charset.check(&bytes, 0).map_err(Fault::NotText)?;
    String::from_utf8(bytes).map_err(|error| Fault::NotText(error.to_string()))
}

/// The document of a plain text or HTML file, or why it is none.
pub(super) fn document(
    source: Box<dyn Read + Send>,
    is_html: bool,
    name: String,
    fields: Vec<Field>,
) -> io::Result<Result<Document, String>> {
    let detect = if is_html { Charset::detect_html } else { Charset::detect };
    let text = match read_text(source, detect, SIZE_LIMIT) {
        Ok(text) if is_html => html::prose(&text),
        Ok(text) => Ok(text),
        Err(Fault::Io(error)) => return Err(error),
        Err(fault) => Err(fault.to_string()),
    };
    let empty = || "the text is empty; fill it in or leave the file out".to_owned();
    let text = text.and_then(|text| if text.trim().is_empty() { Err(empty()) } else { Ok(text) });
    Ok(text.map(|text| Document { id: name, text, fields }))
}
