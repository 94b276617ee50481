//! `standpoint label`.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

mod bad_input;
mod bundles;
mod context;
mod inputs;
mod streams;

use standpoint_corpus::Span;
use standpoint_tests::{Table, Workdir, without_white_space, workdir};

/// Two comments, one of them in two paragraphs; some columns have the names of the program's own.
const COMMENTS: &str = "\
id,author,stance,comment,start,input_stance
a1,\"Ng, Mia\",yes,\"Nobody is safer when selling sex is a crime.\n\nLet them work together, with a lock on the door.\",9:00,x
a2,,no,\"Punish the man who buys, never her.\",,\"two\nlines\"
";
const JUDGEMENT: [&str; 6] = ["stance", "confidence", "p_decriminalisation", "p_nordic_model", "p_undecided", "review"];
const OTHERS: [&str; 4] = ["author", "input_stance", "input_start", "input_input_stance"];

fn label_comments(arguments: &[&str]) -> (Workdir, Vec<u8>) {
    let workdir = workdir!();
    workdir.write("in.csv", COMMENTS);
    let stdout = workdir.run(&[&["label", "in.csv"], arguments].concat()).expect(0).stdout;
    (workdir, stdout)
}

/// Probabilities add up to one, the confidence is the largest of them, and the stance is whose it is.
fn check_judgements(table: &Table, stances: &[&str]) {
    let of_stance = |id: &&str| table.numbers::<f64>(&format!("p_{id}"));
    let probabilities: Vec<Vec<f64>> = stances.iter().map(of_stance).collect();
    let confidences = table.numbers::<f64>("confidence");
    for (row, stance) in table.column("stance").into_iter().enumerate() {
        let of_row: Vec<f64> = probabilities.iter().map(|column| column[row]).collect();
        let largest = of_row.iter().copied().fold(0.0, f64::max);
        let own = of_row[stances.iter().position(|id| *id == stance).unwrap()];
        assert!((of_row.iter().sum::<f64>() - 1.0).abs() < 1e-5, "row {row}: {of_row:?}");
        let near = |found: f64| (found - largest).abs() < 1e-9;
        assert!(near(own) && near(confidences[row]), "row {row}: {stance} {largest} {of_row:?}");
    }
    assert!(table.column("review").iter().all(|review| ["true", "false"].contains(review)));
}

#[test]
fn segments_have_the_columns_that_were_promised() {
    let (_, stdout) = label_comments(&[]);
    let table = Table::csv(&stdout);
    assert_eq!(table.header, [&["document", "segment", "start", "end", "text"][..], &JUDGEMENT, &OTHERS].concat());
    assert_eq!(table.column("document"), ["a1", "a1", "a2"]);
    assert_eq!(table.column("segment"), ["1", "2", "1"]);
    assert_eq!(table.column("start"), ["0", "46", "0"]);
    assert_eq!(table.column("end"), ["44", "94", "35"]);
    assert_eq!(table.column("text")[1], "Let them work together, with a lock on the door.");
    check_judgements(&table, &["decriminalisation", "nordic_model", "undecided"]);
    let others: Vec<&[String]> = table.rows.iter().map(|row| &row[11..]).collect();
    assert_eq!(
        others,
        [["Ng, Mia", "yes", "9:00", "x"], ["Ng, Mia", "yes", "9:00", "x"], ["", "no", "", "two\nlines"]]
    );
}

#[test]
fn documents_have_the_columns_that_were_promised() {
    let (_, stdout) = label_comments(&["--unit", "document"]);
    let table = Table::csv(&stdout);
    let others = ["author", "input_stance", "start", "input_input_stance"];
    assert_eq!(table.header, [&["document", "segments"][..], &JUDGEMENT, &others].concat());
    assert_eq!((table.column("document"), table.column("segments")), (vec!["a1", "a2"], vec!["2", "1"]));
    check_judgements(&table, &["decriminalisation", "nordic_model", "undecided"]);
    let others: Vec<&[String]> = table.rows.iter().map(|row| &row[8..]).collect();
    assert_eq!(others, [["Ng, Mia", "yes", "9:00", "x"], ["", "no", "", "two\nlines"]]);
}

#[test]
fn a_document_of_one_segment_is_judged_as_its_segment() {
    let (workdir, of_segments) = label_comments(&[]);
    let of_documents = workdir.run(&["label", "in.csv", "--unit", "document"]).expect(0).table();
    let of_segments = Table::csv(&of_segments);
    for column in JUDGEMENT {
        assert_eq!(of_documents.column(column)[1], of_segments.column(column)[2], "{column}");
    }
}

#[test]
fn the_name_of_the_output_chooses_its_format() {
    let workdir = workdir!();
    workdir.train_market("bundle");
    workdir.write("in.csv", COMMENTS);
    let label = ["label", "in.csv", "--bundle", "bundle"].as_slice();
    let expected = workdir.run(label).expect(0).table();
    for (out, format) in [("out.csv", None), ("out.tsv", None), ("out.jsonl", None), ("out.txt", Some("tsv"))] {
        let format = format.map_or(vec![], |format| vec!["--format", format]);
        let run = workdir.run(&[label, &["-o", out], format.as_slice()].concat()).expect(0);
        assert!(run.stdout.is_empty(), "{out}");
        let written = workdir.read(out);
        let found = match out {
            "out.csv" => Table::csv(&written),
            "out.jsonl" => from_json_lines(&workdir.read_text(out)),
            _ => Table::delimited(&written, b'\t'),
        };
        assert_eq!(found, expected, "{out}");
    }
}

/// JSON lines as a table, with every value written as the CSV writes it.
fn from_json_lines(text: &str) -> Table {
    let objects: Vec<serde_json::Map<String, serde_json::Value>> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let cell = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Number(number) if number.is_f64() => format!("{:.6}", number.as_f64().unwrap()),
        other => other.to_string(),
    };
    let header = objects[0].keys().cloned().collect();
    Table { header, rows: objects.iter().map(|object| object.values().map(cell).collect()).collect() }
}

#[test]
fn spans_cut_from_the_file_are_the_text() {
    let report = "THE LAW AND THE STREET\r\n\r\n  Caf\u{e9} talk \u{1f469}\u{200d}\u{1f467} is cheap.  Those who buy\r\n\
                  should answer for it; those who sell\r\nshould not.\r\n\r\n- one: no fines\r\n- two: no raids\r\n\r\n\
                  \u{201c}Nobody asked us,\u{201d} she says \u{2014} na\u{ef}ve or not.\r\n";
    let workdir = workdir!();
    workdir.write("report.txt", report);
    let table = workdir.run(&["label", "report.txt", "--raw-cells"]).expect(0).table();
    let (starts, ends) = (table.numbers("start"), table.numbers("end"));
    let mut covered = String::new();
    for (row, text) in table.column("text").into_iter().enumerate() {
        let cut = Span { start: starts[row], end: ends[row] }.of(report).unwrap();
        assert_eq!(without_white_space(cut), without_white_space(text), "row {row}");
        assert_eq!(cut, cut.trim(), "row {row}");
        covered += cut;
    }
    assert!(table.rows.len() > 1, "{table:?}");
    assert_eq!(without_white_space(&covered), without_white_space(report));
}

#[test]
fn formulas_are_guarded_unless_cells_are_to_be_raw() {
    let workdir = workdir!();
    workdir.write("in.csv", "id,text,note\n=1,+1 to that,@all\n");
    let cells = |arguments: &[&str]| {
        let table = workdir.run(&[&["label", "in.csv"], arguments].concat()).expect(0).table();
        ["document", "text", "note"].map(|column| table.column(column)[0].to_owned())
    };
    assert_eq!(cells(&[]), ["'=1", "'+1 to that", "'@all"]);
    assert_eq!(cells(&["--raw-cells"]), ["=1", "+1 to that", "@all"]);
}

/// Enough documents for several batches of the engine, of many lengths.
#[test]
fn the_output_is_the_same_on_any_number_of_threads() {
    let workdir = workdir!();
    workdir.train_market("bundle");
    let sentences = ["The market is open. ", "Nobody can sleep, so close it. ", "It was raining on Monday at ten. "];
    let rows = |from: usize| {
        let document = |at: usize| format!("c{at},\"{}\"\n", sentences[at % 3].repeat(1 + at * 7 % 20));
        (from..from + 700).map(document).collect::<Vec<_>>().concat()
    };
    workdir.write("first.csv", format!("id,text\n{}", rows(0)));
    workdir.write("second.csv", format!("id,text\n{}", rows(700)));
    let label = |inputs: [&str; 2], threads: &str| {
        let arguments = ["label", inputs[0], inputs[1], "--bundle", "bundle", "--threads", threads];
        workdir.run(&arguments).expect(0).stdout
    };
    let one = label(["first.csv", "second.csv"], "1");
    for threads in ["2", "5"] {
        assert!(label(["first.csv", "second.csv"], threads) == one, "{threads} threads");
    }
    // Neighbours do not change what is said of a document.
    let (mut expected, mut swapped) = (Table::csv(&one), Table::csv(&label(["second.csv", "first.csv"], "2")));
    assert_eq!(swapped.column("document")[0], "c700");
    expected.rows.sort();
    swapped.rows.sort();
    assert!(swapped == expected);
}

#[test]
fn the_built_in_bundle_says_the_same_on_any_number_of_threads() {
    let workdir = workdir!();
    let texts = ["Fine the buyer, not her.", "It is work like other work.", "The hearing is on Monday at ten, room 4."];
    workdir.write("in.csv", format!("text\n\"{}\"\n", texts.repeat(4).join("\"\n\"")));
    workdir.write("back.csv", format!("text\n\"{}\"\n\"{}\"\n", texts[2], texts[0]));
    let label = |file: &str, threads: &str| workdir.run(&["label", file, "--threads", threads]).expect(0).stdout;
    let one = label("in.csv", "1");
    assert_eq!(label("in.csv", "5"), one);
    let (forth, back) = (Table::csv(&one), Table::csv(&label("back.csv", "2")));
    for column in JUDGEMENT {
        assert_eq!(
            [back.column(column)[0], back.column(column)[1]],
            [forth.column(column)[2], forth.column(column)[0]]
        );
    }
}
