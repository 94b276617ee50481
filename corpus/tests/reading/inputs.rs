//! Columns, folders, globs, standard input and progress.

use std::io::Cursor;

use standpoint_corpus::read::{Corpus, Fault, ReadSettings};

use crate::{folder, lines_of, settings};

#[test]
fn columns_that_are_asked_for_are_found_or_named() {
    let folder = folder(&[("a.csv", b"id,Opinion,text,key\n1,Yes,No,k\n")]);
    let asked = |text: Option<&str>, id: Option<&str>| {
        let settings = ReadSettings {
            text_column: text.map(str::to_owned),
            id_column: id.map(str::to_owned),
            ..settings(folder.path(), &["a.csv"])
        };
        Corpus::open(&settings)
            .map(|corpus| (corpus.columns.clone(), lines_of(corpus)))
            .map_err(|error| error.to_string())
    };
    let (columns, lines) = asked(Some(" opinion"), Some("key")).unwrap();
    assert_eq!((columns, lines), (vec!["id".to_owned(), "text".to_owned()], vec!["k|Yes|1|No".to_owned()]));
    let text = asked(Some("missing"), None).unwrap_err();
    assert!(
        text.contains("a.csv: has no column \"missing\", which --text-column asks for; its columns are \"id\""),
        "{text}"
    );
    assert!(asked(None, Some("missing")).unwrap_err().contains("--id-column"));
}

#[test]
fn columns_are_the_union_over_all_files_and_made_distinct() {
    let folder = folder(&[
        ("a.csv", b"text,x,x,,x_2\nYes,1,2,3,4\n"),
        ("b.jsonl", b"{\"y\":true,\"text\":\"No\",\"x\":\"5\"}\n"),
        ("c.txt", b"Whole."),
    ]);
    let corpus = Corpus::open(&settings(folder.path(), &["a.csv", "b.jsonl", "c.txt"])).unwrap();
    assert_eq!(corpus.columns, ["x", "x_2", "column_4", "x_2_2", "y"]);
    assert_eq!(lines_of(corpus), ["a.csv:1|Yes|1|2|3|4|", "b.jsonl:1|No|5||||true", "c.txt|Whole.|||||"]);
}

#[test]
fn folders_are_read_in_order_and_what_fails_in_them_is_rejected() {
    let folder = folder(&[
        ("in/b.txt", b"B"),
        ("in/a/z.csv", b"text\nZ\n"),
        ("in/a/.hidden.txt", b"H"),
        ("in/picture.png", b"\0"),
        ("in/c.txt", b""),
        ("in/d.csv", b"p,q\n1,2\n"),
        ("other/b.txt", b"other"),
        ("none/x.png", b"\0"),
        ("bad/x.txt", b""),
    ]);
    let read = |inputs: &[&str]| Corpus::open(&settings(folder.path(), inputs)).map(lines_of);
    let found = read(&["in"]).unwrap();
    assert_eq!(found[..2], ["a/z.csv:1|Z", "b.txt|B"]);
    assert!(found[2].starts_with("REJECT 0: is empty") && found[3].starts_with("REJECT 0: cannot tell"), "{found:?}");
    assert_eq!(found.len(), 4);

    assert_eq!(read(&["in/*.txt"]).unwrap()[0], "b.txt|B");
    assert_eq!(read(&["*/a"]).unwrap(), ["z.csv:1|Z"]);
    let both = read(&["in/b.txt", "other/b.txt"]).unwrap();
    assert!(both[0].ends_with("in/b.txt|B") && both[1].ends_with("other/b.txt|other"), "{both:?}");

    assert!(matches!(read(&["none"]).unwrap_err().fault, Fault::NothingReadable));
    assert!(matches!(read(&["bad"]).unwrap_err().fault, Fault::Empty));
    assert!(matches!(read(&["in/*.doc"]).unwrap_err().fault, Fault::NoMatch));
    assert!(matches!(read(&["in/***"]).unwrap_err().fault, Fault::Pattern(_)));
    assert!(matches!(read(&["gone.csv"]).unwrap_err().fault, Fault::Missing));
    assert!(matches!(read(&[]).unwrap_err().fault, Fault::NoInput));
    assert!(matches!(read(&["-", "-"]).unwrap_err().fault, Fault::StandardInputTwice));
}

#[test]
fn a_name_with_glob_characters_is_a_name_first() {
    let folder = folder(&[("a[1].txt", b"Yes"), ("a1.txt", b"No")]);
    let found = Corpus::open(&settings(folder.path(), &["a[1].txt"])).map(lines_of).unwrap();
    assert_eq!(found, ["a[1].txt|Yes"]);
}

#[test]
fn standard_input_is_told_by_its_content() {
    let mut failures = Vec::new();
    for (input, text_column, expected) in [
        ("{\"text\":\"a\"}\n", None, "stdin:1|a"),
        ("[{\"text\":\"a\"}]\n", None, "stdin:1|a"),
        ("id;comment\n1;a\n", None, "1|a"),
        ("p,q\n1,a\n", Some("q"), "stdin:1|a|1"),
        ("Dear all, this is text.\n", None, "stdin|Dear all, this is text.\n"),
        ("<!DOCTYPE html><p>a", None, "stdin|a"),
        ("", None, "OPEN -: is empty"),
        ("p,q\n", Some("r"), "OPEN -: has no column"),
    ] {
        let settings =
            ReadSettings { inputs: vec!["-".to_owned()], text_column: text_column.map(str::to_owned), id_column: None };
        let found = match Corpus::open_with(&settings, Box::new(Cursor::new(input))) {
            Ok(corpus) => lines_of(corpus),
            Err(error) => vec![format!("OPEN {error}")],
        };
        if found.len() != 1 || !found[0].starts_with(expected) {
            failures.push(format!("{input:?}: found {found:?}, expected {expected:?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn progress_ends_at_the_total() {
    let folder = folder(&[("a.csv", b"text\nYes\n"), ("b.jsonl", b"{\"text\":\"No\"}\n"), ("c.txt", b"Whole.")]);
    let mut corpus = Corpus::open(&settings(folder.path(), &["."])).unwrap();
    assert_eq!((corpus.bytes_read(), corpus.total_bytes()), (0, Some(9 + 14 + 6)));
    assert_eq!(corpus.by_ref().count(), 3);
    assert_eq!(corpus.bytes_read(), 29);
}

#[test]
fn a_corpus_can_be_read_on_another_thread() {
    let folder = folder(&[("a.txt", b"Yes")]);
    let corpus = Corpus::open(&settings(folder.path(), &["a.txt"])).unwrap();
    assert_eq!(std::thread::spawn(|| lines_of(corpus)).join().unwrap(), ["a.txt|Yes"]);
}
