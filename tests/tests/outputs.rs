//! Where results go, whatever the command.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

use standpoint_tests::{Workdir, fixture, workdir};

const ONE: &str = "id,text,stance\n1,Keep the night market open!,favour\n";
/// A row that cannot be read follows one that can.
const WITH_REJECT: &str = "id,text\n1,Keep the night market open!\n2\n";

fn run(workdir: &Workdir, arguments: &str) -> standpoint_tests::Finished {
    workdir.run(&arguments.split(' ').collect::<Vec<_>>())
}

#[test]
fn no_input_is_overwritten() {
    let workdir = workdir!();
    for file in ["in.csv", "in.index.csv", "dump/a.csv", "dump/a.csv.rejects.csv"] {
        workdir.write(file, ONE);
    }
    let (encoder, scheme) = (fixture("encoder/tiny"), fixture("market/scheme.toml"));
    let cases = [
        ("label in.csv -o in.csv".to_owned(), "in.csv"),
        ("label in.csv -o dump/../in.csv".to_owned(), "dump/../in.csv"),
        ("label dump -o dump/a.csv".to_owned(), "dump/a.csv"),
        ("label dump/*.csv -o dump/a.csv".to_owned(), "dump/a.csv"),
        ("label dump/a.csv.rejects.csv -o dump/a.csv".to_owned(), "dump/a.csv.rejects.csv"),
        ("segment in.csv dump -o in.csv".to_owned(), "in.csv"),
        (format!("embed in.csv --encoder {encoder} -o in.csv"), "in.csv"),
        (format!("embed in.index.csv --encoder {encoder} -o in.npy"), "in.index.csv"),
        (format!("convert in.csv --scheme {scheme} --to csv -o in.csv"), "in.csv"),
    ];
    for (arguments, file) in &cases {
        let said = format!("{file}: is one of the inputs and would be overwritten; name another file with --out");
        assert_eq!(run(&workdir, arguments).lacks(1, &[&said]), None);
    }
    assert_eq!(
        (workdir.names(), workdir.files("dump").len()),
        (["dump", "in.csv", "in.index.csv"].map(String::from).to_vec(), 2)
    );
    assert!(
        ["in.csv", "in.index.csv", "dump/a.csv", "dump/a.csv.rejects.csv"]
            .iter()
            .all(|file| workdir.read_text(file) == ONE)
    );
}

#[test]
fn a_dash_is_standard_output() {
    let workdir = workdir!();
    workdir.write("in.csv", WITH_REJECT);
    let told = run(&workdir, "segment in.csv").expect(3);
    let dashed = run(&workdir, "segment in.csv -o -").expect(3);
    assert_eq!(dashed.stdout, told.stdout);
    assert!(dashed.stderr.contains("in.csv: row 2: line 3: "), "{}", dashed.stderr);
    let refused = run(&workdir, "embed in.csv -o -");
    assert_eq!(refused.lacks(1, &["-: is not a file"]), None);
    assert_eq!(workdir.names(), ["in.csv"]);
}

/// Beside a device there is no place for a list of rejects.
#[test]
#[cfg(unix)]
fn rejects_are_named_on_standard_error_where_the_result_is_no_file() {
    let workdir = workdir!();
    workdir.write("in.csv", WITH_REJECT);
    std::os::unix::fs::symlink("/dev/null", workdir.path("null")).unwrap();
    let run = run(&workdir, "segment in.csv -o null");
    assert_eq!(run.lacks(3, &["in.csv: row 2: line 3: ", "1 row(s) could not be read\n"]), None);
    assert_eq!(workdir.names(), ["in.csv", "null"]);
}
