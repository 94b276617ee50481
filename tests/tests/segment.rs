//! `standpoint segment`.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

use standpoint_corpus::Span;
use standpoint_tests::{Table, without_white_space, workdir};

const LETTER: &str = "\
Dear Dr. Achterberg,

I read p. 5 twice. You ask: \u{201c}Who pays the rent?\u{201d} We do, at 9 a.m. on the first. So the \u{2026} matter is simple!

- no raids at night
- no fines, e.g. for a lamp

Yours, J. Q. Okafor
";

fn spans(table: &Table) -> Vec<Span> {
    let (starts, ends) = (table.numbers("start"), table.numbers("end"));
    starts.into_iter().zip(ends).map(|(start, end)| Span { start, end }).collect()
}

/// Segments are in order, none overlaps the next, each is the text of its span, and together they are all of the text.
fn check_spans(table: &Table, text: &str) {
    let spans = spans(table);
    assert!(spans.is_sorted_by(|before, after| before.end <= after.start), "{spans:?}");
    let cut: Vec<&str> = spans.iter().map(|span| span.of(text).unwrap()).collect();
    for (cut, segment) in cut.iter().zip(table.column("text")) {
        assert_eq!(without_white_space(cut), without_white_space(segment));
    }
    assert_eq!(without_white_space(&cut.concat()), without_white_space(text));
}

#[test]
fn passages_are_the_default() {
    let workdir = workdir!();
    workdir.write("letter.txt", LETTER);
    let run = workdir.run(&["segment", "letter.txt", "--raw-cells"]).expect(0);
    assert_eq!(run.table().header, ["document", "segment", "start", "end", "text"]);
    check_spans(&run.table(), LETTER);
    assert_eq!(
        workdir.run(&["segment", "letter.txt", "--unit", "passage", "--raw-cells"]).expect(0).stdout,
        run.stdout
    );
    assert!(run.stderr.starts_with("1 document, "), "{}", run.stderr);
}

#[test]
fn sentences_are_whole() {
    let workdir = workdir!();
    workdir.write("letter.txt", LETTER);
    let table = workdir.run(&["segment", "letter.txt", "--unit", "sentence", "--raw-cells"]).expect(0).table();
    check_spans(&table, LETTER);
    let expected = [
        "Dear Dr. Achterberg,",
        "I read p. 5 twice.",
        "You ask: \u{201c}Who pays the rent?\u{201d}",
        "We do, at 9 a.m. on the first.",
        "So the \u{2026} matter is simple!",
        "- no raids at night",
        "- no fines, e.g. for a lamp",
        "Yours, J. Q. Okafor",
    ];
    assert_eq!(table.column("text"), expected);
    assert_eq!(table.column("segment"), ["1", "2", "3", "4", "5", "6", "7", "8"]);
}

#[test]
fn other_columns_stay_and_rejects_are_listed() {
    let workdir = workdir!();
    workdir.write("in.csv", "id,text,end\nx,Rain. Bread.,late\ny,,\n");
    let run = workdir.run(&["segment", "in.csv", "--unit", "sentence", "-o", "out.csv"]).expect(3);
    let table = Table::csv(&workdir.read("out.csv"));
    assert_eq!(table.header[5..], ["input_end"]);
    let columns = [table.column("document"), table.column("text"), table.column("input_end")];
    assert_eq!(columns, [["x", "x"], ["Rain.", "Bread."], ["late", "late"]]);
    assert!(run.stderr.contains("out.csv.rejects.csv"), "{}", run.stderr);
    assert_eq!(Table::csv(&workdir.read("out.csv.rejects.csv")).column("row"), ["2"]);
}

#[test]
fn a_field_of_50_megabytes_is_split() {
    let workdir = workdir!();
    let sentence = "We read the letter by the window, and then it rained on the old market. ";
    let text = sentence.repeat(50_000_000 / sentence.len());
    workdir.write("in.csv", format!("id,text\nlong,\"{text}\"\nshort,Rain.\n"));
    for unit in ["passage", "sentence"] {
        let _ = workdir.run(&["segment", "in.csv", "--unit", unit, "-o", "out.csv"]).expect(0);
        let table = Table::csv(&workdir.read("out.csv"));
        let of_long = table.column("document").iter().filter(|document| **document == "long").count();
        assert_eq!((table.rows.len() - of_long, spans(&table)[of_long - 1].end), (1, text.len() - 1), "{unit}");
        if unit == "sentence" {
            assert_eq!(of_long, text.len() / sentence.len());
        }
    }
}
