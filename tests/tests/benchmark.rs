//! `standpoint benchmark`.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

use serde_json::Value;
use standpoint_tests::{Finished, Workdir, fixture, workdir};

/// Runs on the fixture's scheme with the encoder compiled in.
fn benchmark(workdir: &Workdir, arguments: &[&str]) -> Finished {
    let scheme = fixture("market/scheme.toml");
    workdir.run(&[&["benchmark", "--scheme", &scheme], arguments].concat())
}

/// The fixture's labels several times, each time of a market with another number.
fn labels(copies: usize) -> String {
    let fixture = std::fs::read_to_string(fixture("market/labels.csv")).unwrap();
    let rows = fixture.lines().skip(1);
    let copy = |copy: usize| rows.clone().map(move |row| row.replace("market", &format!("market {copy}")) + "\n");
    "text,stance\n".to_owned() + &(0..copies).flat_map(copy).collect::<String>()
}

fn json(workdir: &Workdir, file: &str) -> Value {
    serde_json::from_slice(&workdir.read(file)).unwrap()
}

/// A benchmark without what another run may measure otherwise.
fn without_cost(mut benchmark: Value) -> Value {
    benchmark["encoder"]["seconds_per_text"].take();
    for entry in benchmark["classifiers"].as_array_mut().unwrap() {
        entry["cost"].take();
    }
    benchmark
}

#[test]
fn classifiers_are_ranked_and_compared() {
    let workdir = workdir!();
    workdir.write("labels.csv", labels(5));
    let list = "svm-both,majority,logistic-embedding,majority";
    let arguments = [
        "--labels",
        "labels.csv",
        "--classifiers",
        list,
        "--folds",
        "3",
        "--repeats",
        "2",
        "--json",
        "b.json",
        "--html",
        "b.html",
    ];
    let run = benchmark(&workdir, &arguments).expect(0);
    let found = json(&workdir, "b.json");
    assert_eq!((&found["schema"], &found["version"]), (&"standpoint.benchmark".into(), &1.into()));
    assert_eq!(found["data"]["by_stance"], serde_json::json!([30, 30, 30]));
    let classifiers = found["classifiers"].as_array().unwrap();
    let names: Vec<&str> = classifiers.iter().map(|entry| entry["name"].as_str().unwrap()).collect();
    assert_eq!((names.len(), names[2]), (3, "majority"), "{names:?}");
    let f1 = |entry: &Value| entry["headline"][0]["value"].as_f64().unwrap();
    assert!(f1(&classifiers[0]) >= f1(&classifiers[1]) && f1(&classifiers[1]) > f1(&classifiers[2]));
    for entry in classifiers {
        assert_eq!(entry["by_repeat"].as_array().unwrap().len(), 2, "{entry}");
        let times: u64 = entry["settings"].as_array().unwrap().iter().map(|one| one["times"].as_u64().unwrap()).sum();
        assert_eq!(times, 6, "{entry}");
        let cost = &entry["cost"];
        assert!(cost["texts_per_second"].as_f64().unwrap() > 0.0 && cost["bundle_bytes"].as_u64().unwrap() > 1_000_000);
        assert!(!cfg!(target_os = "linux") || cost["peak_memory_bytes"].as_u64().unwrap() > 1_000_000, "{cost}");
    }
    assert_eq!(found["comparisons"].as_array().unwrap().len(), 3);
    let curve = found["curve"]["points"].as_array().unwrap();
    assert_eq!(found["curve"]["classifier"], classifiers[0]["name"]);
    assert!((2..=3).contains(&curve.len()), "half of the texts are enough, an eighth is not: {curve:?}");
    assert!(
        found["notes"][0].as_str().unwrap().contains("leaves out 0.125 of what is trained on"),
        "{}",
        found["notes"]
    );
    for part in [
        "90 labelled texts",
        "grouped cross-validation, 3 folds, 2 repeat(s)",
        "macro-F1",
        "learning curve of",
        "Of the 3 differences",
    ] {
        assert!(run.text().contains(part), "{part}: {}", run.text());
    }
    let trainings = 3 * 6 + 3 * (curve.len() - 1);
    assert!(run.stderr.contains(&format!("{trainings} trainings and tests, 0 of them kept")), "{}", run.stderr);
    let page = workdir.read_text("b.html");
    assert!(page.contains("Learning curve") && page.contains("Cost against quality") && !page.contains("http://"));
}

#[test]
fn an_interrupted_run_goes_on() {
    let workdir = workdir!();
    workdir.write("labels.csv", labels(4));
    let some = ["--labels", "labels.csv", "--results", "kept", "--folds", "2", "--no-curve"];
    let list = ["--classifiers", "majority,centroid,svm-ngrams"];
    let run = |more: &[&str]| benchmark(&workdir, &[&some, more].concat()).expect(0);
    let first = run(&["--classifiers", "centroid", "--json", "part.json"]);
    assert!(first.stderr.contains("2 trainings and tests, 0 of them kept"), "{}", first.stderr);
    let whole = run(&[&list[..], &["--json", "one.json"]].concat());
    assert!(whole.stderr.contains("6 trainings and tests, 2 of them kept"), "{}", whole.stderr);
    let again = run(&[&list[..], &["--json", "two.json", "--threads", "1"]].concat());
    assert!(again.stderr.contains("6 trainings and tests, 6 of them kept"), "{}", again.stderr);
    assert_eq!(workdir.read_text("one.json"), workdir.read_text("two.json"));
    assert_eq!(whole.text(), again.text());
    // A damaged file is computed again, and so is everything with another seed.
    let damaged = workdir.files("kept").into_iter().find(|file| file.starts_with("run-")).unwrap();
    workdir.write(&format!("kept/{damaged}"), "{\"name\":");
    let mended = run(&list);
    assert!(mended.stderr.contains("6 trainings and tests, 5 of them kept"), "{}", mended.stderr);
    let other = run(&[&list[..], &["--seed", "1"]].concat());
    assert!(other.stderr.contains("6 trainings and tests, 0 of them kept"), "{}", other.stderr);
}

#[test]
fn the_same_seed_gives_the_same_figures() {
    let workdir = workdir!();
    workdir.write("labels.csv", labels(2));
    let run = |seed: &str, threads: &str, file: &str| {
        let arguments =
            ["--labels", "labels.csv", "--classifiers", "svm-both,neighbours", "--folds", "2", "--json", file];
        let _ = benchmark(&workdir, &[&arguments[..], &["--seed", seed, "--threads", threads, "--quiet"]].concat())
            .expect(0);
        without_cost(json(&workdir, file))
    };
    let (one, two, other) = (run("3", "1", "1.json"), run("3", "2", "2.json"), run("4", "2", "3.json"));
    assert_eq!(one, two);
    assert_ne!(one["classifiers"], other["classifiers"]);
}

#[test]
fn fixed_files_take_the_place_of_folds() {
    let workdir = workdir!();
    workdir.write("train.csv", labels(2));
    // Nine of these texts are trained on too.
    let test: Vec<String> = labels(3).lines().map(str::to_owned).collect();
    workdir.write("test.csv", [&test[..10], &test[37..]].concat().join("\n"));
    let arguments = [
        "--train",
        "train.csv",
        "--test",
        "test.csv",
        "--classifiers",
        "definition,logistic-ngrams",
        "--json",
        "b.json",
    ];
    let run = benchmark(&workdir, &arguments).expect(0);
    assert!(run.text().contains("fixed files, seed 0: trained on 36 texts, tested with 27"), "{}", run.text());
    let found = json(&workdir, "b.json");
    let note = found["notes"][0].as_str().unwrap();
    assert!(note.contains("of the texts tested belong to documents or groups that are trained on too"), "{note}");
}

#[test]
fn what_cannot_be_compared_is_said() {
    let workdir = workdir!();
    workdir.write("few.csv", "text,stance\nKeep it open.,favour\nClose it.,against\n");
    workdir.write("good.csv", labels(2));
    workdir.write("bad.csv", labels(1) + "Who pays the rent?,maybe\n");
    let labels = fixture("market/labels.csv");
    let cases: [(&[&str], i32, &[&str]); 9] = [
        (&[], 2, &["--labels <FILE>"]),
        (&["--labels", "no.csv"], 1, &["no.csv"]),
        (&["--labels", "bad.csv"], 1, &["bad.csv: row 19: `maybe` is no stance of the scheme (favour, against, none)"]),
        (&["--labels", "few.csv"], 1, &["the labels are of 2 document(s) or group(s), which --folds 5 cannot part"]),
        (&["--labels", "few.csv", "--folds", "2"], 1, &["split 1 of 2 has", "to train on; at least 5 are needed"]),
        (&["--labels", &labels, "--folds", "1"], 2, &["--folds", "2..=100"]),
        (&["--labels", &labels, "--classifiers", "oracle"], 2, &["'oracle'", "svm-both"]),
        (&["--train", &labels], 2, &["--test <FILE>"]),
        (&["--labels", "good.csv", "--json", "no/b.json"], 1, &["no/b.json: cannot write into the folder"]),
    ];
    for (arguments, code, parts) in cases {
        assert_eq!(benchmark(&workdir, arguments).lacks(code, parts), None);
    }
    assert_eq!(workdir.names(), ["bad.csv", "few.csv", "good.csv"]);
}
