//! Reads small files of every kind, sound and damaged, through the public interface.
#![allow(clippy::unwrap_used)]

mod content;
mod inputs;
mod rows;
mod scale;

use std::fs;
use std::path::Path;

use standpoint_corpus::read::{Corpus, ReadSettings, Record};

/// Every record on a line of its own: `id|text|field|field` or `REJECT row: reason`; an error that ends the stream last.
fn lines_of(corpus: Corpus) -> Vec<String> {
    corpus
        .map(|record| match record {
            Ok(Record::Document(document)) => {
                let start = [document.id, document.text];
                let fields = document.fields.iter().map(|field| field.text().into_owned());
                start.into_iter().chain(fields).collect::<Vec<_>>().join("|")
            }
            Ok(Record::Reject(reject)) => format!("REJECT {}: {}", reject.row, reject.reason),
            Err(error) => format!("ERROR {error}"),
        })
        .collect()
}

fn settings(folder: &Path, inputs: &[&str]) -> ReadSettings {
    let path =
        |input: &&str| if *input == "-" { (*input).to_owned() } else { folder.join(input).display().to_string() };
    ReadSettings { inputs: inputs.iter().map(path).collect(), ..ReadSettings::default() }
}

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn read_file(name: &str, bytes: &[u8]) -> Vec<String> {
    let folder = folder(&[(name, bytes)]);
    match Corpus::open(&settings(folder.path(), &[name])) {
        Ok(corpus) => lines_of(corpus),
        Err(error) => vec![format!("OPEN {}", error.fault)],
    }
}

fn utf16(text: &str, big_endian: bool, mark: bool) -> Vec<u8> {
    let mark = mark.then_some(0xFEFF);
    let units = mark.into_iter().chain(text.encode_utf16());
    units.flat_map(|unit| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

/// What a file should give: each string must begin one record, in order.
struct Case {
    what: &'static str,
    name: &'static str,
    bytes: Vec<u8>,
    expected: Vec<&'static str>,
}

fn case(what: &'static str, name: &'static str, bytes: impl AsRef<[u8]>, expected: &[&'static str]) -> Case {
    Case { what, name, bytes: bytes.as_ref().to_vec(), expected: expected.to_vec() }
}

/// Holds each record against the start that is expected of it; `…` inside parts what must follow one after the other.
fn check(cases: Vec<Case>) {
    let mut failures = Vec::new();
    for Case { what, name, bytes, expected } in cases {
        let found = read_file(name, &bytes);
        let fits = |found: &String, expected: &str| {
            let mut parts = expected.split('…');
            let mut rest = found.strip_prefix(parts.next().unwrap_or_default());
            for part in parts {
                rest = rest.and_then(|rest| rest.split_once(part)).map(|(_, rest)| rest);
            }
            rest.is_some_and(|rest| rest.is_empty() || expected.contains('…'))
        };
        let all =
            found.len() == expected.len() && found.iter().zip(&expected).all(|(found, expected)| fits(found, expected));
        if !all {
            failures.push(format!("{what}:\n  found    {found:#?}\n  expected {expected:#?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
