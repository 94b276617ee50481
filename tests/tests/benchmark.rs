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

fn has_note(benchmark: &Value, part: &str) -> bool {
    benchmark["notes"].as_array().unwrap().iter().any(|note| note.as_str().unwrap().contains(part))
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
    for note in ["leaves out 0.125 of what is trained on", "name an encoder that has not seen them with --encoder"] {
        assert!(has_note(&found, note), "{note}: {}", found["notes"]);
    }
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

/// Killed while it works, a run goes on from what it had finished, to the same figures as one that was not killed.
#[test]
fn a_killed_run_ends_like_one_that_was_not() {
    let workdir = workdir!();
    workdir.write("labels.csv", labels(5));
    let scheme = fixture("market/scheme.toml");
    let arguments = |results: &'static str, json: &'static str| {
        [
            "benchmark",
            "--scheme",
            &scheme,
            "--labels",
            "labels.csv",
            "--results",
            results,
            "--json",
            json,
            "--threads",
            "1",
        ]
        .map(str::to_owned)
    };
    let run = |arguments: &[String]| workdir.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).expect(0);
    let finished = |folder: &str| {
        let files = if workdir.path(folder).exists() { workdir.files(folder) } else { Vec::new() };
        files.iter().filter(|file| file.starts_with("run-")).count()
    };
    let killed = arguments("killed", "killed.json");
    let mut child = workdir.start(&killed.iter().map(String::as_str).collect::<Vec<_>>());
    while finished("killed") < 3 && child.try_wait().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    child.kill().unwrap();
    let _ = child.wait().unwrap();
    let before = finished("killed");
    assert!(before >= 3 && !workdir.path("killed.json").exists(), "{before}");
    let resumed = run(&killed);
    assert!(!resumed.stderr.contains(" 0 of them kept"), "{}", resumed.stderr);
    let whole = run(&arguments("whole", "whole.json"));
    assert!(whole.stderr.contains(" 0 of them kept"), "{}", whole.stderr);
    assert_eq!(without_cost(json(&workdir, "killed.json")), without_cost(json(&workdir, "whole.json")));
}

/// What one build of the program computed is nothing to another, though both have the same version.
#[test]
fn results_of_another_build_are_not_used() {
    let workdir = workdir!();
    workdir.write("labels.csv", labels(4));
    let scheme = fixture("market/scheme.toml");
    let arguments = [
        "benchmark",
        "--scheme",
        &scheme,
        "--labels",
        "labels.csv",
        "--classifiers",
        "majority",
        "--folds",
        "2",
        "--no-curve",
        "--results",
        "kept",
    ];
    let _ = workdir.run(&arguments).expect(0);
    let same = workdir.run(&arguments).expect(0);
    assert!(same.stderr.contains("2 trainings and tests, 2 of them kept"), "{}", same.stderr);
    let other = workdir.path("other-build");
    let program = [std::fs::read(workdir.command(&[]).get_program()).unwrap(), b"another build".to_vec()].concat();
    workdir.write("other-build", program);
    std::fs::set_permissions(&other, std::fs::metadata(workdir.command(&[]).get_program()).unwrap().permissions())
        .unwrap();
    let run = std::process::Command::new(&other).args(arguments).current_dir(workdir.path(".")).output().unwrap();
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(said.contains("2 trainings and tests, 0 of them kept"), "{said}");
}

/// `tuned` is what `train --fine-tune` makes of the same texts, labels what `label` does, and costs what its own encoder costs.
#[test]
fn a_tuned_encoder_takes_part_when_asked_for() {
    let workdir = workdir!();
    let every = labels(6).lines().map(str::to_owned).collect::<Vec<_>>();
    workdir.write("train.csv", every[..91].join("\n"));
    workdir.write("test.csv", [&every[..1], &every[91..]].concat().join("\n"));
    let [scheme, tiny] = ["market/scheme.toml", "encoder/tiny"].map(fixture);
    let how = ["--encoder", &tiny, "--epochs", "2", "--learning-rate", "0.001", "--seed", "3"];
    let list = ["--classifiers", "tuned,majority,centroid", "--json", "b.json"];
    let _ = benchmark(&workdir, &[&["--train", "train.csv", "--test", "test.csv"], &how[..], &list].concat()).expect(0);
    let found = json(&workdir, "b.json");
    let entries = found["classifiers"].as_array().unwrap();
    let entry = |name: &str| entries.iter().find(|entry| entry["name"] == name).unwrap();
    let tuned = entry("tuned");
    let settings = tuned["settings"][0]["settings"].as_str().unwrap();
    assert!(
        settings.starts_with("tuned head + ") && settings.contains(", epoch ") && settings.ends_with(" of 2"),
        "{settings}"
    );
    let train = ["train", "--labels", "train.csv", "--scheme", &scheme, "--fine-tune", "--out", "bundle"];
    let _ = workdir.run(&[&train[..], &how].concat()).expect(0);
    let _ = workdir.run(&["label", "test.csv", "--bundle", "bundle", "-o", "out.csv"]).expect(0);
    let _ = workdir.run(&["evaluate", "out.csv", "--against", "test.csv", "--json", "e.json"]).expect(0);
    let evaluated = json(&workdir, "e.json");
    let figures = evaluated["sets"][0]["headline"].as_array().unwrap();
    for figure in tuned["headline"].as_array().unwrap() {
        let other = figures.iter().find(|other| other["id"] == figure["id"]).unwrap();
        // `label` writes probabilities with six decimals.
        let [one, two] = [figure, other].map(|figure| figure["value"].as_f64().unwrap());
        assert!((one - two).abs() < 1e-5, "{}: {one}, {two}", figure["id"]);
    }
    let bytes: u64 =
        workdir.files("bundle").iter().map(|file| workdir.read(&format!("bundle/{file}")).len() as u64).sum();
    let card = workdir.read("bundle/MODEL_CARD.md").len() as u64;
    let cost = |entry: &Value, of: &str| entry["cost"][of].as_f64().unwrap();
    // The card's checksum has the same length whatever the card says.
    assert_eq!(tuned["cost"]["bundle_bytes"].as_u64(), Some(bytes - card));
    assert!(cost(tuned, "train_seconds") > cost(entry("centroid"), "train_seconds"));
}

#[test]
fn the_measure_of_named_stances_is_shown() {
    let workdir = workdir!();
    workdir.write("labels.csv", labels(4));
    let arguments = ["--labels", "labels.csv", "--classifiers", "centroid,majority", "--folds", "2", "--no-curve"];
    let run = benchmark(
        &workdir,
        &[&arguments[..], &["--positive", "favour,against", "--json", "b.json", "--html", "b.html"]].concat(),
    )
    .expect(0);
    let found = json(&workdir, "b.json");
    assert_eq!(found["named"], serde_json::json!(["favour", "against"]));
    for entry in found["classifiers"].as_array().unwrap() {
        let figure = &entry["headline"][2];
        assert_eq!(figure["id"], "named_f1");
        let [low, value, high] = ["low", "value", "high"].map(|end| figure[end].as_f64().unwrap());
        assert!(low <= value && value <= high, "{figure}");
        assert!(run.text().contains(&format!("{value:.3} [{low:.3}, {high:.3}]")), "{}", run.text());
    }
    for view in [run.text(), &workdir.read_text("b.html")] {
        assert!(view.contains("F over favour, against"), "{view}");
    }
    let run = benchmark(&workdir, &[&arguments[..], &["--positive", "perhaps"]].concat());
    assert_eq!(
        run.lacks(1, &["--positive perhaps: there is no such stance; the stances are favour, against, none"]),
        None
    );
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
    let note = "of the texts tested belong to documents or groups that are trained on too";
    assert!(has_note(&found, note), "{}", found["notes"]);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let workdir = workdir!();
    workdir.write("few.csv", "text,stance\nKeep it open.,favour\nClose it.,against\n");
    workdir.write("good.csv", labels(2));
    workdir.write("bad.csv", labels(1) + "Who pays the rent?,maybe\n");
    let labels = fixture("market/labels.csv");
    let cases: [(&[&str], i32, &[&str]); 12] = [
        (&[], 2, &["--labels <FILE>"]),
        (&["--labels", "no.csv"], 1, &["no.csv"]),
        (&["--labels", "bad.csv"], 1, &["bad.csv: row 19: `maybe` is no stance of the scheme (favour, against, none)"]),
        (&["--labels", "few.csv"], 1, &["the labels are of 2 document(s) or group(s), which --folds 5 cannot part"]),
        (&["--labels", "few.csv", "--folds", "2"], 1, &["split 1 of 2 has", "to train on; at least 5 are needed"]),
        (&["--labels", &labels, "--folds", "1"], 2, &["--folds", "2..=100"]),
        (&["--labels", &labels, "--classifiers", "oracle"], 2, &["'oracle'", "svm-both"]),
        (&["--train", &labels], 2, &["--test <FILE>"]),
        (&["--labels", &labels, "--epochs", "3"], 2, &["--classifiers"]),
        (&["--labels", &labels, "--classifiers", "zero-shot"], 1, &["needs --zero-shot DIR"]),
        (&["--labels", &labels, "--device", "cpu"], 1, &["--device goes with --zero-shot"]),
        (&["--labels", "good.csv", "--json", "no/b.json"], 1, &["no/b.json: cannot write into the folder"]),
    ];
    for (arguments, code, parts) in cases {
        assert_eq!(benchmark(&workdir, arguments).lacks(code, parts), None);
    }
    assert_eq!(workdir.names(), ["bad.csv", "few.csv", "good.csv"]);
}
