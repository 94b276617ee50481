//! `standpoint evaluate`.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

use standpoint_tests::{Workdir, workdir};

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
    let cases: [(&[&str], i32, &[&str]); 4] = [
        (&["no.csv", "--against", "hand.csv"], 1, &["no.csv: cannot be read"]),
        (&["out.csv", "--against", "no.csv"], 1, &["no.csv: "]),
        (&["hand.csv", "--against", "out.csv"], 1, &["hand.csv: predictions have the columns", "found `text,stance`"]),
        (&["out.csv"], 2, &["--against <HAND_LABELS>"]),
    ];
    for (arguments, code, parts) in cases {
        let run = workdir.run(&[&["evaluate"], arguments].concat());
        assert_eq!(run.lacks(code, parts), None);
        assert!(run.stdout.is_empty(), "{arguments:?}");
    }
}
