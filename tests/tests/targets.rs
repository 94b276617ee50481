//! Schemes whose stances are towards several targets, from label files to scores.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

use standpoint_tests::{Finished, Workdir, fixture, in_workspace, workdir};

/// Two texts that want one thing and not the other, as rows for either target.
const ROWS: &str = "\
id,target,text
a,market,Bulbs on every corner instead of noise by the river!
b,Street lamps,Bulbs on every corner instead of noise by the river!
c,market,Stalls and soup at midnight without the glare.
d,lamps,Stalls and soup at midnight without the glare.
";
const WANTED: [&str; 4] = ["against", "favour", "favour", "against"];

fn train(workdir: &Workdir, labels: &str, more: &[&str]) -> Finished {
    let [scheme, encoder] = ["town/scheme.toml", "encoder/tiny"].map(fixture);
    let given = ["train", "--scheme", &scheme, "--encoder", &encoder, "--labels", labels, "--out", "bundle"];
    workdir.run(&[&given, more].concat())
}

/// A bundle that sees words, since the tiny encoder understands none.
fn trained(workdir: &Workdir) {
    let ngrams = ["--classifier", "svm", "--features", "ngrams"];
    let run = train(workdir, &fixture("town/labels.csv"), &ngrams);
    let told =
        ["learnt from 40 texts of 20 groups: favour 14, against 14, none 12", "their targets: lamps 20, market 20"];
    assert_eq!(run.lacks(0, &told), None);
}

#[test]
fn what_a_text_wants_depends_on_the_target() {
    let workdir = workdir!();
    trained(&workdir);
    let card = workdir.read_text("bundle/MODEL_CARD.md");
    assert!(card.contains("towards `market` (The night market), `lamps` (Street lamps)"), "{card}");
    workdir.write("in.csv", ROWS);
    let table = workdir.run(&["label", "in.csv", "--bundle", "bundle"]).expect(0).table();
    assert_eq!(table.column("stance"), WANTED);
    assert_eq!(table.column("target"), ["market", "Street lamps", "market", "lamps"], "the column stays as it was");
    for (target, wanted) in [("market", &WANTED[0]), ("the night market", &WANTED[0]), ("lamps", &WANTED[1])] {
        workdir.write("in.txt", "Bulbs on every corner instead of noise by the river!");
        let run = workdir.run(&["label", "in.txt", "--bundle", "bundle", "--target", target]).expect(0);
        assert_eq!(run.table().column("stance"), [*wanted], "{target}");
        assert!(["market", "lamps"].contains(&run.table().column("target")[0]), "ids, however they were typed");
    }
}

#[test]
fn predictions_meet_the_labels_of_their_target() {
    let workdir = workdir!();
    trained(&workdir);
    let labels = fixture("town/labels.csv");
    let _ = workdir.run(&["label", &labels, "--bundle", "bundle", "-o", "out.csv"]).expect(0);
    let against = |file: &str| workdir.run(&["evaluate", "out.csv", "--against", file, "--by", "target"]).expect(0);
    let run = against(&labels);
    assert_eq!(run.lacks(0, &[]), None);
    for part in ["labels that met a prediction: 40, that met none: 0", "market", "Street lamps"] {
        assert!(run.text().contains(part), "{part}: {}", run.text());
    }
    // By their texts alone, each of which is predicted for both targets.
    let bare = "text,target,stance\nThe ferry will be late again this week.,street-lamps,none\n\
        The ferry will be late again this week.,Market,none\n";
    workdir.write("bare.csv", bare);
    assert!(against("bare.csv").text().contains("labels that met a prediction: 2, that met none: 0"));
}

#[test]
fn rows_of_no_known_target_are_named() {
    let workdir = workdir!();
    trained(&workdir);
    workdir.write("in.csv", "id,target,text\na,market,Soup!\nb,river,Soup!\nc,,Soup!\n");
    let run = workdir.run(&["label", "in.csv", "--bundle", "bundle", "-o", "out.csv"]).expect(3);
    assert!(run.stderr.contains("2 row(s) could not be read"), "{}", run.stderr);
    let rejects = standpoint_tests::Table::csv(&workdir.read("out.csv.rejects.csv"));
    assert_eq!(rejects.column("row"), ["2", "3"]);
    let known = "write one of market (The night market), lamps (Street lamps)";
    let expected = [format!("`river` is no target of the scheme; {known}"), format!("there is no target; {known}")];
    assert_eq!(rejects.column("reason"), expected);

    workdir.write("labels.csv", "text,target,stance\nSoup!,market,favour\nSoup!,river,favour\nSoup!,,none\n");
    let run = train(&workdir, "labels.csv", &[]);
    let named = ["labels.csv: row 2: `river` is no target", "labels.csv: row 3: there is no target", known];
    assert_eq!(run.lacks(1, &named), None);

    workdir.write("plain.csv", "text,year\nSoup!,1999\n");
    let label = |more: &[&str]| workdir.run(&[&["label", "plain.csv", "--bundle", "bundle"], more].concat());
    let cases: [(&[&str], &str); 3] = [
        (&[], "no column `target` beside text and id says which a text's stance is towards"),
        (&["--target-column", "about"], "no column `about` beside text and id"),
        (&["--target", "river"], "--target: `river` is no target of the scheme"),
    ];
    for (asked, expected) in cases {
        assert_eq!(label(asked).lacks(1, &[expected]), None, "{asked:?}");
    }
    let run = workdir.run(&["label", "plain.csv", "--target", "market"]);
    assert_eq!(run.lacks(1, &["--target: the scheme `sex-work-law` has no targets"]), None);
}

/// Lines that `TweetEval` might have, for every target and part.
#[cfg(unix)]
#[test]
fn files_of_tweeteval_become_label_files() {
    let workdir = workdir!();
    for target in ["abortion", "atheism", "climate", "feminist", "hillary"] {
        std::fs::create_dir_all(workdir.path("from").join(target)).unwrap();
        for part in ["train", "val", "test"] {
            workdir.write(&format!("from/{target}/{part}_text.txt"), format!("A \"{part}\", one \nand\ttwo\n"));
            workdir.write(&format!("from/{target}/{part}_labels.txt"), "2\n0\n");
        }
    }
    let convert = || {
        let script = in_workspace("evaluation/tweeteval.sh");
        let mut command = std::process::Command::new("bash");
        command.arg(script).args(["from", "to"]).current_dir(workdir.path("")).output().unwrap()
    };
    assert!(convert().status.success());
    let rows = workdir.read_text("to/val.csv");
    assert!(
        rows.starts_with(
            "id,target,text,stance\nabortion-val-1,abortion,\"A \"\"val\"\", one \",favour\nabortion-val-2,abortion,\"and\ttwo\",none\n\
             atheism-val-1,"
        ),
        "{rows}"
    );
    assert_eq!(rows.lines().count(), 11);
    let scheme = in_workspace("labels/schemes/semeval-2016-stance.toml").display().to_string();
    let _ = workdir.run(&["convert", "to/test.csv", "--scheme", &scheme, "--to", "csv", "-o", "again.csv"]).expect(0);
    workdir.write("from/climate/train_labels.txt", "2\n");
    let failed = convert();
    let stderr = String::from_utf8_lossy(&failed.stderr).into_owned();
    assert!(!failed.status.success() && stderr.contains("climate/train_labels.txt: there is no line 2"), "{stderr}");
}
