//! Standard streams, rejected rows, and what is left behind.

use std::io::{BufRead, BufReader, Read, Write};

use standpoint_tests::{Table, workdir};

const TWO: &str = "id,text\n1,It is work.\n2,Fine the buyer.\n";

#[test]
fn standard_input_gives_what_a_file_gives() {
    let workdir = workdir!();
    workdir.write("in.csv", TWO);
    let of_file = workdir.run(&["label", "in.csv"]).expect(0).stdout;
    assert_eq!(workdir.run_with(&["label", "-"], TWO.as_bytes()).expect(0).stdout, of_file);
    assert_eq!(workdir.run_with(&["label", "-", "-o", "out.csv"], TWO.as_bytes()).expect(0).stdout, b"");
    assert_eq!(workdir.read("out.csv"), of_file);
    let of_text = workdir.run_with(&["label", "-"], b"It is work.").expect(0).table();
    assert_eq!((of_text.column("document"), of_text.column("text")), (vec!["stdin"], vec!["It is work."]));
}

#[test]
fn a_table_on_standard_input_is_told_by_its_header_or_doubted() {
    struct Case {
        input: &'static str,
        documents: &'static [&'static str],
        doubted: bool,
    }
    let workdir = workdir!();
    let cases = [
        Case { input: "text\nIt is work.\nFine him, not her.\n", documents: &["stdin:1", "stdin:2"], doubted: false },
        Case { input: "My Text,Nr\nIt is work.,1\nFine him.,2\n", documents: &["stdin"], doubted: true },
        Case { input: "Dear Sir, dear Madam,\nIt is work.\n", documents: &["stdin"], doubted: false },
        Case { input: "Text\n\nIt is work.\n", documents: &["stdin"], doubted: false },
    ];
    for Case { input, documents, doubted } in cases {
        let run = workdir.run_with(&["segment", "-"], input.as_bytes()).expect(0);
        let mut found = run.table().column("document").into_iter().map(str::to_owned).collect::<Vec<_>>();
        found.dedup();
        assert_eq!(found, documents, "{input:?}");
        let said = "standpoint: -: is read as one document of plain text, and looks like a table; if it is one, name";
        assert_eq!(run.stderr.contains(said), doubted, "{input:?}: {}", run.stderr);
    }
}

#[test]
fn only_the_summary_goes_to_standard_error() {
    let workdir = workdir!();
    workdir.write("in.csv", TWO);
    let run = workdir.run(&["label", "in.csv"]).expect(0);
    assert_eq!(run.table().rows.len(), 2);
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert!(lines.len() == 2 && lines[0].starts_with("2 documents, 2 segments in "), "{lines:?}");
    assert!(lines[1].starts_with("stances: decriminalisation "), "{lines:?}");
    // Where standard error is no terminal there is no bar to redraw.
    assert!(!run.stderr.contains(['\r', '\u{1b}']), "{:?}", run.stderr);
    let quiet = workdir.run(&["label", "in.csv", "--quiet"]).expect(0);
    assert_eq!((quiet.stderr.as_str(), quiet.stdout), ("", run.stdout));
}

#[test]
fn texts_longer_than_the_encoder_sees_are_counted() {
    let workdir = workdir!();
    workdir.train_market("bundle");
    workdir.write("in.csv", format!("text\nRain.\n{}\n", "rain and ".repeat(30)));
    let run = workdir.run(&["label", "in.csv", "--bundle", "bundle"]).expect(0);
    assert_eq!(run.lacks(0, &["\n1 segment(s) were longer than the encoder sees; their ends did not count\n"]), None);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let workdir = workdir!();
    let many = (0..2_000).map(|at| format!("{at},Rain. {}\n", "x".repeat(200))).collect::<Vec<_>>().concat();
    workdir.write("in.csv", format!("id,text\n{many}"));
    workdir.train_market("bundle");
    let mut child = workdir.start(&["label", "in.csv", "--bundle", "bundle"]);
    let mut first = String::new();
    BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert!(first.starts_with("document,segment,"), "{first}");
    assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""));
}

#[test]
fn rows_that_cannot_be_read_are_listed_and_the_others_labelled() {
    let workdir = workdir!();
    workdir.write("in.csv", "id,text\n1,It is work.\n2\n3,  \n4,Fine the buyer.\n5,a,b\n");
    let run = workdir.run(&["label", "in.csv", "-o", "out.csv"]).expect(3);
    assert!(
        run.stderr.contains("3 row(s) could not be read; they are listed in out.csv.rejects.csv"),
        "{}",
        run.stderr
    );
    assert_eq!(Table::csv(&workdir.read("out.csv")).column("document"), ["1", "4"]);
    let rejects = Table::csv(&workdir.read("out.csv.rejects.csv"));
    assert_eq!(rejects.header, ["file", "row", "reason"]);
    assert_eq!((rejects.column("file"), rejects.column("row")), (vec!["in.csv"; 3], vec!["2", "3", "5"]));
    for (reason, part) in rejects.column("reason").iter().zip(["1 fields", "the text is empty", "3 fields"]) {
        assert!(reason.contains(part), "{reason}");
    }
    // Without a file the list goes to standard error, and the next sound run takes the old list away.
    let run = workdir.run(&["label", "in.csv"]).expect(3);
    assert!(run.stderr.contains("in.csv: row 3: line 4: the text is empty"), "{}", run.stderr);
    workdir.write("in.csv", TWO);
    let _ = workdir.run(&["label", "in.csv", "-o", "out.csv"]).expect(0);
    assert_eq!(workdir.names(), ["in.csv", "out.csv"]);
}

#[test]
fn a_failed_run_leaves_what_was_there() {
    let workdir = workdir!();
    workdir.write("in.csv", TWO);
    workdir.write("out.csv", "kept");
    workdir.write("out.csv.rejects.csv", "kept too");
    for arguments in [
        ["label", "missing.csv", "-o", "out.csv"].as_slice(),
        &["label", "in.csv", "--bundle", "nowhere", "-o", "out.csv"],
        &["label", "in.csv", "missing.csv", "-o", "out.csv"],
        &["label", "in.csv", "-o", "nowhere/out.csv"],
    ] {
        let run = workdir.run(arguments).expect(1);
        assert!(run.stdout.is_empty(), "{arguments:?}");
        assert_eq!(workdir.names(), ["in.csv", "out.csv", "out.csv.rejects.csv"], "{arguments:?}");
        assert_eq!(
            (workdir.read("out.csv").as_slice(), workdir.read("out.csv.rejects.csv").as_slice()),
            (b"kept".as_slice(), b"kept too".as_slice())
        );
    }
}

/// The program is stopped while it waits for more input, with most of what came written already.
#[test]
fn a_run_that_is_stopped_leaves_no_half_written_file() {
    let workdir = workdir!();
    workdir.train_market("bundle");
    workdir.write("out.csv", "kept");
    let rows = (0..8_000).map(|at| format!("{at},It is work. {}\n", "rain ".repeat(40))).collect::<Vec<_>>().concat();
    let mut child = workdir.start(&["label", "-", "--bundle", "bundle", "-o", "out.csv"]);
    child.stdin.as_mut().unwrap().write_all(format!("id,text\n{rows}").as_bytes()).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(workdir.read("out.csv"), b"kept");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error() {
    let workdir = workdir!();
    workdir.write("in.csv", TWO);
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = workdir.command(&["label", "in.csv"]).stdout(full).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && stderr.contains("No space left"), "{stderr}");
}

/// What is no file, such as a pipe or a device, is written to and not replaced; a link leads to what is replaced.
#[test]
#[cfg(target_os = "linux")]
fn a_pipe_or_a_link_stays_what_it_is() {
    use std::os::unix::fs::FileTypeExt;
    let workdir = workdir!();
    workdir.write("in.csv", TWO);
    workdir.write("file.csv", "old");
    std::os::unix::fs::symlink("file.csv", workdir.path("link.csv")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(workdir.path("pipe")).status().unwrap().success());
    // Open for writing too, so that neither this nor the program waits for the other.
    let mut pipe = std::fs::File::options().read(true).write(true).open(workdir.path("pipe")).unwrap();
    let expected = workdir.run(&["label", "in.csv"]).expect(0).stdout;
    let _ = workdir.run(&["label", "in.csv", "-o", "link.csv"]).expect(0);
    assert!(workdir.path("link.csv").is_symlink() && workdir.read("file.csv") == expected);
    let _ = workdir.run(&["label", "in.csv", "-o", "pipe"]).expect(0);
    assert!(workdir.path("pipe").metadata().unwrap().file_type().is_fifo());
    let mut found = vec![0; expected.len()];
    pipe.read_exact(&mut found).unwrap();
    assert_eq!(found, expected);
}
