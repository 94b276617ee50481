//! Every way in which input can be bad has its own message and exit code.

use standpoint_tests::{Table, workdir};

/// Arguments after `label`, and how the run must end.
struct Case {
    what: &'static str,
    arguments: &'static [&'static str],
    code: i32,
    /// Parts of what is printed to standard error.
    parts: &'static [&'static str],
}

/// A file that holds these bytes, and how labelling it must end.
struct FileCase {
    what: &'static str,
    name: &'static str,
    bytes: &'static [u8],
    code: i32,
    parts: &'static [&'static str],
    /// The documents labelled all the same.
    labelled: &'static [&'static str],
}

const ARGUMENTS: [Case; 16] = [
    Case { what: "missing file", arguments: &["no.csv"], code: 1, parts: &["no.csv: no such file or folder; check"] },
    Case {
        what: "folder with nothing readable",
        arguments: &["dull"],
        code: 1,
        parts: &["dull: holds no file that can be read; the types read are csv, tsv, "],
    },
    Case {
        what: "glob without a match",
        arguments: &["*.tsv"],
        code: 1,
        parts: &["*.tsv: no file matches this pattern"],
    },
    Case {
        what: "standard input twice",
        arguments: &["-", "-"],
        code: 1,
        parts: &["-: standard input was named more than once"],
    },
    Case { what: "empty standard input", arguments: &["-"], code: 1, parts: &["-: is empty (0 bytes)"] },
    Case {
        what: "column that is not there",
        arguments: &["in.csv", "--text-column", "said"],
        code: 1,
        parts: &["in.csv: has no column \"said\"", "--text-column", "\"text\", \"author\""],
    },
    Case {
        what: "missing output folder",
        arguments: &["in.csv", "-o", "no/out.csv"],
        code: 1,
        parts: &["no/out.csv: cannot write into the folder no; create it"],
    },
    Case {
        what: "output is a folder",
        arguments: &["in.csv", "-o", "dull"],
        code: 1,
        parts: &["dull: cannot be written"],
    },
    Case {
        what: "missing bundle",
        arguments: &["in.csv", "--bundle", "no"],
        code: 1,
        parts: &["no: no such folder; check the spelling"],
    },
    Case { what: "no input", arguments: &[], code: 2, parts: &["<INPUT>", "--help"] },
    Case { what: "unknown option", arguments: &["in.csv", "--colour"], code: 2, parts: &["'--colour'"] },
    Case {
        what: "unknown unit",
        arguments: &["in.csv", "--unit", "word"],
        code: 2,
        parts: &["'word'", "segment, document"],
    },
    Case {
        what: "scheme beside a bundle",
        arguments: &["in.csv", "--bundle", "no", "--scheme", "no.toml"],
        code: 2,
        parts: &["'--bundle <DIR>'", "'--scheme <FILE>'"],
    },
    Case {
        what: "scheme without a model to ask",
        arguments: &["in.csv", "--scheme", "no.toml"],
        code: 2,
        parts: &["--zero-shot <DIR>"],
    },
    Case {
        what: "format that is not written",
        arguments: &["in.csv", "-o", "out.json"],
        code: 1,
        parts: &["out.json: .json is not written; call it .csv, .tsv or .jsonl"],
    },
    Case { what: "no threads", arguments: &["in.csv", "--threads", "0"], code: 2, parts: &["'0'", "--threads"] },
];

#[test]
fn bad_arguments() {
    let workdir = workdir!();
    workdir.write("in.csv", "text,author\nIt is work.,Ann\n");
    workdir.write("dull/picture.png", b"\x89PNG");
    let mut failures = Vec::new();
    for Case { what, arguments, code, parts } in ARGUMENTS {
        let run = workdir.run(&[&["label"], arguments].concat());
        failures.extend(run.lacks(code, parts).map(|lacks| format!("{what}: {lacks}")));
        assert!(run.stdout.is_empty(), "{what}");
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(workdir.names(), ["dull", "in.csv"]);
}

const FILES: [FileCase; 12] = [
    FileCase {
        what: "empty file",
        name: "in.csv",
        bytes: b"",
        code: 1,
        parts: &["in.csv: is empty (0 bytes)"],
        labelled: &[],
    },
    FileCase {
        what: "no text column",
        name: "in.csv",
        bytes: b"author,place\nAnn,Leeds\n",
        code: 1,
        parts: &["in.csv: cannot tell which column holds the text", "--text-column", "\"author\", \"place\""],
        labelled: &[],
    },
    FileCase {
        what: "blank lines",
        name: "in.csv",
        bytes: b"\n\n",
        code: 1,
        parts: &["in.csv: the header cannot be read", "nothing but blank lines"],
        labelled: &[],
    },
    FileCase {
        what: "PDF",
        name: "in.pdf",
        bytes: b"%PDF-1.7\n",
        code: 1,
        parts: &["in.pdf: is a PDF", "pdftotext"],
        labelled: &[],
    },
    FileCase {
        what: "no JSON object",
        name: "in.jsonl",
        bytes: b"[1, 2]\n",
        code: 1,
        parts: &["in.jsonl: holds no JSON object"],
        labelled: &[],
    },
    FileCase {
        what: "ragged rows",
        name: "in.csv",
        bytes: b"id,text\na,It is work.\nb,one,two\nc\n",
        code: 3,
        parts: &[
            "in.csv: row 2: line 3: the row has 3 fields where the header has 2",
            "row 3: line 4",
            "2 row(s) could not be read",
        ],
        labelled: &["a"],
    },
    FileCase {
        what: "open quote",
        name: "in.csv",
        bytes: b"id,text\na,\"It is work.\nb,Fine him.\n",
        code: 3,
        parts: &["in.csv: row 1: line 2: the quote opened on line 2 is not closed"],
        labelled: &["b"],
    },
    FileCase {
        what: "invalid UTF-8",
        name: "in.csv",
        bytes: b"id,text\na,caf\xC3\xA9 \xE2\x80\x94 na\xC3\xAFve\nb,bad \xC3( byte\n",
        code: 3,
        parts: &["in.csv: row 2: line 3: ", "byte"],
        labelled: &["a"],
    },
    FileCase {
        what: "NUL byte",
        name: "in.csv",
        bytes: b"id,text\na,It is\0 work.\nb,Fine him.\n",
        code: 3,
        parts: &["in.csv: row 1: line 2: ", "NUL"],
        labelled: &["b"],
    },
    FileCase {
        what: "bad JSON line",
        name: "in.jsonl",
        bytes: b"{\"id\": \"a\", \"text\": \"It is work.\"}\n{\"id\": \n",
        code: 3,
        parts: &["in.jsonl: row 2: "],
        labelled: &["a"],
    },
    FileCase {
        what: "empty text",
        name: "in.csv",
        bytes: b"id,text\na, \nb,Fine him.\n",
        code: 3,
        parts: &["in.csv: row 1: line 2: the text is empty"],
        labelled: &["b"],
    },
    FileCase {
        what: "text that is not text",
        name: "in.txt",
        bytes: b"It is\0 work.",
        code: 3,
        parts: &["in.txt: is not text", "NUL"],
        labelled: &[],
    },
];

#[test]
fn bad_files() {
    let workdir = workdir!();
    workdir.train_market("bundle");
    let mut failures = Vec::new();
    for FileCase { what, name, bytes, code, parts, labelled } in FILES {
        workdir.write(name, bytes);
        let run = workdir.run(&["label", "--bundle", "bundle", "--unit", "document", name]);
        failures.extend(run.lacks(code, parts).map(|lacks| format!("{what}: {lacks}")));
        if code == 1 {
            assert!(run.stdout.is_empty(), "{what}");
        } else {
            assert_eq!(Table::csv(&run.stdout).column("document"), labelled, "{what}");
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_bad_file_in_a_folder_is_listed_and_the_others_labelled() {
    let workdir = workdir!();
    workdir.write("dump/a.csv", b"");
    workdir.write("dump/b.csv", "id,text\nb,It is work.\n");
    let run = workdir.run(&["label", "dump"]).expect(3);
    assert_eq!(run.table().column("document"), ["b"]);
    assert_eq!(run.lacks(3, &["dump/a.csv: is empty", "1 row(s) could not be read"]), None);
}

#[test]
fn what_cannot_be_run_says_how_to_get_help() {
    let workdir = workdir!();
    let cases: [(&[&str], i32); 4] = [(&[], 2), (&["judge"], 2), (&["--help"], 0), (&["label", "--help"], 0)];
    for (arguments, code) in cases {
        let run = workdir.run(arguments).expect(code);
        let said = if code == 0 { run.text() } else { &run.stderr };
        assert!(said.contains("Usage: "), "{arguments:?}: {said}");
    }
}
