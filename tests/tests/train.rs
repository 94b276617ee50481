//! `standpoint train`.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

use standpoint_tests::{Finished, Table, Workdir, fixture, workdir};

/// Trains on the fixture's scheme and encoder, with other arguments than the folder given here.
fn train(workdir: &Workdir, out: &str, arguments: &[&str]) -> Finished {
    let [scheme, encoder] = ["market/scheme.toml", "encoder/tiny"].map(fixture);
    workdir.run(&[&["train", "--scheme", &scheme, "--encoder", &encoder, "--out", out], arguments].concat())
}

/// The content of every file of a bundle, by name.
fn content(workdir: &Workdir, folder: &str) -> Vec<(String, Vec<u8>)> {
    let with_bytes = |file: String| (file.clone(), workdir.read(&format!("{folder}/{file}")));
    workdir.files(folder).into_iter().map(with_bytes).collect()
}

#[test]
fn the_same_labels_and_seed_give_the_same_bytes() {
    let workdir = workdir!();
    let labels = fixture("market/labels.csv");
    let run = train(&workdir, "one", &["--labels", &labels, "--seed", "7", "--threads", "1"]).expect(0);
    assert!(run.stdout.is_empty());
    for part in ["learnt from 18 texts of 18 groups: favour 6, against 6, none 6", "the bundle is in one"] {
        assert!(run.stderr.contains(part), "{}", run.stderr);
    }
    let quiet = train(&workdir, "two", &["--labels", &labels, "--seed", "7", "--threads", "2", "--quiet"]).expect(0);
    assert_eq!((quiet.stdout, quiet.stderr), (vec![], String::new()));
    let (one, two) = (content(&workdir, "one"), content(&workdir, "two"));
    assert!(one == two, "{:?} {:?}", workdir.files("one"), workdir.files("two"));
    let names: Vec<&str> = one.iter().map(|(name, _)| name.as_str()).filter(|name| !name.contains('/')).collect();
    // N-grams have a file where they were chosen.
    let names: Vec<&str> = names.into_iter().filter(|name| *name != "features.safetensors").collect();
    assert_eq!(names, ["MODEL_CARD.md", "bundle.toml", "classifier.safetensors", "scheme.toml"]);
    let card = workdir.read_text("one/MODEL_CARD.md");
    assert!(card.contains("- `favour` (In favour): Wants the market to stay open at night."), "{card}");
}

#[test]
fn what_is_asked_for_is_chosen_from() {
    let workdir = workdir!();
    workdir.write("in.csv", "text\nKeep the night market open!\n\n");
    let labels = fixture("market/labels.csv");
    let cases: [(&[&str], &[&str], bool); 6] = [
        (&["--classifier", "majority"], &["majority"], false),
        (&["--classifier", "centroid"], &["nearest definition, embeddings", "nearest centroid, embeddings"], false),
        (&["--classifier", "neighbours"], &["20 nearest neighbours, embeddings"], false),
        (&["--classifier", "svm", "--features", "ngrams"], &["linear SVM, C = 0.1, n-grams"], true),
        (
            &["--classifier", "logistic", "--features", "both"],
            &["logistic regression, C = 10, embeddings and n-grams 1 : 1.000"],
            true,
        ),
        (&[], &["majority", "nearest", "regression", "SVM, C = 0.1, embeddings\n", "n-grams\n"], false),
    ];
    for (asked, tried, ngrams) in cases {
        let run = train(&workdir, "bundle", &[&["--labels", &labels], asked].concat());
        assert_eq!(run.lacks(0, &[tried, &["<- chosen, the smallest"]].concat()), None, "{asked:?}");
        let other = ["majority", "nearest", "logistic", "SVM"].into_iter().filter(|kind| run.stderr.contains(kind));
        assert_eq!(other.count(), if asked.is_empty() { 4 } else { 1 }, "{}", run.stderr);
        let has_ngrams = workdir.path("bundle/features.safetensors").exists();
        assert!(asked.is_empty() || has_ngrams == ngrams, "{asked:?}");
        let table = workdir.run(&["label", "in.csv", "--bundle", "bundle"]).expect(0).table();
        assert_eq!(table.column("text"), ["Keep the night market open!"], "{asked:?}");
    }
}

/// The arguments of a short fine-tuning.
const TUNING: [&str; 7] = ["--fine-tune", "--epochs", "2", "--learning-rate", "0.001", "--seed", "3"];

#[test]
fn fine_tuning_gives_the_same_bytes_on_any_number_of_threads_and_after_an_interruption() {
    let workdir = workdir!();
    let labels = fixture("market/labels.csv");
    let tune = |out: &str, more: &[&str]| {
        let run = train(&workdir, out, &[&["--labels", &labels], &TUNING[..], more].concat()).expect(0);
        assert_eq!(run.lacks(0, &["epoch 2: loss", "<- kept", "tuned head +", "<- chosen, the smallest"]), None);
        content(&workdir, out)
    };
    let one = tune("one", &["--threads", "1"]);
    let two = tune("two", &["--threads", "2", "--checkpoints", "state"]);
    let again = tune("three", &["--checkpoints", "state"]);
    assert!(one == two && two == again);
    let untuned = train(&workdir, "untuned", &["--labels", &labels, "--classifier", "logistic"]).expect(0);
    assert!(untuned.stderr.contains("logistic"));
    let weights = |bundle: &[(String, Vec<u8>)]| {
        bundle.iter().find(|(name, _)| name == "encoder/model.safetensors").map(|(_, bytes)| bytes.clone())
    };
    assert!(weights(&one).is_some() && weights(&one) != weights(&content(&workdir, "untuned")));
}

/// The fixture's texts each are a group of their own; which of them are held out shows in what is measured on them.
#[test]
fn whole_topics_are_held_out_where_that_is_asked_for() {
    let workdir = workdir!();
    let labels = fixture("market/labels.csv");
    let tune = |out: &str, more: &[&str]| {
        train(&workdir, out, &[&["--labels", &labels], &TUNING[..], more].concat()).expect(0).stderr
    };
    let (topics, groups) = (tune("topics", &["--hold-out-topics"]), tune("groups", &[]));
    assert!(topics.contains("one topic in ten held out:") && groups.contains("one group in ten held out:"));
    let measured = |account: &str| account.lines().find(|line| line.contains("epoch 1: loss")).map(str::to_owned);
    assert!(measured(&topics).is_some() && measured(&topics) != measured(&groups));
    assert_eq!(train(&workdir, "no", &["--labels", &labels, "--hold-out-topics"]).lacks(2, &["--fine-tune"]), None);
}

#[test]
fn a_bundle_remembers_the_prefix_that_it_was_trained_with() {
    let workdir = workdir!();
    let labels = fixture("market/labels.csv");
    let asked = ["--labels", &labels, "--classifier", "logistic", "--features", "embedding"];
    let _ = train(&workdir, "plain", &asked).expect(0);
    let _ = train(&workdir, "prefixed", &[&asked, ["--prefix", "query: "].as_slice()].concat()).expect(0);
    let _ = workdir.run(&["train", "--from", "prefixed", "--labels", &labels, "--out", "adapted"]).expect(0);
    workdir.write("in.csv", "text\nKeep the night market open!\n");
    let embedded = |arguments: &[&str]| {
        let _ = workdir.run(&[&["embed", "in.csv", "-o", "out.npy", "--encoder"], arguments].concat()).expect(0);
        workdir.read("out.npy")
    };
    let without = embedded(&["plain/encoder"]);
    let with = embedded(&["plain/encoder", "--prefix", "query: "]);
    assert!(with != without, "the prefix has no part");
    assert!(embedded(&["prefixed/encoder"]) == with && embedded(&["adapted/encoder"]) == with);
    assert!(embedded(&["prefixed/encoder", "--prefix", ""]) == without);
    let label = |bundle: &str| workdir.run(&["label", "in.csv", "--bundle", bundle]).expect(0).stdout;
    assert!(label("prefixed") != label("plain"));
    assert_eq!(
        workdir
            .run(&["train", "--from", "plain", "--prefix", "query: ", "--labels", &labels, "--out", "no"])
            .lacks(2, &["--prefix"]),
        None
    );
}

#[test]
fn a_bundle_is_adapted_to_labels_of_ones_own() {
    let workdir = workdir!();
    let labels = fixture("market/labels.csv");
    let _ = train(&workdir, "linear", &["--labels", &labels, "--classifier", "logistic"]).expect(0);
    let _ = train(&workdir, "nearest", &["--labels", &labels, "--classifier", "neighbours"]).expect(0);
    let adapt = |from: &str, out: &str| workdir.run(&["train", "--from", from, "--labels", &labels, "--out", out]);
    let run = adapt("linear", "adapted");
    assert_eq!(run.lacks(0, &["the bundle + logistic regression on its features", "<- chosen, the smallest"]), None);
    let encoder = |folder: &str| workdir.read(&format!("{folder}/encoder/model.safetensors"));
    assert!(encoder("linear") == encoder("adapted"));
    let classifier = |folder: &str| workdir.read(&format!("{folder}/classifier.safetensors"));
    assert!(classifier("linear") != classifier("adapted"));
    workdir.write("in.csv", "text\nKeep the night market open!\n");
    let _ = workdir.run(&["label", "in.csv", "--bundle", "adapted"]).expect(0);
    assert_eq!(adapt("nearest", "no").lacks(1, &["only a bundle whose classifier is linear"]), None);
    let scheme = fixture("market/scheme.toml");
    let both = ["train", "--from", "linear", "--labels", &labels, "--scheme", &scheme, "--out", "no"];
    assert_eq!(workdir.run(&both).lacks(2, &["--scheme"]), None);
    assert!(!workdir.path("no").exists());
}

/// A bundle knows every stance already, so few labels of one, or none, are enough; what they cannot tell stays the bundle's.
#[test]
fn few_labels_of_a_stance_are_enough_to_adapt() {
    let workdir = workdir!();
    let labels = std::fs::read_to_string(fixture("market/labels.csv")).unwrap();
    let all = fixture("market/labels.csv");
    let _ = train(&workdir, "base", &["--labels", &all, "--classifier", "logistic"]).expect(0);
    workdir.write("in.csv", "text\nKeep the night market open!\nThere are four windows in the house by the bridge.\n");
    let label = |bundle: &str| workdir.run(&["label", "in.csv", "--bundle", bundle]).expect(0).table();
    let adapt = |labels: &str| workdir.run(&["train", "--from", "base", "--labels", labels, "--out", "adapted"]);
    for of_none in [0, 1, 4] {
        // The last six labels are `none`.
        let kept: Vec<&str> = labels.lines().take(13 + of_none).collect();
        workdir.write("few.csv", kept.join("\n"));
        let run = adapt("few.csv");
        assert_eq!(run.lacks(0, &[&format!("none {of_none}\n"), "<- chosen, the smallest"]), None);
        let (before, after) = (label("base"), label("adapted"));
        let sure = |table: &Table| table.numbers::<f64>("p_none")[1];
        assert!(sure(&before) > 1e-3 && sure(&after) > 1e-3, "{of_none}: {} then {}", sure(&before), sure(&after));
        let threshold = |bundle: &str| {
            let manifest = workdir.read_text(&format!("{bundle}/bundle.toml"));
            manifest.lines().find_map(|line| line.strip_prefix("review_below = ")?.parse::<f64>().ok()).unwrap()
        };
        assert!(threshold("adapted") >= threshold("base"), "{of_none}");
        let told = run.stderr.contains("(the bundle's: the labels are too few to set a smaller one by)");
        assert_eq!(told, threshold("adapted").total_cmp(&threshold("base")).is_eq(), "{}", run.stderr);
    }
    workdir.write("fewer.csv", labels.lines().take(8).collect::<Vec<_>>().join("\n"));
    assert_eq!(adapt("fewer.csv").lacks(1, &["there are 7 labelled text(s), and 10 are needed", "label 3 more"]), None);
}

/// A label's place in its file, its text and its stance.
type Label<'a> = (usize, (&'a str, &'a str));

#[test]
fn stand_off_labels_teach_what_their_texts_do() {
    let workdir = workdir!();
    let labels = Table::csv(&std::fs::read(fixture("market/labels.csv")).unwrap());
    let rows = labels.column("text").into_iter().zip(labels.column("stance")).enumerate();
    let file = |header: &str, row: fn(Label<'_>) -> String| {
        format!("{header}\n{}", rows.clone().map(row).collect::<Vec<_>>().join("\n"))
    };
    // Two texts a group, so that folds are the same only where groups are.
    let whole = |(at, (text, stance)): Label<'_>| format!("\"{text}\",{stance},g{}", at / 2);
    let corpus = |(at, (text, _)): Label<'_>| format!("d{at},g{},\"## {text} ##\"", at / 2);
    let span = |(at, (text, stance)): Label<'_>| format!("d{at},3,{},{stance}", 3 + text.chars().count());
    workdir.write("whole.csv", file("text,stance,document", whole));
    workdir.write("corpus/all.csv", file("document,group,text", corpus));
    workdir.write("spans.csv", file("document,start,end,stance", span));
    let run = train(&workdir, "of-spans", &["--labels", "spans.csv", "--corpus", "corpus"]).expect(0);
    assert!(run.stderr.contains("learnt from 18 texts of 9 groups"), "{}", run.stderr);
    let _ = train(&workdir, "of-texts", &["--labels", "whole.csv"]).expect(0);
    // The texts of a group are of one document in one file and of two in the other, so they are each other's context in one alone.
    let learnt = |folder: &str| -> Vec<(String, Vec<u8>)> {
        content(&workdir, folder).into_iter().filter(|(name, _)| name.ends_with(".safetensors")).collect()
    };
    assert!(learnt("of-spans") == learnt("of-texts") && learnt("of-spans").len() > 1);
}

#[test]
fn labels_that_cannot_be_used_are_named() {
    let workdir = workdir!();
    let good = std::fs::read_to_string(fixture("market/labels.csv")).unwrap();
    workdir.write("corpus.csv", "document,text\nd,We walk by the river.\n");
    workdir.write("texts.csv", format!("{good}Who pays the rent?,maybe\n ,none\nThe song is long.\n"));
    workdir.write("spans.csv", "document,start,end,stance\nd,0,900,none\ne,0,2,none\nd,5,5,none\n");
    let run = train(&workdir, "bundle", &["--labels", "texts.csv", "spans.csv", "--corpus", "corpus.csv"]);
    let parts = [
        "texts.csv: row 19: `maybe` is no stance of the scheme (favour, against, none)",
        "texts.csv: row 20: the text is empty",
        "texts.csv: row 21: 1 fields where the header has 2",
        "spans.csv: row 1: 0..900 lies outside document `d` of 21 characters",
        "spans.csv: row 2: no document `e` was read; give its file with --corpus",
        "spans.csv: row 3: start 5 is not before end 5",
        "6 label(s) cannot be used",
    ];
    assert_eq!(run.lacks(1, &parts), None);
    assert_eq!(workdir.names(), ["corpus.csv", "spans.csv", "texts.csv"]);
}

#[test]
fn what_cannot_be_trained_on_is_said() {
    let workdir = workdir!();
    workdir.write("few.csv", "text,stance\nKeep it open.,favour\nClose it.,against\n");
    workdir.write("odd.csv", "said,judged\nKeep it open.,favour\n");
    workdir.write("scheme.toml", "id = 'one'\nname = 'One'\nstance = []\n");
    let labels = fixture("market/labels.csv");
    let cases: [(&[&str], i32, &[&str]); 8] = [
        (&["--labels", "few.csv"], 1, &["`favour` has 1 labelled text(s), and 5 are needed", "label 4 more"]),
        (&["--labels", "odd.csv"], 1, &["odd.csv: a label file has the columns", "found `said,judged`"]),
        (&["--labels", "no.csv"], 1, &["no.csv"]),
        (&["--labels", &labels, "--corpus", "no"], 1, &["no: no such file or folder"]),
        (&["--labels", &labels, "--seed", "x"], 2, &["'x'", "--seed"]),
        (&["--labels", &labels, "--classifier", "oracle"], 2, &["'oracle'", "--classifier", "svm"]),
        (
            &["--labels", &labels, "--classifier", "neighbours", "--features", "ngrams"],
            1,
            &["no classifier that was asked for sees n-grams"],
        ),
        (&[], 2, &["--labels <FILE>"]),
    ];
    for (arguments, code, parts) in cases {
        assert_eq!(train(&workdir, "bundle", arguments).lacks(code, parts), None);
    }
    let run = workdir.run(&["train", "--labels", &labels, "--scheme", "scheme.toml", "--out", "bundle"]);
    assert_eq!(run.lacks(1, &["scheme.toml", "at least two"]), None);
    assert!(!workdir.path("bundle").exists());
}

#[test]
fn only_a_bundle_is_replaced() {
    let workdir = workdir!();
    let labels = fixture("market/labels.csv");
    workdir.write("full/notes.txt", "mine");
    let run = train(&workdir, "full", &["--labels", &labels]);
    assert_eq!(run.lacks(1, &["full: exists and is not a bundle; choose another folder or remove it"]), None);
    assert_eq!(
        (workdir.files("full"), workdir.read_text("full/notes.txt")),
        (vec!["notes.txt".to_owned()], "mine".to_owned())
    );
    std::fs::create_dir(workdir.path("bundle")).unwrap();
    let _ = train(&workdir, "bundle", &["--labels", &labels]).expect(0);
    let first = content(&workdir, "bundle");
    workdir.write("bundle/left-over.txt", "old");
    let _ = train(&workdir, "bundle", &["--labels", &labels, "--seed", "9", "--accuracy", "0.5"]).expect(0);
    let second = content(&workdir, "bundle");
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert!(names(&first) == names(&second) && first != second);
    assert_eq!(workdir.names(), ["bundle", "full"]);
}

#[test]
fn weights_and_elastic_nets_change_what_is_learnt() {
    let workdir = workdir!();
    let labels = fixture("market/labels.csv");
    let logistic = ["--classifier", "logistic", "--features", "ngrams"];
    let learn = |out: &str, labels: &str, more: &[&str]| {
        let run = train(&workdir, out, &[&["--labels", labels], &logistic[..], more].concat()).expect(0);
        (run.stderr, workdir.read(&format!("{out}/classifier.safetensors")))
    };
    let (_, balanced) = learn("balanced", &labels, &[]);
    let (_, weighted) = learn("weighted", &labels, &["--class-weights", "favour=5, Against=0.5"]);
    assert!(balanced != weighted);
    let (told, sparse) = learn("sparse", &labels, &["--l1-share", "0.5"]);
    assert!(told.contains("logistic regression, C = 10, L1 share 0.5, n-grams"), "{told}");
    assert!(2 * sparse.len() < balanced.len(), "{} of {} bytes", sparse.len(), balanced.len());
    workdir.write("in.csv", "text\nKeep the night market open!\n");
    let _ = workdir.run(&["label", "in.csv", "--bundle", "sparse"]).expect(0);

    let rows = String::from_utf8(std::fs::read(&labels).unwrap()).unwrap();
    let with = |weight: &str| {
        let row = |(at, row): (usize, &str)| match at {
            0 => format!("{row},weight\n"),
            at => format!("{row},{}\n", if at % 2 == 0 { weight } else { "" }),
        };
        rows.lines().enumerate().map(row).collect::<String>()
    };
    workdir.write("same.csv", with("1"));
    workdir.write("other.csv", with("3"));
    workdir.write("bad.csv", with("-1"));
    assert!(learn("same", "same.csv", &[]).1 == balanced);
    assert!(learn("other", "other.csv", &[]).1 != balanced);
    let tune = |out: &str, more: &[&str]| {
        let _ = train(&workdir, out, &[&TUNING[..], more].concat()).expect(0);
        content(&workdir, out)
    };
    let tuned = tune("tuned", &["--labels", "same.csv"]);
    assert!(tune("tuned-other", &["--labels", "other.csv"]) != tuned);
    assert!(tune("tuned-equal", &["--labels", "same.csv", "--class-weights", "favour=2"]) != tuned);
    let run = train(&workdir, "bad", &["--labels", "bad.csv"]);
    assert_eq!(run.lacks(1, &["bad.csv: row 2: `-1` in column `weight` is not a number above 0"]), None);
    let run = train(&workdir, "bad", &["--labels", &labels, "--class-weights", "river=2"]);
    assert_eq!(run.lacks(1, &["--class-weights: `river` is no stance of the scheme"]), None);
    let run = train(&workdir, "bad", &["--labels", &labels, "--l1-share", "1.5"]);
    assert_eq!(run.lacks(2, &["expected a number from 0 to 1"]), None);
}
