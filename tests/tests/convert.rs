//! `standpoint convert`.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

use standpoint_tests::{Table, Workdir, fixture, workdir};

/// The columns that say what labels are, row by row, sorted.
fn labels(workdir: &Workdir, file: &str) -> Vec<String> {
    let table = Table::csv(&workdir.read(file));
    let cell = |row: &[String], name: &str| {
        table.header.iter().position(|found| found == name).map(|at| row[at].clone()).unwrap_or_default()
    };
    let names = ["id", "document", "start", "end", "text", "stance", "annotator"];
    let line = |row: &Vec<String>| names.map(|name| cell(row, name)).join("|");
    let mut lines: Vec<String> = table.rows.iter().map(line).collect();
    lines.sort();
    lines
}

/// A scheme, a corpus, and labels of texts and spans by two annotators.
fn set_up() -> Workdir {
    let workdir = workdir!();
    workdir.write("scheme.toml", std::fs::read(fixture("market/scheme.toml")).unwrap());
    workdir.write("corpus.csv", "id,text\nd1,🚲 Keep the market. Close it.\nd2,Voilà.\n");
    workdir.write(
        "hand.csv",
        "id,document,start,end,text,stance,annotator\nc1,,,,'-Keep it open,favour,ann\n,d1,2,18,,In favour,ann\n,d1,19,28,,1,ann\n,d1,19,28,,none,ben\n,d2,0,6,,none,ben\n",
    );
    workdir
}

#[test]
fn labels_survive_the_way_through_every_tool() {
    let workdir = set_up();
    let common = ["--scheme", "scheme.toml", "--quiet", "-o"];
    let run =
        |arguments: &[&str], out: &str| workdir.run(&[&["convert"], arguments, &common, &[out]].concat()).expect(0);
    let _ = run(&["hand.csv", "--to", "csv"], "plain.csv");
    let expected = labels(&workdir, "plain.csv");
    assert_eq!(expected.len(), 5);
    assert_eq!(expected[0], "c1||||'-Keep it open|favour|ann");
    for (tool, file) in
        [("label-studio", "ls.json"), ("argilla", "rg.json"), ("doccano", "admin.jsonl"), ("prodigy", "db.jsonl")]
    {
        let _ = run(&["hand.csv", "--corpus", "corpus.csv", "--to", tool], file);
        let back = run(&[file, "--to", "csv"], "back.csv");
        assert_eq!(back.stderr.lines().count(), 1, "only the annotators are named: {}", back.stderr);
        assert_eq!(labels(&workdir, "back.csv"), expected, "{tool}: {}", workdir.read_text(file));
    }
}

#[test]
fn what_cannot_be_written_is_listed() {
    let workdir = set_up();
    workdir.write(
        "bad.csv",
        "document;start;end;stance;annotator\nd1;2;18;favour;ann\nd1;2;18;favour;ann\nd1;2;18;maybe;ben\nd9;2;18;favour;ann\nd2;0;7;none;ann\nd2;3;3;none;ann\n",
    );
    let run = workdir.run(&[
        "convert",
        "bad.csv",
        "--corpus",
        "corpus.csv",
        "--scheme",
        "scheme.toml",
        "--to",
        "prodigy",
        "-o",
        "db.jsonl",
    ]);
    let said =
        ["5 row(s) could not be read; they are listed in db.jsonl.rejects.csv", "1 labels of 1 annotator(s) written"];
    assert_eq!(run.lacks(3, &said), None);
    let rejects = Table::csv(&workdir.read("db.jsonl.rejects.csv"));
    assert_eq!(rejects.numbers::<u64>("row"), [6, 2, 3, 4, 5]);
    let reasons = rejects.column("reason").join("\n");
    for part in [
        "start 3 is not before end 3",
        "`ann` judged the same in bad.csv, row 1; keep one of the two",
        "`maybe` is no stance of the scheme (favour, against, none), nor the name of one (In favour, Against, Neither)",
        "no document `d9` was read; give its file with --corpus",
        "0..7 lies outside document `d2` of 6 characters",
    ] {
        assert!(reasons.contains(part), "{part}: {reasons}");
    }
    assert_eq!(workdir.read_text("db.jsonl").lines().count(), 1);
}

#[test]
fn nothing_is_left_where_nothing_can_be_written() {
    let workdir = set_up();
    workdir.write("none.jsonl", "{\"text\":\"Keep it\",\"answer\":\"ignore\"}\n");
    workdir.write("bad.json", "[{\"data\":");
    workdir.write("plain.json", "{\"words\":\"Keep it\"}");
    let cases: [(&[&str], i32, &[&str]); 5] = [
        (
            &["none.jsonl", "--to", "csv", "-o", "out"],
            1,
            &["none.jsonl: 1 answer(s) are no labels: 1 ignored", "there is no label to write"],
        ),
        (&["bad.json", "--to", "csv", "-o", "out"], 1, &["bad.json: the JSON is malformed"]),
        (
            &["plain.json", "--to", "csv", "-o", "out"],
            1,
            &["plain.json: a label file has the columns", "found `words`"],
        ),
        (&["no.csv", "--to", "csv", "-o", "out"], 1, &["no.csv: "]),
        (&["hand.csv", "-o", "out"], 2, &["--to <FORMAT>"]),
    ];
    for (arguments, code, parts) in cases {
        assert_eq!(workdir.run(&[&["convert"], arguments].concat()).lacks(code, parts), None);
        assert!(!workdir.path("out").exists(), "{arguments:?}");
    }
}

#[test]
fn a_bundle_learns_from_a_tool_s_export_alone() {
    let workdir = workdir!();
    let labels = fixture("market/labels.csv");
    let scheme = fixture("market/scheme.toml");
    let _ =
        workdir.run(&["convert", &labels, "--scheme", &scheme, "--to", "label-studio", "-o", "tasks.json"]).expect(0);
    let encoder = fixture("encoder/tiny");
    let train = ["train", "--labels", "tasks.json", "--scheme", &scheme, "--encoder", &encoder, "--out", "bundle"];
    let run = workdir.run(&train).expect(0);
    assert!(run.stderr.contains("learnt from 18 texts of 18 groups: favour 6, against 6, none 6"), "{}", run.stderr);
}

#[test]
fn labels_can_come_from_standard_input() {
    let workdir = workdir!();
    let run = workdir.run_with(&["convert", "-", "--to", "prodigy"], b"text,stance\nIt is work.,undecided\n").expect(0);
    assert!(run.text().contains("\"text\":\"It is work.\""), "{}", run.text());
    let run =
        workdir.run_with(&["convert", "-", "--corpus", "-", "--to", "csv"], b"text,stance\nIt is work.,undecided\n");
    assert_eq!(run.lacks(1, &["standard input (-) can be only one of the files"]), None);
}
