//! Large files, and files of any bytes.

use std::io::{Cursor, Read};

use proptest::prelude::*;
use standpoint_corpus::read::{Corpus, ReadSettings, Record};

use crate::read_file;

/// Tens of megabytes that are never in memory at once: a header, then the same row again and again.
struct Rows {
    left: usize,
    at: usize,
}

const ROW: &[u8] = b"1,\"Let them work, and let them be safe.\"\n";

impl Read for Rows {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            return Ok(0);
        }
        let count = (&ROW[self.at..]).read(buffer)?;
        self.at = (self.at + count) % ROW.len();
        self.left -= usize::from(self.at == 0);
        Ok(count)
    }
}

#[test]
fn a_stream_longer_than_its_sample_is_read_on() {
    let settings = ReadSettings { inputs: vec!["-".to_owned()], ..ReadSettings::default() };
    let stdin = Cursor::new(b"id,text\n").chain(Rows { left: 100_000, at: 0 });
    let mut corpus = Corpus::open_with(&settings, Box::new(stdin)).unwrap();
    assert_eq!(corpus.total_bytes(), None);
    assert_eq!(corpus.by_ref().filter(|record| matches!(record, Ok(Record::Document(_)))).count(), 100_000);
    assert_eq!(corpus.bytes_read(), 8 + 100_000 * ROW.len() as u64);
}

#[test]
fn a_field_of_50_megabytes_is_read() {
    let text = "so \"\"called\"\" choice,\n".repeat(50_000_000 / 22);
    let found = read_file("a.csv", format!("id,text\n1,\"{text}\"\n2,b\n").as_bytes());
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].len(), 2 + text.len() - 4 * (50_000_000 / 22) / 2);
}

#[test]
fn an_invalid_byte_after_the_sample_costs_its_row() {
    let mut bytes = b"id,text\n".to_vec();
    (0..40_000).for_each(|_| bytes.extend_from_slice(ROW));
    bytes.extend_from_slice(b"2,caf\xE9\n3,Yes\n");
    let found = read_file("a.csv", &bytes);
    assert_eq!(found.len(), 40_002);
    let place = format!("line 40002: the byte at offset {} (0xE9)", 8 + 40_000 * ROW.len() + 5);
    assert!(found[40_000].contains(&place), "{}", found[40_000]);
    assert_eq!(found[40_001], "3|Yes");
}

/// Bytes in which what readers trip over is frequent.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        &b"text"[..],
        b"id",
        b",",
        b";",
        b"\t",
        b"\"",
        b"\"\"",
        b"\n",
        b"\r\n",
        b"\r",
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b"\\u",
        b"\0",
        b"\xFF\xFE",
        b"\xFE\xFF",
        b"\xEF\xBB\xBF",
        b"\xE9",
        b"\xC3\xA9",
        b"<p>",
        b"</p>",
        b"<table>",
        b"<td rowspan=0>",
        b"<li>",
        b"<ol start=-1>",
        b"<pre>",
        b"<!--",
        b"<script>",
        b"&#x110000;",
        b"<svg>",
        b"<template>",
        b"{\"text\":\"a\"}",
        b"<img alt=a>",
        b"<sup>",
        b"<a href=b>",
        b"\t\t",
        b"<br>",
        b"<textarea>",
        b"<ruby><rt>",
        b"a",
    ]);
    let piece = prop_oneof![4 => pieces.prop_map(<[u8]>::to_vec), 1 => prop::collection::vec(any::<u8>(), 0..4)];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_to_the_end(bytes in hostile()) {
        for name in ["a.csv", "a.tsv", "a.jsonl", "a.json", "a.txt", "a.html", "a"] {
            let with_header = [b"id,text\n", bytes.as_slice()].concat();
            prop_assert!(read_file(name, &bytes).len() <= bytes.len() + 1);
            prop_assert!(read_file(name, &with_header).len() <= with_header.len() + 1);
        }
    }
}
