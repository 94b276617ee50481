//! What can be read: several inputs, folders, globs, every encoding.

use standpoint_tests::{Workdir, workdir};

fn documents(workdir: &Workdir, inputs: &[&str]) -> Vec<String> {
    let table = workdir.run(&[&["label", "--unit", "document"], inputs].concat()).expect(0).table();
    table.column("document").into_iter().map(str::to_owned).collect()
}

#[test]
fn several_inputs_a_folder_and_a_glob_are_read_in_order() {
    let workdir = workdir!();
    workdir.write("dump/b.csv", "comment\nFine the buyer.\nIt is work.\n");
    workdir.write("dump/a.txt", "It is work like any other.");
    workdir.write("dump/sub/c.jsonl", "{\"id\": \"j\", \"text\": \"The hearing is on Monday.\"}\n");
    workdir.write("dump/picture.png", b"\x89PNG");
    workdir.write("d.htm", "<html><body><p>Punish who buys.</p></body></html>");
    let in_folder = ["a.txt", "b.csv:1", "b.csv:2", "j"];
    assert_eq!(documents(&workdir, &["dump"]), in_folder);
    assert_eq!(documents(&workdir, &["d.htm", "dump"]), [&["d.htm"], in_folder.as_slice()].concat());
    assert_eq!(documents(&workdir, &["dump/*.*v"]), ["b.csv:1", "b.csv:2"]);
}

#[test]
fn columns_of_several_files_stand_side_by_side() {
    let workdir = workdir!();
    workdir.write("a.csv", "id,text,author\n1,Fine the buyer.,Ann\n");
    workdir.write("b.tsv", "id\ttext\tsite\n2\tIt is work.\tforum\n");
    let table = workdir.run(&["label", "a.csv", "b.tsv"]).expect(0).table();
    assert_eq!((table.column("author"), table.column("site")), (vec!["Ann", ""], vec!["", "forum"]));
}

#[test]
fn values_of_json_keep_their_types() {
    let workdir = workdir!();
    workdir.train_market("bundle");
    let values = r#""n":1,"x":-0.5,"sure":true,"none":null,"tags":["a",{"b":2}],"said":"-3""#;
    workdir.write("in.jsonl", format!("{{\"text\":\"Keep it open.\",{values}}}\n{{\"text\":\"Close it.\"}}\n"));
    let label = |format: &str| workdir.run(&["label", "in.jsonl", "--bundle", "bundle", "--format", format]).expect(0);
    let lines = label("jsonl");
    let lines: Vec<&str> = lines.text().lines().collect();
    assert!(lines[0].ends_with(&format!(",{values}}}")), "{}", lines[0]);
    let missing = r#""n":null,"x":null,"sure":null,"none":null,"tags":null,"said":null}"#;
    assert!(lines[1].ends_with(missing), "{}", lines[1]);
    let table = label("csv").table();
    let cells = ["n", "x", "sure", "none", "tags", "said"].map(|name| table.column(name)[0].to_owned());
    assert_eq!(cells, ["1", "-0.5", "true", "", r#"["a",{"b":2}]"#, "-3"]);
}

#[test]
fn the_columns_can_be_named() {
    let workdir = workdir!();
    workdir.write("in.csv", "nr,said,text\nx7,It is work.,not this\n");
    let table = workdir.run(&["label", "in.csv", "--text-column", "said", "--id-column", "nr"]).expect(0).table();
    let cells = ["document", "text", "input_text"].map(|column| table.column(column)[0].to_owned());
    assert_eq!(cells, ["x7", "It is work.", "not this"]);
}

#[test]
fn every_encoding_gives_the_same_text() {
    let table = "id;text\r\n1;Na\u{ef}ve? The caf\u{e9} on Stra\u{df}e 5 is no brothel.\r\n";
    let units = |order: fn(u16) -> [u8; 2]| table.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let cases = [
        ("UTF-8", table.as_bytes().to_vec()),
        ("UTF-8 with a byte order mark", [b"\xEF\xBB\xBF", table.as_bytes()].concat()),
        ("UTF-16 little-endian", [b"\xFF\xFE".as_slice(), &units(u16::to_le_bytes)].concat()),
        ("UTF-16 big-endian", [b"\xFE\xFF".as_slice(), &units(u16::to_be_bytes)].concat()),
        ("Windows-1252", table.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect()),
    ];
    let workdir = workdir!();
    workdir.train_market("bundle");
    for (name, bytes) in cases {
        workdir.write("in.csv", bytes);
        let found = workdir.run(&["label", "in.csv", "--bundle", "bundle"]).expect(0).table();
        assert_eq!(found.column("text"), ["Na\u{ef}ve? The caf\u{e9} on Stra\u{df}e 5 is no brothel."], "{name}");
    }
}

/// Hand labels could not tell two documents of one id apart; where a row has its own target, the id may come again.
#[test]
fn an_id_that_comes_twice_is_said() {
    let workdir = workdir!();
    workdir.write("a.csv", "id,text\n1,Fine the buyer.\n2,It is work.\n");
    workdir.write("b.csv", "id,text\n3,It is work.\n2,Fine the buyer.\n3,It is not.\n");
    let run = workdir.run(&["label", "a.csv", "b.csv"]);
    assert_eq!(
        run.lacks(0, &["b.csv: row 2: an earlier document is called `2` too; in all 2 row(s) repeat an id"]),
        None
    );
    assert_eq!(run.table().column("document"), ["1", "2", "3", "2", "3"]);
    assert!(!workdir.run(&["label", "a.csv"]).expect(0).stderr.contains("earlier document"));
}
