//! `--bundle DIR`: other schemes, and bundles that are damaged.

use standpoint_tests::workdir;

#[test]
fn another_scheme_brings_its_own_columns() {
    let workdir = workdir!();
    workdir.train_market("market");
    workdir.write("in.csv", "text,p_favour\nKeep the night market open!,mine\n");
    let table = workdir.run(&["label", "in.csv", "--bundle", "market"]).expect(0).table();
    let judgement = ["stance", "confidence", "p_favour", "p_against", "p_none", "review", "input_p_favour"];
    assert_eq!(table.header[5..], judgement);
    super::check_judgements(&table, &["favour", "against", "none"]);
    let run = workdir.run(&["label", "in.csv", "--bundle", "market", "--unit", "document"]).expect(0);
    super::check_judgements(&run.table(), &["favour", "against", "none"]);
    assert!(run.stderr.contains("stances: favour "), "{}", run.stderr);
}

#[test]
fn a_changed_byte_is_found_and_its_file_named() {
    let workdir = workdir!();
    workdir.train_market("bundle");
    workdir.write("in.csv", "text\nKeep it open.\n");
    let files = workdir.files("bundle");
    assert!(files.len() > 8, "{files:?}");
    let mut failures = Vec::new();
    for file in files {
        let path = format!("bundle/{file}");
        let whole = workdir.read(&path);
        let middle = whole.len() / 2;
        // The manifest has no other file to hold it to its word, so more of it is tried.
        let places = if file == "bundle.toml" {
            (0..whole.len()).step_by(13).collect()
        } else {
            vec![0, middle, whole.len() - 1]
        };
        for at in places {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            workdir.write(&path, &changed);
            let run = workdir.run(&["label", "in.csv", "--bundle", "bundle", "-o", "out.csv"]);
            failures.extend(run.lacks(1, &["bundle", &file]).map(|lacks| format!("{file}, byte {at}: {lacks}")));
            assert!(!workdir.path("out.csv").exists(), "{file}");
        }
        workdir.write(&path, whole);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let _ = workdir.run(&["label", "in.csv", "--bundle", "bundle"]).expect(0);
}

#[test]
fn a_missing_file_is_named() {
    let workdir = workdir!();
    workdir.train_market("bundle");
    workdir.write("in.csv", "text\nKeep it open.\n");
    for file in workdir.files("bundle") {
        let path = format!("bundle/{file}");
        let whole = workdir.read(&path);
        std::fs::remove_file(workdir.path(&path)).unwrap();
        let run = workdir.run(&["label", "in.csv", "--bundle", "bundle"]);
        assert_eq!(run.lacks(1, &["bundle has no file", &file]), None);
        workdir.write(&path, whole);
    }
}
