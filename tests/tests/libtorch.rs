//! `--engine rust-bert` and `--zero-shot`, in a build with libtorch and in one without.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

use standpoint_tests::workdir;

#[test]
fn options_of_libtorch_are_refused_where_nothing_would_honour_them() {
    let workdir = workdir!();
    workdir.write("in.csv", "text\nIt is work.\n");
    let cases: [(&[&str], i32, &str); 4] = [
        (&["embed", "in.csv", "-o", "out.npy", "--device", "cpu"], 1, "--device goes with --engine rust-bert"),
        (&["label", "in.csv", "--device", "cpu"], 1, "--device goes with --zero-shot"),
        (&["label", "in.csv", "--scheme", "s.toml"], 2, "--zero-shot"),
        (&["label", "in.csv", "--zero-shot", "nli", "--bundle", "b"], 2, "--bundle"),
    ];
    for (arguments, code, says) in cases {
        assert_eq!(workdir.run(arguments).lacks(code, &[says]), None);
    }
    assert_eq!(workdir.names(), ["in.csv"]);
}

#[cfg(not(feature = "rust-bert"))]
#[test]
fn a_build_without_libtorch_says_how_to_get_one_with_it() {
    let workdir = workdir!();
    workdir.write("in.csv", "text\nIt is work.\n");
    let cases: [&[&str]; 3] = [
        &["embed", "in.csv", "-o", "out.npy", "--engine", "rust-bert"],
        &["label", "in.csv", "--zero-shot", "nli"],
        &["benchmark", "--labels", "in.csv", "--zero-shot", "nli"],
    ];
    for arguments in cases {
        let lacks = workdir.run(arguments).lacks(1, &["models/libtorch.sh", "--features rust-bert"]);
        assert_eq!(lacks, None);
    }
    assert_eq!(workdir.names(), ["in.csv"]);
}

#[cfg(feature = "rust-bert")]
mod with_libtorch {
    use standpoint_tests::{Workdir, fixture, workdir};

    const COMMENTS: &str =
        "text\nIt is work.\nFine the buyer.\nThe committee met on Tuesday to hear what residents think of the plan.\n";

    const SCHEME: &str = "id='s'\nname='S'\n[[stance]]\nid='for'\nname='F'\ndefinition=''\nhypotheses=['It is safe.']\n\
        [[stance]]\nid='against'\nname='A'\ndefinition=''\nhypotheses=['It is bad.', 'It is harm.']\n";

    /// A folder with a tiny model of natural language inference.
    fn with_model(name: &str) -> Workdir {
        let workdir = workdir!();
        for file in ["config.json", "model.safetensors"] {
            workdir.write(&format!("nli/{file}"), std::fs::read(fixture(&format!("libtorch/{name}/{file}"))).unwrap());
        }
        for file in ["tokenizer.json", "tokenizer_config.json"] {
            workdir.write(&format!("nli/{file}"), std::fs::read(fixture(&format!("encoder/tiny/{file}"))).unwrap());
        }
        workdir.write("in.csv", COMMENTS);
        workdir
    }

    fn numbers(npy: &[u8]) -> Vec<f32> {
        npy[128..].as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
    }

    #[test]
    fn both_engines_write_the_same_matrix() {
        let workdir = workdir!();
        workdir.write("in.csv", COMMENTS);
        let embed = |arguments: &[&str], out: &str| {
            let _ = workdir.run(&[&["embed", "in.csv", "-o", out], arguments].concat()).expect(0);
            workdir.read(out)
        };
        for encoder in [&["--encoder", &*fixture("encoder/tiny")] as &[&str], &[]] {
            let plain = embed(encoder, "plain.npy");
            let other = embed(&[encoder, &["--engine", "rust-bert", "--device", "cpu"]].concat(), "other.npy");
            // Headers with the shapes, then the numbers.
            assert_eq!(plain[..128], other[..128]);
            let near = numbers(&plain).iter().zip(numbers(&other)).all(|(a, b)| (a - b).abs() < 1e-4);
            assert!(near && !numbers(&plain).is_empty(), "{encoder:?}");
        }
    }

    #[test]
    fn comments_are_labelled_without_hand_labels() {
        let workdir = with_model("deberta-v2");
        workdir.write("scheme.toml", SCHEME);
        let arguments = ["label", "in.csv", "--zero-shot", "nli", "--scheme", "scheme.toml"];
        for unit in ["segment", "document"] {
            let table = workdir.run(&[&arguments[..], &["--unit", unit]].concat()).expect(0).table();
            let (a, b) = (table.numbers::<f64>("p_for"), table.numbers::<f64>("p_against"));
            assert!(a.len() == 3 && a.iter().zip(b).all(|(a, b)| (a + b - 1.0).abs() < 1e-5), "{a:?}");
            assert_eq!(table.column("review"), ["true"; 3]);
        }
    }

    /// The same predictions as those of `label`, in every fold, with all that the model costs and without a learning curve.
    #[test]
    fn zero_shot_takes_part_in_a_benchmark() {
        let workdir = with_model("deberta-v2");
        workdir.write("scheme.toml", SCHEME);
        let row = |row: usize| format!("Comment {row} of the town,{}", ["for", "against"][row % 2]);
        let rows: Vec<String> = (0..80).map(row).collect();
        workdir.write("hand.csv", format!("text,stance\n{}\n", rows.join("\n")));
        let arguments = ["benchmark", "--labels", "hand.csv", "--scheme", "scheme.toml", "--zero-shot", "nli"];
        let list =
            ["--classifiers", "majority", "--folds", "2", "--repeats", "2", "--results", "kept", "--json", "b.json"];
        let run = workdir.run(&[&arguments[..], &list].concat()).expect(0);
        let found: serde_json::Value = serde_json::from_slice(&workdir.read("b.json")).unwrap();
        let entries = found["classifiers"].as_array().unwrap();
        assert_eq!(entries.len(), 2, "{}", run.text());
        let entry = entries.iter().find(|entry| entry["name"] == "zero-shot").unwrap();
        assert_eq!(found["curve"]["classifier"], "majority", "what learns nothing has no curve");
        let label = ["label", "hand.csv", "--zero-shot", "nli", "--scheme", "scheme.toml", "-o", "out.csv"];
        let _ = workdir.run(&label).expect(0);
        let _ = workdir.run(&["evaluate", "out.csv", "--against", "hand.csv", "--json", "e.json"]).expect(0);
        let evaluated: serde_json::Value = serde_json::from_slice(&workdir.read("e.json")).unwrap();
        for (id, at) in [("macro_f1", 0), ("accuracy", 1), ("log_loss", 2)] {
            let figures = evaluated["sets"][0]["headline"].as_array().unwrap();
            let other = figures.iter().find(|figure| figure["id"] == id).unwrap()["value"].as_f64().unwrap();
            let one = entry["headline"][at]["value"].as_f64().unwrap();
            assert!((one - other).abs() < 1e-4, "{id}: {one}, {other}");
        }
        let model: usize = workdir.files("nli").iter().map(|file| workdir.read(&format!("nli/{file}")).len()).sum();
        assert_eq!(entry["cost"]["bundle_bytes"].as_u64(), u64::try_from(model).ok());
        assert_eq!(entry["cost"]["train_seconds"], 0.0);
        // Another model under the same name is asked anew.
        workdir.write("nli/README.md", "another");
        let again = workdir.run(&[&arguments[..], &list].concat()).expect(0);
        let account = again.stderr.lines().find(|line| line.contains("trainings and tests")).unwrap();
        let numbers: Vec<usize> = account.split([' ', ',']).filter_map(|word| word.parse().ok()).collect();
        assert_eq!(numbers[0] - numbers[1], 4, "of all, only the four folds of the model are not kept: {account}");
    }

    #[test]
    fn a_hypothesis_that_leaves_no_room_is_named() {
        let workdir = with_model("bart");
        // The tiny model sees fewer tokens than real hypotheses have.
        let run = workdir.run(&["label", "in.csv", "--zero-shot", "nli"]);
        assert_eq!(run.lacks(1, &["nli: scheme `sex-work-law`, stance `nordic_model`", "longer than the model"]), None);
    }

    #[test]
    fn models_that_cannot_be_used_are_named() {
        let workdir = with_model("electra");
        let cases: [(&[&str], &str); 4] = [
            (
                &["label", "in.csv", "--zero-shot", "nli"],
                "\"electra\", which is not known as a model of natural language",
            ),
            (&["label", "in.csv", "--zero-shot", "no"], "no: no such folder"),
            (
                &["embed", "in.csv", "-o", "o.npy", "--encoder", "nli", "--engine", "rust-bert", "--device", "tpu"],
                "cuda:0",
            ),
            (
                &["embed", "in.csv", "-o", "o.npy", "--encoder", "nli", "--engine", "rust-bert", "--device", "cuda:99"],
                "cuda:99",
            ),
        ];
        for (arguments, says) in cases {
            assert_eq!(workdir.run(arguments).lacks(1, &[says]), None);
        }
        assert!(!workdir.path("o.npy").exists());
    }
}
