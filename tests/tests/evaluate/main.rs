//! `standpoint evaluate`.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

mod meeting;

use standpoint_tests::{Workdir, fixture, workdir};

const PREDICTED: &str = "\
document,segment,start,end,text,stance,confidence
d,1,0,10,one,favour,0.9
d,2,11,20,two,against,0.8
d,3,21,30,three,against,0.7
d,4,31,40,four,against,0.6
e,1,0,10,five,none,0.5
e,2,11,20,six,favour,0.4
";

/// Where the scores of scikit-learn 1.5 for y = [0, 0, 1, 1, 2, 2] and p = [0, 1, 1, 1, 2, 0] are printed.
const SCORES: [&str; 6] = [
    "macro-F1 0.656 [",
    "accuracy 0.667 [",
    "favour 0.500 0.500 0.500 2",
    "against 0.667 1.000 0.800 2",
    "none 1.000 0.500 0.667 2",
    "labels that met a prediction: 6, that met none: ",
];

fn evaluate(workdir: &Workdir, labels: &str) -> standpoint_tests::Finished {
    workdir.write("out.csv", PREDICTED);
    workdir.write("hand.csv", labels);
    workdir.run(&["evaluate", "out.csv", "--against", "hand.csv"])
}

/// Fails unless each part begins a line of the report, blanks counting once.
fn check_report(report: &str, parts: &[&str]) {
    let lines: Vec<String> = report.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let missing: Vec<_> = parts.iter().filter(|part| !lines.iter().any(|line| line.starts_with(**part))).collect();
    assert!(missing.is_empty(), "{missing:?} in\n{report}");
}

#[test]
fn stand_off_labels_meet_segments_by_overlap() {
    let labels = "document,start,end,stance\nd,0,9,favour\nd,12,25,favour\nd,20,30,against\nd,31,40,against\ne,0,10,none\ne,15,16,none\n";
    let run = evaluate(&workdir!(), labels).expect(0);
    check_report(run.text(), &SCORES);
    check_report(
        run.text(),
        &["labels that met a prediction: 6, that met none: 0", "against 2 0 0", "favour 1 1 0", "none 0 1 1"],
    );
    assert_eq!(run.stderr, "");
}

#[test]
fn self_contained_labels_meet_segments_by_text_and_the_rest_are_counted() {
    let labels = "text,stance\none,favour\ntwo,favour\n three ,against\nfour,against\nfive,none\nsix,none\nseven,favour\neight,none\n";
    let run = evaluate(&workdir!(), labels).expect(0);
    check_report(run.text(), &SCORES);
    check_report(run.text(), &["labels that met a prediction: 6, that met none: 2"]);
    let unmet = ["hand.csv: row 7: no prediction has this text", "hand.csv: row 8: no prediction has this text"];
    assert_eq!(run.lacks(0, &unmet), None);
}

#[test]
fn what_label_wrote_is_understood() {
    let workdir = workdir!();
    workdir.train_market("bundle");
    workdir.write(
        "in.csv",
        "id,text,stance\na,Keep the night market open!,favour\nb,Close the market at night.,against\n",
    );
    for unit in ["segment", "document"] {
        let _ = workdir.run(&["label", "in.csv", "--bundle", "bundle", "--unit", unit, "-o", "out.csv"]).expect(0);
        let run = workdir.run(&["evaluate", "out.csv", "--against", "in.csv"]).expect(0);
        check_report(run.text(), &["labels that met a prediction: 2, that met none: 0"]);
    }
}

#[test]
fn what_cannot_be_scored_is_said() {
    let workdir = workdir!();
    let run = evaluate(&workdir, "text,stance\none,favour\ntwo,\n");
    assert_eq!(run.lacks(3, &["hand.csv: row 2: the stance is empty"]), None);
    check_report(run.text(), &["accuracy 1.000"]);
    let run = evaluate(&workdir, "text,stance\nnothing alike,favour\n");
    assert_eq!(
        run.lacks(
            1,
            &["hand.csv: none of its 1 labels can be scored against out.csv; are both of the same corpus and scheme?"]
        ),
        None
    );
    workdir.write("odd.csv", "words,stance\none,favour\n");
    let cases: [(&[&str], i32, &[&str]); 4] = [
        (&["no.csv", "--against", "hand.csv"], 1, &["no.csv: cannot be read"]),
        (&["out.csv", "--against", "no.csv"], 1, &["no.csv: "]),
        (&["odd.csv", "--against", "hand.csv"], 1, &["odd.csv: predictions have the columns", "found `words,stance`"]),
        (&["out.csv"], 2, &["--against <HAND_LABELS>"]),
    ];
    for (arguments, code, parts) in cases {
        let run = workdir.run(&[&["evaluate"], arguments].concat());
        assert_eq!(run.lacks(code, parts), None);
        assert!(run.stdout.is_empty(), "{arguments:?}");
    }
}

/// Predictions and labels of the same six texts as [`PREDICTED`], in every format that is read, give the same scores.
#[test]
fn every_format_is_read_as_predictions_and_as_labels() {
    let texts = ["one", "two", "three", "four", "five", "six"];
    let [hand, predicted] = [
        ["favour", "favour", "against", "against", "none", "none"],
        ["favour", "against", "against", "against", "none", "favour"],
    ];
    let list = |line: &dyn Fn(&str, &str) -> String, stances: [&str; 6], separator: &str| {
        texts.iter().zip(stances).map(|(text, stance)| line(text, stance)).collect::<Vec<_>>().join(separator)
    };
    let choice = |stance: &str| {
        format!(r#"[{{"from_name":"s","to_name":"t","type":"choices","value":{{"choices":["{stance}"]}}}}]"#)
    };
    let task = |key: &'static str| {
        move |text: &str, stance: &str| {
            format!(r#"{{"data":{{"text":"{text}"}},"{key}":[{{"result":{}}}]}}"#, choice(stance))
        }
    };
    let argilla = |text: &str, stance: &str, key: &str| {
        format!(r#"{{"id":"r-{text}","fields":{{"text":"{text}"}},{key}:{stance}}}"#)
    };
    let pairs: [(&str, String, String); 5] = [
        (
            "csv",
            format!("text,y_true,y_pred\n{}", list(&|text, stance| format!("{text},{stance},none"), hand, "\n")),
            format!("text,y_pred\n{}", list(&|text, stance| format!("{text},{stance}"), predicted, "\n")),
        ),
        (
            "json",
            format!("[{}]", list(&task("annotations"), hand, ",")),
            format!("[{}]", list(&task("predictions"), predicted, ",")),
        ),
        (
            "json",
            format!(
                "[{}]",
                list(
                    &|text, stance| argilla(
                        text,
                        &format!(r#"{{"stance":[{{"value":"{stance}","user_id":"u"}}]}}"#),
                        r#""responses""#
                    ),
                    hand,
                    ","
                )
            ),
            format!(
                "[{}]",
                list(
                    &|text, stance| argilla(
                        text,
                        &format!(r#"{{"stance":{{"value":"{stance}","score":0.5}}}}"#),
                        r#""suggestions""#
                    ),
                    predicted,
                    ","
                )
            ),
        ),
        (
            "jsonl",
            list(&|text, stance| format!(r#"{{"text":"{text}","label":["{stance}"]}}"#), hand, "\n"),
            list(&|text, stance| format!(r#"{{"text":"{text}","label":["{stance}"]}}"#), predicted, "\n"),
        ),
        (
            "jsonl",
            list(&|text, stance| format!(r#"{{"text":"{text}","accept":["{stance}"],"answer":"accept"}}"#), hand, "\n"),
            list(
                &|text, stance| format!(r#"{{"text":"{text}","label":"{stance}","answer":"accept"}}"#),
                predicted,
                "\n",
            ),
        ),
    ];
    let workdir = workdir!();
    for (extension, hand, predicted) in pairs {
        let [first, second] = ["out", "hand"].map(|name| format!("{name}.{extension}"));
        workdir.write(&first, predicted);
        workdir.write(&second, hand);
        let run = workdir.run(&["evaluate", &first, "--against", &second]).expect(0);
        check_report(run.text(), &SCORES);
        check_report(run.text(), &["labels that met a prediction: 6, that met none: 0"]);
        assert_eq!(run.stderr, "", "{extension}");
    }
}

#[test]
fn stances_are_known_by_id_name_and_number() {
    let workdir = workdir!();
    workdir.write("scheme.toml", std::fs::read(fixture("market/scheme.toml")).unwrap());
    workdir.write("out.csv", "text,y_pred,proba_favour,proba_against,proba_none\nA,In favour,0.8,0.1,0.1\nB,1,0.2,0.5,0.3\nC,none,0.1,0.1,0.8\n");
    workdir.write("hand.csv", "text;label\nA;FAVOUR\nB;Against\nC;2\nD;Neither\n");
    let scheme = ["evaluate", "out.csv", "--against", "hand.csv", "--scheme", "scheme.toml"];
    workdir.write("plain.csv", "text,y_pred\nA,In favour\nB,1\nC,none\n");
    let plain = ["evaluate", "plain.csv", "--against", "hand.csv", "--scheme", "scheme.toml"];
    for arguments in [scheme, plain] {
        let run = workdir.run(&arguments);
        assert_eq!(run.lacks(0, &["hand.csv: row 4: no prediction has this text"]), None);
        check_report(
            run.text(),
            &["accuracy 1.000", "labels that met a prediction: 3, that met none: 1", "favour 1.000 1.000 1.000 1"],
        );
    }
    workdir.write("other.csv", "text,stance,p_a,p_b\nA,a,0.9,0.1\nB,c,0.9,0.1\n");
    let run = workdir.run(&["evaluate", "other.csv", "--against", "hand.csv"]);
    assert_eq!(run.lacks(1, &["other.csv: row 2: `c` is none of a, b"]), None);
    // Without a scheme, the project's own is understood where the predictions are of it.
    workdir.write("own.csv", "text,stance\nA,decriminalisation\nB,nordic_model\nC,undecided\n");
    workdir.write("names.csv", "text,label\nA,Decriminalisation\nB,Nordic model\nC,2\n");
    let run = workdir.run(&["evaluate", "own.csv", "--against", "names.csv"]).expect(0);
    check_report(run.text(), &["accuracy 1.000", "nordic_model 1.000 1.000 1.000 1"]);
    workdir.write("odd.csv", "text,label\nA,Decriminalisation\nB,maybe\nC,3\n");
    let run = workdir.run(&["evaluate", "out.csv", "--against", "odd.csv", "--scheme", "scheme.toml"]);
    assert_eq!(
        run.lacks(
            1,
            &[
                "odd.csv: row 2: `maybe` is no stance of the predictions (favour, against, none)",
                "row 3: `3` is no stance"
            ]
        ),
        None
    );
}

#[test]
fn who_labelled_is_said_and_can_be_chosen() {
    let workdir = workdir!();
    workdir.write("out.csv", PREDICTED);
    workdir.write(
        "db.jsonl",
        "{\"text\":\"one\",\"label\":\"favour\",\"answer\":\"accept\",\"_annotator_id\":\"ann\"}\n\
         {\"text\":\"one\",\"label\":\"against\",\"answer\":\"accept\",\"_annotator_id\":\"ben\"}\n\
         {\"text\":\"two\",\"label\":\"favour\",\"answer\":\"reject\",\"_annotator_id\":\"ben\"}\n\
         {\"text\":\"two\",\"answer\":\"ignore\"}\n",
    );
    let run = workdir.run(&["evaluate", "out.csv", "--against", "db.jsonl", "--json", "report.json"]);
    let said = [
        "db.jsonl: 2 answer(s) are no labels: 1 ignored, 1 rejected",
        "db.jsonl: labels of 2 annotators: ann (1), ben (1)",
        "db.jsonl: row 2: row 1, by `ann`, is of the same prediction",
    ];
    assert_eq!(run.lacks(0, &said), None);
    check_report(run.text(), &["accuracy 1.000", "of them scored: 1, of 1 documents; duplicate: 1"]);
    assert!(run.text().contains("answers that judge nothing: 2"), "{}", run.text());
    assert!(workdir.read_text("report.json").contains("\"skipped\": 2"));
    let run = workdir.run(&["evaluate", "out.csv", "--against", "db.jsonl", "--annotator", "ben"]);
    assert_eq!(run.lacks(0, &["db.jsonl: 1 label(s) of other annotators are left out"]), None);
    check_report(run.text(), &["accuracy 0.000", "of them scored: 1, of 1 documents; duplicate: 0"]);
    let run = workdir.run(&["evaluate", "out.csv", "--against", "db.jsonl", "--annotator", "cleo"]);
    assert_eq!(run.lacks(1, &["db.jsonl: no label is by `cleo`; its annotators are ann (1), ben (1)"]), None);
}

/// A file of hand labels that does not meet [`WITH_PROBABILITIES`], and what is said of it.
struct Case {
    what: &'static str,
    labels: &'static str,
    arguments: &'static [&'static str],
    code: i32,
    named: &'static [&'static str],
    /// How many labels met a prediction, met none, were scored, are duplicates, are of an unknown stance, and rows that are no labels.
    counts: [usize; 6],
}

const WITH_PROBABILITIES: &str = "\
document,segment,start,end,text,stance,confidence,p_favour,p_against,p_none
d,1,0,10,one,favour,0.9,0.9,0.1,0
d,2,11,20,two,against,0.8,0,0.8,0.2
d,3,21,30,three,against,0.7,0,0.7,0.3
e,1,0,10,five,none,0.5,0,0.5,0.5
";

const CASES: [Case; 13] = [
    Case {
        what: "everything meets, and that none is missing is said",
        labels: "document,start,end,stance\nd,0,9,favour\ne,1,9,none\n",
        arguments: &[],
        code: 0,
        named: &[],
        counts: [2, 0, 2, 0, 0, 0],
    },
    Case {
        what: "an unknown document",
        labels: "document,start,end,stance\nd,0,9,favour\nx,0,9,favour\n",
        arguments: &[],
        code: 0,
        named: &["hand.csv: row 2: no prediction is of document `x`"],
        counts: [1, 1, 1, 0, 0, 0],
    },
    Case {
        what: "a span outside the text",
        labels: "document,start,end,stance\nd,90,99,favour\nd,0,9,favour\n",
        arguments: &[],
        code: 0,
        named: &["hand.csv: row 1: no prediction of document `d` overlaps 90..99; its last one ends at 30"],
        counts: [1, 1, 1, 0, 0, 0],
    },
    Case {
        what: "a text that nobody predicted",
        labels: "text,stance\none,favour\nnine,favour\n",
        arguments: &[],
        code: 0,
        named: &["hand.csv: row 2: no prediction has this text"],
        counts: [1, 1, 1, 0, 0, 0],
    },
    Case {
        what: "an id that nobody predicted",
        labels: "id,text,stance\n,one,favour\nz,nine,favour\n",
        arguments: &[],
        code: 0,
        named: &["hand.csv: row 2: no prediction is of document `z` or has this text"],
        counts: [1, 1, 1, 0, 0, 0],
    },
    Case {
        what: "an unknown stance",
        labels: "document,start,end,stance\nd,0,9,favour\nd,12,19,maybe\n",
        arguments: &[],
        code: 0,
        named: &["hand.csv: row 2: `maybe` is no stance of the predictions (favour, against, none)"],
        counts: [2, 0, 1, 0, 1, 0],
    },
    Case {
        what: "the same label twice",
        labels: "document,start,end,stance\nd,0,9,favour\nd,1,8,favour\n",
        arguments: &[],
        code: 0,
        named: &["hand.csv: row 2: row 1 is of the same prediction, of document `d`, and says `favour` too"],
        counts: [2, 0, 1, 1, 0, 0],
    },
    Case {
        what: "two annotators in one file",
        labels: "document,start,end,stance,annotator\nd,0,9,favour,ann\nd,0,9,none,ben\n",
        arguments: &[],
        code: 0,
        named: &[
            "hand.csv: labels of 2 annotators: ann (1), ben (1)",
            "hand.csv: row 2: row 1, by `ann`, is of the same prediction",
        ],
        counts: [2, 0, 1, 1, 0, 0],
    },
    Case {
        what: "one of two annotators",
        labels: "document,start,end,stance,annotator\nd,0,9,favour,ann\nd,0,9,none,ben\nx,0,9,none,ben\n",
        arguments: &["--annotator", "ben"],
        code: 0,
        named: &[
            "hand.csv: 1 label(s) of other annotators are left out",
            "hand.csv: row 3: no prediction is of document `x`",
        ],
        counts: [1, 1, 1, 0, 0, 0],
    },
    Case {
        what: "rows that are no labels",
        labels: "document,start,end,stance\nd,0,9,favour\nd,9,2,none\nd,a,2,none\nd,1,2,\n",
        arguments: &[],
        code: 3,
        named: &[
            "hand.csv: row 2: start 9 is not before end 2",
            "hand.csv: row 3: ",
            "hand.csv: row 4: the stance is empty",
        ],
        counts: [1, 0, 1, 0, 0, 3],
    },
    Case {
        what: "a byte-order mark",
        labels: "\u{feff}document,start,end,stance\nd,0,9,favour\nx,0,9,favour\n",
        arguments: &[],
        code: 0,
        named: &["hand.csv: row 2: no prediction is of document `x`"],
        counts: [1, 1, 1, 0, 0, 0],
    },
    Case {
        what: "semicolons and the line ends of Windows",
        labels: "document;start;end;stance\r\nd;0;9;favour\r\nx;0;9;favour\r\n",
        arguments: &[],
        code: 0,
        named: &["hand.csv: row 2: no prediction is of document `x`"],
        counts: [1, 1, 1, 0, 0, 0],
    },
    Case {
        what: "all of it at once",
        labels: "\u{feff}document;start;end;stance;annotator\r\n\
            d;0;9;favour;ann\r\nx;0;9;favour;ann\r\nd;90;99;favour;ann\r\nd;12;19;maybe;ann\r\nd;1;8;favour;ann\r\nd;1;8;none;ben\r\nd;9;2;none;ann\r\n",
        arguments: &[],
        code: 3,
        named: &[
            "hand.csv: row 2: no prediction is of document `x`",
            "hand.csv: row 3: no prediction of document `d` overlaps 90..99; its last one ends at 30",
            "hand.csv: row 4: `maybe` is no stance of the predictions (favour, against, none)",
            "hand.csv: row 5: row 1 is of the same prediction",
            "hand.csv: row 6: row 1, by `ann`, is of the same prediction",
            "hand.csv: row 7: start 9 is not before end 2",
        ],
        counts: [4, 2, 1, 2, 1, 1],
    },
];

/// Every way in which labels can miss the predictions: each is named with its file and row, on the terminal and in the report, and all are counted.
#[test]
fn what_does_not_meet_is_named_with_its_row() {
    let workdir = workdir!();
    workdir.write("out.csv", WITH_PROBABILITIES);
    for Case { what, labels, arguments, code, named, counts } in CASES {
        workdir.write("hand.csv", labels);
        let given = ["evaluate", "out.csv", "--against", "hand.csv", "--json", "e.json", "--html", "e.html"];
        let run = workdir.run(&[&given[..], arguments].concat());
        assert_eq!(run.lacks(code, named), None, "{what}");
        let [met, unmatched, scored, duplicate, foreign, rejected] = counts;
        let said = [
            format!("labels that met a prediction: {met}, that met none: {unmatched}"),
            format!("of them scored: {scored}, of"),
            format!("duplicate: {duplicate}, of an unknown stance: {foreign}; rows that are no labels: {rejected},"),
        ];
        assert!(said.iter().all(|part| run.text().contains(part)), "{what}: {said:?} in {}", run.text());
        let report: serde_json::Value = serde_json::from_slice(&workdir.read("e.json")).unwrap();
        let listed: Vec<&str> =
            report["sets"][0]["not_scored"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        assert_eq!(listed.len(), unmatched + duplicate + foreign + rejected, "{what}: {listed:?}");
        let in_rows = named.iter().filter(|part| part.contains(": row "));
        for part in in_rows {
            assert!(listed.iter().any(|one| one.starts_with(part)), "{what}: {part} in {listed:?}");
        }
        assert_eq!(workdir.read_text("e.html").contains("Not scored"), !listed.is_empty(), "{what}");
    }
}

/// The terminal names the first of many; the report leaves none out.
#[test]
fn the_report_names_all_that_is_not_scored() {
    let workdir = workdir!();
    workdir.write("out.csv", PREDICTED);
    let many = (0..30).map(|text| format!("text {text},favour\n")).collect::<Vec<_>>().concat();
    workdir.write("hand.csv", format!("text,stance\none,favour\n{many}"));
    let run = workdir.run(&["evaluate", "out.csv", "--against", "hand.csv", "--json", "e.json"]);
    assert_eq!(run.lacks(0, &["hand.csv: row 21: no prediction has this text", "... and 10 more like these"]), None);
    let report: serde_json::Value = serde_json::from_slice(&workdir.read("e.json")).unwrap();
    let listed = report["sets"][0]["not_scored"].as_array().unwrap();
    assert_eq!((listed.len(), listed[29].as_str()), (30, Some("hand.csv: row 31: no prediction has this text")));
}

#[test]
fn one_of_the_files_can_be_standard_input() {
    let workdir = workdir!();
    let labels = "text,stance\none,favour\nnine,favour\n";
    workdir.write("out.csv", PREDICTED);
    workdir.write("hand.csv", labels);
    let cases: [(&[&str], &str, i32, &str); 4] = [
        (&["-", "--against", "hand.csv"], PREDICTED, 0, "hand.csv: row 2: no prediction has this text"),
        (&["out.csv", "--against", "-"], labels, 0, "-: row 2: no prediction has this text"),
        (&["-", "--against", "-"], labels, 1, "standard input (-) can be only one of the files"),
        (
            &["out.csv", "--against", "-", "--compare", "-"],
            labels,
            1,
            "standard input (-) can be only one of the files",
        ),
    ];
    for (arguments, input, code, said) in cases {
        let run = workdir.run_with(&[&["evaluate"], arguments].concat(), input.as_bytes());
        assert_eq!(run.lacks(code, &[said]), None);
        assert_eq!(run.text().contains("that met none: 1"), code == 0, "{arguments:?}");
    }
}
