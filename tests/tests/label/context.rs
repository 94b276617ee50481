//! What other segments of a document do to a segment, and sets of stances.

use standpoint_tests::{Table, Workdir, workdir};

/// In `strike` all but one row argue for the Nordic model; `other` has one row with the same words as that one.
const ROWS: &str = "\
id,thread,document,text
1,a,strike,Punish the men who buy and the pimps who profit; never punish the women they use.
2,a,strike,Decriminalising buyers only hands the pimps a licence.
3,b,strike,That is how I see it after all these years.
4,b,strike,Without buyers there would be no trade so the law must stop the buyers.
5,c,other,That is how I see it after all these years.
";

fn probabilities(arguments: &[&str]) -> Vec<f64> {
    let workdir = workdir!();
    workdir.write("in.csv", ROWS);
    let table = workdir.run(&[&["label", "in.csv"], arguments].concat()).expect(0).table();
    table.numbers("p_nordic_model")
}

#[test]
fn rows_of_one_document_inform_each_other_and_no_others() {
    let (with, without) = (probabilities(&[]), probabilities(&["--no-context"]));
    assert!(with[2] > without[2], "{with:?} {without:?}");
    assert!((without[2] - without[4]).abs() < 1e-9 && (with[4] - without[4]).abs() < 1e-9, "{with:?} {without:?}");
    let threads = probabilities(&["--document-column", "thread"]);
    assert!((threads[2] - with[2]).abs() > 1e-6 && (threads[4] - without[4]).abs() < 1e-9, "{threads:?}");
}

/// Segments of one text are those of one document without any column.
#[test]
fn segments_of_one_text_inform_each_other() {
    let workdir = workdir!();
    let paragraphs: Vec<&str> = ROWS.lines().skip(1).take(4).map(|row| row.splitn(4, ',').last().unwrap()).collect();
    workdir.write("in.txt", paragraphs.join("\n\n"));
    let label = |arguments: &[&str]| -> Vec<f64> {
        workdir.run(&[&["label", "in.txt"], arguments].concat()).expect(0).table().numbers("p_nordic_model")
    };
    let found = label(&[]);
    assert_eq!(found, probabilities(&[])[..4]);
    assert_ne!(found, label(&["--no-context"]));
}

#[test]
fn a_column_that_is_not_there_is_named() {
    let workdir = workdir!();
    workdir.write("in.csv", ROWS);
    let run = workdir.run(&["label", "in.csv", "--document-column", "report", "-o", "out.csv"]);
    assert_eq!(run.lacks(1, &["--document-column", "`report`", "thread, document"]), None);
    assert_eq!(workdir.names(), ["in.csv"]);
}

fn sets(workdir: &Workdir, coverage: &str) -> Table {
    workdir.run(&["label", "in.csv", "--coverage", coverage]).expect(0).table()
}

#[test]
fn sets_grow_with_the_coverage_and_begin_with_the_stance() {
    let workdir = workdir!();
    workdir.write("in.csv", ROWS);
    let sizes = |table: &Table| -> Vec<usize> {
        table.column("stances").iter().map(|set| set.split('|').filter(|id| !id.is_empty()).count()).collect()
    };
    let (some, all) = (sets(&workdir, "0.9"), sets(&workdir, "1"));
    assert_eq!(sizes(&all), [3; 5]);
    assert!(sizes(&some).iter().all(|&size| size <= 3) && sizes(&some).iter().any(|&size| size < 3), "{some:?}");
    for (set, stance) in all.column("stances").into_iter().zip(all.column("stance")) {
        assert!(set.starts_with(stance), "{set} {stance}");
    }
    assert!(workdir.run(&["label", "in.csv"]).expect(0).table().header.iter().all(|name| name != "stances"));
    assert_eq!(workdir.run(&["label", "in.csv", "--coverage", "1.5"]).lacks(2, &["1.5 is not from 0 to 1"]), None);
}
