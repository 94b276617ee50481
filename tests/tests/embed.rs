//! `standpoint embed`.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

use safetensors::SafeTensors;
use serde_json::json;
use standpoint_tests::{Table, fixture, workdir};

/// A matrix that numpy wrote, or could have: its shape and its numbers row by row.
fn read_npy(bytes: &[u8]) -> ((usize, usize), Vec<f32>) {
    assert_eq!(bytes[..8], *b"\x93NUMPY\x01\x00");
    let end = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let header = std::str::from_utf8(&bytes[10..end]).unwrap();
    assert!(header.starts_with("{'descr': '<f4', 'fortran_order': False, 'shape': (") && header.ends_with('\n'));
    // Numbers begin where the format asks them to.
    assert_eq!(end % 64, 0);
    let shape = header.split_once("'shape': (").unwrap().1.split_once(')').unwrap().0;
    let (rows, columns) = shape.split_once(", ").unwrap();
    let numbers = bytes[end..].as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    ((rows.parse().unwrap(), columns.parse().unwrap()), numbers)
}

/// The largest difference between two lists of numbers of the same length.
fn difference(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    // A NaN must not pass, and `max` would drop it.
    let differences = found.iter().zip(expected).map(|(a, b)| (a - b).abs());
    differences.fold(0.0, |worst, x| if x.is_nan() { f32::INFINITY } else { f32::max(worst, x) })
}

#[test]
fn embeddings_are_those_of_sentence_transformers() {
    let texts: Vec<String> = serde_json::from_slice(&std::fs::read(fixture("encoder/texts.json")).unwrap()).unwrap();
    let reference = std::fs::read(fixture("encoder/tiny.safetensors")).unwrap();
    let reference = SafeTensors::deserialize(&reference).unwrap().tensor("normalised").unwrap().data().to_vec();
    let expected: Vec<f32> = reference.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    // Texts that are empty are no documents; a NUL stands in no text that is read.
    let is_read = |text: &String| !text.trim().is_empty() && !text.contains('\0');
    let read: Vec<usize> = (0..texts.len()).filter(|&at| is_read(&texts[at])).collect();
    let line = |&at: &usize| json!({ "id": format!("t{at}"), "text": texts[at] }).to_string();
    let workdir = workdir!();
    workdir.write("in.jsonl", read.iter().map(line).collect::<Vec<_>>().join("\n"));
    let encoder = fixture("encoder/tiny");
    let run = workdir.run(&["embed", "in.jsonl", "--encoder", &encoder, "-o", "out.npy"]).expect(0);
    let (shape, found) = read_npy(&workdir.read("out.npy"));
    assert!(shape == (read.len(), 32) && read.len() > 40, "{shape:?}");
    for (row, &text) in read.iter().enumerate() {
        let difference = difference(&found[row * 32..][..32], &expected[text * 32..][..32]);
        assert!(difference < 1e-5, "{:?} is off by {difference:e}", texts[text]);
    }
    let index = Table::csv(&workdir.read("out.index.csv"));
    assert_eq!(index.header, ["row", "document", "segment", "start", "end"]);
    assert_eq!(index.column("document"), read.iter().map(|at| format!("t{at}")).collect::<Vec<_>>());
    assert_eq!(index.numbers::<usize>("row"), (0..read.len()).collect::<Vec<_>>());
    let lengths: Vec<usize> = read.iter().map(|&at| texts[at].chars().count()).collect();
    assert_eq!(index.numbers::<usize>("end"), lengths);
    assert!(run.stderr.contains(&format!("{} embeddings of 32 numbers", read.len())), "{}", run.stderr);
    assert!(run.stdout.is_empty());
}

#[test]
fn segments_are_embedded_as_texts_of_their_own() {
    let workdir = workdir!();
    let encoder = fixture("encoder/tiny");
    let passages = [
        "We walk by the river when the rain is quiet and the lamps are out.",
        "Nobody in the village can sleep, so the judge reads a letter.",
    ];
    workdir.write("whole.txt", passages.join("\n\n"));
    workdir.write("parts.csv", format!("text\n\"{}\"\n\"{}\"\n", passages[0], passages[1]));
    for arguments in
        [["whole.txt", "--unit", "segment", "-o", "whole.npy"].as_slice(), &["parts.csv", "-o", "parts.npy"]]
    {
        let _ = workdir.run(&[&["embed", "--encoder", &encoder], arguments].concat()).expect(0);
    }
    assert_eq!(workdir.read("whole.npy"), workdir.read("parts.npy"));
    let index = Table::csv(&workdir.read("whole.index.csv"));
    assert_eq!((index.column("segment"), index.column("document")), (vec!["1", "2"], vec!["whole.txt"; 2]));
    let second = passages[0].len() + 2;
    assert_eq!(index.numbers::<usize>("start"), [0, second]);
    assert_eq!(index.numbers::<usize>("end"), [passages[0].len(), second + passages[1].len()]);
}

#[test]
fn the_built_in_encoder_is_the_default() {
    let workdir = workdir!();
    workdir.write("in.csv", "text\nIt is work.\nIt is work.\nFine the buyer.\n");
    let embed = |threads: &str| {
        let _ = workdir.run(&["embed", "in.csv", "-o", "out.npy", "--threads", threads]).expect(0);
        workdir.read("out.npy")
    };
    let bytes = embed("1");
    assert_eq!(embed("3"), bytes);
    let ((rows, columns), numbers) = read_npy(&bytes);
    let vectors: Vec<&[f32]> = numbers.chunks(columns).collect();
    assert!(rows == 3 && vectors[0] == vectors[1] && vectors[0] != vectors[2]);
    for vector in vectors {
        assert!((vector.iter().map(|x| x * x).sum::<f32>() - 1.0).abs() < 1e-4);
    }
}

#[test]
fn what_cannot_be_embedded_is_said() {
    let workdir = workdir!();
    workdir.write("in.csv", "text\nIt is work.\n");
    workdir.write("model/config.json", "{}");
    let cases: [(&[&str], i32, &[&str]); 6] = [
        (&["in.csv"], 2, &["--out"]),
        (&["no.csv", "-o", "out.npy"], 1, &["no.csv: no such file"]),
        (&["in.csv", "-o", "no/out.npy"], 1, &["no/out.npy: cannot write into the folder no"]),
        (&["in.csv", "-o", "model"], 1, &["model: is not a file"]),
        (&["in.csv", "-o", "out.npy", "--encoder", "no"], 1, &["no: no such folder; check the spelling"]),
        (&["in.csv", "-o", "out.npy", "--encoder", "model"], 1, &["model"]),
    ];
    for (arguments, code, parts) in cases {
        assert_eq!(workdir.run(&[&["embed"], arguments].concat()).lacks(code, parts), None);
    }
    assert_eq!(workdir.names(), ["in.csv", "model"]);
}
