//! `standpoint agreement`.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

use standpoint_tests::{Workdir, workdir};

/// Ratings as published, one string an annotator, `.` for none, as a label file of texts `t1`, `t2` and so on.
fn label_file(annotators: &[(&str, &str)]) -> String {
    let rating = |who: &str, at: usize, given: char| format!("t{},s{given},{who}\n", at + 1);
    let of_annotator = |(who, ratings): &(&str, &str)| {
        let given = ratings.chars().enumerate().filter(|(_, given)| *given != '.');
        given.map(|(at, given)| rating(who, at, given)).collect::<Vec<_>>().concat()
    };
    format!("text,stance,annotator\n{}", annotators.iter().map(of_annotator).collect::<Vec<_>>().concat())
}

/// The lines of the report, blanks counting once.
fn report(workdir: &Workdir, arguments: &[&str]) -> Vec<String> {
    let run = workdir.run(&[&["agreement"], arguments].concat()).expect(0);
    run.text().lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn check(lines: &[String], parts: &[&str]) {
    let missing: Vec<_> = parts.iter().filter(|part| !lines.iter().any(|line| line.starts_with(**part))).collect();
    assert!(missing.is_empty(), "{missing:?} in\n{}", lines.join("\n"));
}

/// Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section A: two observers, alpha = 0.095. Kappa and the agreement on a
/// stance by hand: observed 0.6, by chance 0.56; of six ratings of `s1` two are met.
#[test]
fn two_files_are_two_annotators() {
    let workdir = workdir!();
    let file = |ratings: &str| label_file(&[("", ratings)]).replace(",annotator", "").replace(",\n", "\n");
    workdir.write("ann.csv", file("0100000010"));
    workdir.write("ben.csv", file("1110010000.1"));
    let lines = report(&workdir, &["ann.csv", "ben.csv"]);
    check(
        &lines,
        &[
            "annotators: ann, ben",
            "texts judged by one or more: 11, by two or more: 10, disagreed on: 4",
            "Krippendorff's alpha (nominal) 0.095 [",
            "Cohen's kappa, ann / ben 0.091 [",
            "agreement on s0 0.714 [",
            "agreement on s1 0.333 [",
            "s0 5 3",
            "s1 1 1",
        ],
    );
    let from = lines.iter().position(|line| line == "disagreements:").unwrap();
    let said = |text: &str, ann: &str, ben: &str| [text.to_owned(), format!("ann: {ann}, ben: {ben}")];
    let disagreed = ["t1", "t3", "t6"].map(|text| said(text, "s0", "s1")).concat();
    assert_eq!(lines[from + 1..], [disagreed, said("t9", "s1", "s0").to_vec()].concat());
}

/// The same paper, section C: four observers, twelve units, missing ratings, alpha = 0.743.
#[test]
fn ratings_may_be_missing() {
    let workdir = workdir!();
    let ratings = [("a", "123321412..."), ("b", "1233224125.3"), ("c", ".3332342251."), ("d", "12332441251.")];
    workdir.write("all.csv", label_file(&ratings));
    let lines = report(&workdir, &["all.csv"]);
    check(
        &lines,
        &[
            "annotators: a, b, c, d",
            "texts judged by one or more: 12, by two or more: 11",
            "Krippendorff's alpha (nominal) 0.743 [",
        ],
    );
    assert_eq!(lines.iter().filter(|line| line.starts_with("Cohen's kappa")).count(), 6);
    assert_eq!(report(&workdir, &["all.csv", "--seed", "0"]), lines);
}

#[test]
fn twenty_disagreements_are_printed_unless_all_are_asked_for() {
    let workdir = workdir!();
    let header = "document,start,end,stance,annotator\n".to_owned();
    let rows =
        |who: &str, stance: &str| (10..35).map(|at| format!("d{at},0,9,{stance},{who}\n")).collect::<Vec<_>>().concat();
    workdir.write("all.csv", header + &rows("ann", "yes") + &rows("ben", "no"));
    let count = |lines: &[String]| lines.iter().filter(|line| line.ends_with(" 0..9")).count();
    let lines = report(&workdir, &["all.csv"]);
    check(&lines, &["disagreements (first 20; --all prints every one):", "d10 0..9", "ann: yes, ben: no"]);
    assert_eq!((count(&lines), count(&report(&workdir, &["all.csv", "--all"]))), (20, 25));
}

#[test]
fn what_cannot_be_compared_is_said() {
    let workdir = workdir!();
    workdir.write("ann.csv", "text,stance\none,yes\n");
    workdir.write("ben.csv", "text,stance\ntwo,yes\n");
    workdir.write("twice.csv", "text,stance\none,yes\none,no\n");
    workdir.write("later/ann.csv", "text,stance\ntwo,no\none,no\n");
    workdir.write("odd.csv", "text,judged\none,yes\n");
    workdir.write("gap.csv", "text,stance\none,no\ntwo,\n");
    let cases: [(&[&str], i32, &[&str]); 9] = [
        (&["ann.csv"], 1, &["no text was judged by two annotators (found: ann)"]),
        (&["ann.csv", "ben.csv"], 1, &["no text was judged by two annotators (found: ann, ben)"]),
        (
            &["twice.csv"],
            1,
            &[
                "twice.csv: row 2: annotator `twice` judged this as `no`, but in twice.csv, row 1, as `yes`; keep one of the two",
            ],
        ),
        (
            &["ann.csv", "later/ann.csv"],
            1,
            &["later/ann.csv: row 2: annotator `ann` judged this as `no`, but in ann.csv, row 1, as `yes`"],
        ),
        (&["-", "-"], 1, &["standard input (-) can be only one of the files"]),
        (&["odd.csv"], 1, &["odd.csv: a label file has the columns", "found `text,judged`"]),
        (&["no.csv"], 1, &["no.csv: "]),
        (&["ann.csv", "gap.csv"], 3, &["gap.csv: row 2: the stance is empty"]),
        (&[], 2, &["<FILE>"]),
    ];
    let mut failures = Vec::new();
    for (arguments, code, parts) in cases {
        let run = workdir.run(&[&["agreement"], arguments].concat());
        failures.extend(run.lacks(code, parts));
        assert_eq!(run.stdout.is_empty(), code != 3, "{arguments:?}");
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
