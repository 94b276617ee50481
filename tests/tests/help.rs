//! The examples that `--help` prints work when they are pasted in the root of a fresh clone.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

use std::path::Path;

use clap::Parser;
use standpoint::cli::Cli;
use standpoint_tests::{Workdir, in_workspace, workdir};

const COMMANDS: [&str; 8] = ["label", "segment", "embed", "train", "evaluate", "benchmark", "convert", "agreement"];
/// Commands whose examples take minutes or hours.
const SLOW: [&str; 2] = ["train", "benchmark"];
/// Options that name what is written.
const WRITTEN: [&str; 5] = ["-o", "--out", "--json", "--html", "--results"];

/// The examples in the help of a command, each as the words that were to be typed.
fn examples(workdir: &Workdir, command: &str) -> Vec<Vec<String>> {
    let help = workdir.run(&[command, "--help"]).expect(0).text().replace("\\\n", " ");
    let lines = help.lines().filter_map(|line| line.strip_prefix("  standpoint "));
    lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

/// The files and folders that an example reads.
fn read(example: &[String]) -> Vec<&str> {
    let words = example.iter().zip(example.iter().skip(1));
    let read = words.filter(|(before, word)| word.contains(['/', '.']) && !WRITTEN.contains(&before.as_str()));
    read.map(|(_, word)| word.as_str()).collect()
}

/// Copies a file or folder.
fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        from.read_dir()
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .for_each(|name| copy(&from.join(&name), &to.join(name)));
    } else {
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(from, to).unwrap();
    }
}

#[test]
fn the_examples_work() {
    for command in COMMANDS {
        let workdir = workdir!();
        let examples = examples(&workdir, command);
        assert!(examples.iter().any(|example| example[0] == command), "{command}: {examples:?}");
        for example in &examples {
            let typed = ["standpoint"].into_iter().chain(example.iter().map(String::as_str));
            assert!(Cli::try_parse_from(typed).is_ok(), "{example:?}");
            for file in read(example) {
                let (own, made) = (in_workspace(file), workdir.path(file).exists());
                assert!(made || own.exists(), "{example:?} reads {file}, which is neither there nor made");
                if !made {
                    copy(&own, &workdir.path(file));
                }
            }
            if !SLOW.contains(&example[0].as_str()) {
                let _ = workdir.run(&example.iter().map(String::as_str).collect::<Vec<_>>()).expect(0);
            }
        }
    }
}
