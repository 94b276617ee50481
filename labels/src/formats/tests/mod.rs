#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

mod tools;
mod writing;

use std::collections::BTreeMap;
use std::path::Path;

use super::{read, read_predictions};
use crate::{HandLabel, LabelFile, Place, Scheme, Target};

/// Does something with a file of this name and content.
fn with_file<T>(name: &str, content: &[u8], action: impl FnOnce(&Path) -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, content).unwrap();
    action(&file)
}

fn read_file(name: &str, content: &str) -> LabelFile {
    with_file(name, content.as_bytes(), |file| read(file, None).unwrap())
}

/// A label in a line: what was judged, the stance, who judged, and the record.
fn shown(label: &HandLabel) -> String {
    let place = match &label.place {
        Place::Text { text, id, document } => {
            let named =
                |mark: &str, name: Option<&String>| name.map_or_else(String::new, |name| format!("{mark}{name}"));
            format!("{text:?}{}{}", named(" #", id.as_ref()), named(" in ", document.as_ref()))
        }
        Place::Span { document, span } => format!("{document} {}..{}", span.start, span.end),
    };
    let target = label.target.as_ref().map_or_else(String::new, |target| format!(" on {target}"));
    let weight = label.weight.map_or_else(String::new, |weight| format!(" counts {weight}"));
    format!("{place}{target}: {}{weight} by {} in {}", label.stance, label.annotator, label.row)
}

/// What a file holds, a line each: labels, problems, reasons to skip.
fn summary(file: &LabelFile) -> String {
    let labels = file.labels.iter().map(shown);
    let problems = file.problems.iter().map(|problem| format!("row {}: {}", problem.row, problem.reason));
    let skipped = file.skipped.iter().map(|(reason, count)| format!("{count} {reason}"));
    labels.chain(problems).chain(skipped).collect::<Vec<_>>().join("\n")
}

struct Case {
    name: &'static str,
    file: &'static str,
    content: &'static str,
    expected: &'static [&'static str],
}

fn check(cases: &[Case]) {
    let failed: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let found = summary(&read_file(case.file, case.content));
            let expected = case.expected.join("\n");
            (found != expected).then(|| format!("{}\n--- found\n{found}\n--- expected\n{expected}", case.name))
        })
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

#[test]
fn where_a_scheme_has_targets_another_column_holds_the_stance_if_one_can() {
    let targets = vec![Target { id: "lamps".to_owned(), name: "Street lamps".to_owned() }];
    let scheme = Scheme { targets, ..Scheme::sex_work_law() };
    let cases = [
        ("text,target,label\nKeep it,lamps,0\n", "\"Keep it\" on lamps: 0 by a in 1"),
        ("text,target\nKeep it,1\n", "\"Keep it\": 1 by a in 1"),
    ];
    for (content, expected) in cases {
        let found = with_file("a.csv", content.as_bytes(), |file| read(file, Some(&scheme)).unwrap());
        assert_eq!(summary(&found), expected);
    }
}

#[test]
fn tables_are_read() {
    check(&[
        Case {
            name: "self-contained",
            file: "anna.csv",
            content: "text,stance\nLicense it,favour\n",
            expected: &["\"License it\": favour by anna in 1"],
        },
        Case {
            name: "stand-off",
            file: "a.csv",
            content: "document,start,end,stance,annotator\nd1,0,10,none,ben\n",
            expected: &["d1 0..10: none by ben in 1"],
        },
        Case {
            name: "both in one, as this program writes them",
            file: "a.csv",
            content: "id,document,start,end,text,stance,annotator\n,d1,0,10,,none,ben\nt1,d2,,,Close it,against,ben\n",
            expected: &["d1 0..10: none by ben in 1", "\"Close it\" #t1 in d2: against by ben in 2"],
        },
        Case {
            name: "byte-order mark, semicolons and capitals",
            file: "anna.csv",
            content: "\u{feff}Text;Stance\r\n\"a, b\";none\r\n",
            expected: &["\"a, b\": none by anna in 1"],
        },
        Case {
            name: "a guarded cell",
            file: "anna.csv",
            content: "text,stance\n'-5 degrees,none\n",
            expected: &["\"-5 degrees\": none by anna in 1"],
        },
        Case {
            name: "scikit-learn",
            file: "run.csv",
            content: ",text,y_true,y_pred\n0,Close it,1,0\n1,Keep it,0.0,0\n",
            expected: &["\"Close it\": 1 by run in 1", "\"Keep it\": 0.0 by run in 2"],
        },
        Case {
            name: "SetFit",
            file: "train.jsonl",
            content: "{\"text\":\"Close it\",\"label\":1,\"label_text\":\"against\"}\n{\"text\":\"Keep it\",\"label\":0,\"label_text\":\"favour\"}\n",
            expected: &["\"Close it\": against by train in 1", "\"Keep it\": favour by train in 2"],
        },
        Case {
            name: "targets",
            file: "a.csv",
            content: "id,target,text,stance\n1, Street lamps ,Keep it,favour\n2,,Keep it,none\n",
            expected: &["\"Keep it\" #1 on Street lamps: favour by a in 1", "\"Keep it\" #2: none by a in 2"],
        },
        Case {
            name: "weights",
            file: "a.csv",
            content: "text,stance,weight\nKeep it,none,0.5\nKeep it,none,\nKeep it,none,0\nKeep it,none,twice\n",
            expected: &[
                "\"Keep it\": none counts 0.5 by a in 1",
                "\"Keep it\": none by a in 2",
                "row 3: `0` in column `weight` is not a number above 0; write one, or leave the cell empty for 1",
                "row 4: `twice` in column `weight` is not a number above 0; write one, or leave the cell empty for 1",
            ],
        },
        Case {
            name: "a target that is the stance",
            file: "a.csv",
            content: "text,target,label\nKeep it,favour,0\n",
            expected: &["\"Keep it\": favour by a in 1"],
        },
        Case {
            name: "what is no label",
            file: "a.csv",
            content: "document,start,end,text,stance\nd,5,5,,none\nd,x,5,,none\nd,1,2,\nd,,, ,none\nd,1,2,,\n",
            expected: &[
                "row 1: start 5 is not before end 5; end is one past the last character",
                "row 2: `x` in column `start` is not a character position; write a whole number from 0",
                "row 3: 4 fields where the header has 5; quote fields that hold the delimiter",
                "row 4: the text is empty",
                "row 5: the stance is empty; write one of the scheme's ids or leave the row out",
            ],
        },
    ]);
}

#[test]
fn lines_that_are_no_objects_are_named() {
    check(&[Case {
        name: "a broken line",
        file: "db.jsonl",
        content: "{\"text\":\"Keep it\",\"label\":\"a\",\"answer\":\"accept\"}\n{\"text\":\"Clo\n7\n",
        expected: &[
            "\"Keep it\": a by db in 1",
            "row 2: EOF while parsing a string at column 12; expected one whole JSON object a line",
            "row 3: found `7`; expected a JSON object",
        ],
    }]);
}

#[test]
fn what_is_no_label_file_is_said() {
    let cases: [(&str, &[u8], &str); 6] = [
        ("a.csv", b"document,stance\nd,none\n", "a.csv: a label file has the columns"),
        ("a.csv", b"", "the file is empty"),
        ("a.jsonl", b"{\"a\":1}\n", "found `a`"),
        ("a.json", b"[{\"a\":1}", "a.json: the JSON is malformed: EOF while parsing a list at line 1 column 8"),
        ("a.json", b"[]", "there is nothing in it"),
        ("a.csv", b"text,stance\na\0b,none\n", "is NUL"),
    ];
    for (name, content, expected) in cases {
        let error = with_file(name, content, |file| read(file, None).unwrap_err().to_string());
        assert!(error.contains(expected), "{content:?}: {error}");
    }
    let missing = read(Path::new("no/such/file.csv"), None).unwrap_err().to_string();
    assert!(missing.starts_with("no/such/file.csv: "), "{missing}");
}

#[test]
fn other_encodings_are_understood() {
    let latin = with_file("a.csv", b"text;stance\nVive le caf\xe9 de la rue, disait-elle.;none\n", |file| {
        read(file, None).unwrap()
    });
    assert_eq!(
        latin.labels[0].place,
        Place::Text { text: "Vive le café de la rue, disait-elle.".to_owned(), id: None, document: None }
    );
    let utf16: Vec<u8> = "\u{feff}text\tstance\nOui\tnone\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(with_file("a.txt", &utf16, |file| summary(&read(file, None).unwrap())), "\"Oui\": none by a in 1");
}

#[test]
fn a_file_says_who_labelled_and_what_was_passed_over() {
    let content = "{\"text\":\"A\",\"label\":\"a\",\"answer\":\"accept\",\"_annotator_id\":\"x\"}\n{\"text\":\"B\",\"label\":\"a\",\"answer\":\"accept\",\"_annotator_id\":\"y\"}\n{\"text\":\"C\",\"answer\":\"ignore\"}\n";
    let file = read_file("db.jsonl", content);
    assert_eq!(file.annotators(), BTreeMap::from([("x", 1), ("y", 1)]));
    assert!(file.skipped_notice().unwrap().ends_with("db.jsonl: 1 answer(s) are no labels: 1 ignored"));
    assert_eq!(read_file("a.csv", "text,stance\nA,a\n").skipped_notice(), None);
}

#[test]
fn predictions_are_read_as_a_table() {
    let cases = [
        (
            "what models said goes before what people did",
            r#"[{"data": {"text": "Keep it", "id": "c1"}, "annotations": [{"result": [{"from_name": "s", "type": "choices", "value": {"choices": ["a"]}}]}],
                "predictions": [{"score": 0.75, "result": [{"from_name": "s", "type": "choices", "value": {"choices": ["b"]}}]}]}]"#,
            "document,id,start,end,text,stance,confidence\n1 ,c1,,,Keep it,b,0.75",
        ),
        (
            "where no model said anything, people count",
            "{\"text\":\"🚲 Keep it\",\"label\":[[3,10,\"a\"]],\"document\":\"d\"}",
            "document,id,start,end,text,stance,confidence\n1 d,,2,9,,a,",
        ),
        (
            "scores of all stances are probabilities",
            "{\"text\":\"Keep it\",\"annotation\":null,\"prediction\":[[\"b\",0.25],[\"a\",0.75]],\"id\":\"r\"}",
            "document,id,start,end,text,stance,confidence,p_a,p_b\n1 ,r,,,Keep it,a,0.75,0.75,0.25",
        ),
        (
            "records that cannot be read keep their place",
            "{\"text\":\"Keep it\",\"answer\":\"accept\",\"label\":\"a\"}\n7\n{\"text\":\"Hm\",\"answer\":\"accept\",\"label\":\"b\"}",
            "document,id,start,end,text,stance,confidence\n1 ,,,,Keep it,a,\n2 found `7`; expected a JSON object\n3 ,,,,Hm,b,",
        ),
    ];
    for (name, content, expected) in cases {
        let table = with_file("p.json", content.as_bytes(), |file| read_predictions(file).unwrap());
        let row = |(row, cells): &(u64, Result<Vec<String>, String>)| {
            format!("{row} {}", cells.as_ref().map_or_else(Clone::clone, |cells| cells.join(",")))
        };
        let lines = std::iter::once(table.header.join(",")).chain(table.rows.iter().map(row));
        assert_eq!(lines.collect::<Vec<_>>().join("\n"), expected, "{name}");
    }
}
