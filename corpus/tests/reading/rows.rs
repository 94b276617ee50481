//! Tables and JSON: what becomes a document, and what a reject.

use standpoint_corpus::Document;
use standpoint_corpus::read::Corpus;

use crate::{case, check, folder, lines_of, settings, utf16};

#[test]
fn tables_are_read_whatever_their_delimiter_and_header() {
    check(vec![
        case("comma", "a.csv", "id,text,year\n7,Let them work.,2020\n", &["7|Let them work.|2020"]),
        case("semicolon", "a.csv", "id;text\n7;Yes, no\n", &["7|Yes, no"]),
        case("tab", "a.tsv", "id\ttext\n7\tYes; no\n", &["7|Yes; no"]),
        case("pipe", "a.csv", "id|text\n7|Yes\n", &["7|Yes"]),
        case("commas in a name", "a.csv", "what (a, b, c);comment\nx;Yes\n", &["a.csv:1|Yes|x"]),
        case("delimiter inside quotes", "a.csv", "\"text; more; most\",text\nx,Yes\n", &["a.csv:1|Yes|x"]),
        case("Excel's separator line", "a.csv", "sep=;\r\ntext;n\r\nYes;1\r\n", &["a.csv:1|Yes|1"]),
        case("CR LF and blank lines", "a.csv", "\r\nid,text\r\n\r\n7,Yes\r\n\r\n", &["7|Yes"]),
        case("CR alone", "a.csv", "id,text\r7,Yes\r8,No", &["7|Yes", "8|No"]),
        case("no line end at the end", "a.csv", "id,text\n7,Yes", &["7|Yes"]),
        case("line ends in a field", "a.csv", "id,text\n7,\"a\r\nb\n\nc\"\n8,d\n", &["7|a\r\nb\n\nc", "8|d"]),
        case("doubled quotes", "a.csv", "id,text\n7,\"say \"\"no\"\"\"\n", &["7|say \"no\""]),
        case("plain quotes", "a.csv", "id,text\n7,a \"so called\" choice\n", &["7|a \"so called\" choice"]),
        case("text after a quote on one line", "a.csv", "id,text\n7,\"a\" b\n8,c\n", &["7|a b", "8|c"]),
        case(
            "one column",
            "a.csv",
            "opinion\nYes, of course\n\"No, \"\"never\"\"\"\n",
            &["a.csv:1|Yes, of course", "a.csv:2|No, \"never\""],
        ),
        case("case and blanks in names", "a.csv", " ID , Comment Text \n7,Yes\n", &["7|Yes"]),
        case("the likelier of two text columns", "a.csv", "description,comment\nx,Yes\n", &["a.csv:1|Yes|x"]),
        case("blank ids", "a.csv", "id,text\n,Yes\n  ,No\n", &["a.csv:1|Yes", "a.csv:2|No"]),
        case("only a header", "a.csv", "id,text\n", &[]),
    ]);
}

#[test]
fn rows_that_cannot_be_read_are_rejected_and_the_others_go_on() {
    let open = "REJECT 1: line 2: the quote opened on line 2 is not closed…close it";
    check(vec![
        case(
            "too few fields",
            "a.csv",
            "id,text\n7\n8,Yes\n",
            &["REJECT 1: line 2: the row has 1 fields where the header has 2; add…", "8|Yes"],
        ),
        case(
            "too many fields",
            "a.csv",
            "id,text\n7,a,b\n8,Yes\n",
            &["REJECT 1: line 2: the row has 3 fields where the header has 2; put double quotes…", "8|Yes"],
        ),
        case(
            "empty text",
            "a.csv",
            "id,text\n7,\n8, \t \n",
            &["REJECT 1: line 2: the text is empty…", "REJECT 2: line 3: the text is empty…"],
        ),
        case("NUL", "a.csv", "id,text\n7,a\0b\n8,Yes\n", &["REJECT 1: line 2: the byte at offset 11 is NUL…", "8|Yes"]),
        case(
            "an invalid byte",
            "a.csv",
            b"id,text\n7,caf\xE9\n8,\xC3\xA9t\xC3\xA9\n",
            &["REJECT 1: line 2: the byte at offset 13 (0xE9) is not valid UTF-8; save…", "8|été"],
        ),
        case("a quote open to the end", "a.csv", "id,text\n1,\"a\n2,b\n3,c\n", &[open, "2|b", "3|c"]),
        case("with CR LF", "a.csv", "id,text\r\n1,\"a\r\n2,b\r\n", &[open, "2|b"]),
        case("a quote open on the last line", "a.csv", "id,text\n1,\"a", &[open]),
        case("a quote open up to the next", "a.csv", "id,text\n1,\"a\n2,\"b, c\"\n3,d\n", &[open, "2|b, c", "3|d"]),
        case(
            "where all is quoted",
            "a.csv",
            "id,text\n\"1\",\"a\n\"2\",\"b\"\n\"3\",\"c\nd\"\n",
            &[open, "2|b", "3|c\nd"],
        ),
        case(
            "two open quotes",
            "a.csv",
            "id,text\n1,\"a\n2,\"b\n3,c\n",
            &[open, "REJECT 2: line 3: the quote opened on line 3…", "3|c"],
        ),
        case(
            "lines are counted inside quotes",
            "a.csv",
            "id,text\n1,\"a\r\nb\rc\"\n2\n",
            &["1|a\r\nb\rc", "REJECT 2: line 5: the row…"],
        ),
    ]);
}

#[test]
fn encodings_are_told_apart() {
    let table = "id,text\n1,Würde für alle – jetzt\n";
    let same = &["1|Würde für alle – jetzt"];
    let legacy = b"id,text\n1,W\xFCrde f\xFCr alle \x96 jetzt\n";
    check(vec![
        case("UTF-8", "a.csv", table, same),
        case("UTF-8 with a mark", "a.csv", format!("\u{FEFF}{table}"), same),
        case("UTF-16 LE with a mark", "a.csv", utf16(table, false, true), same),
        case("UTF-16 BE with a mark", "a.csv", utf16(table, true, true), same),
        case("UTF-16 LE without", "a.csv", utf16(table, false, false), same),
        case("UTF-16 BE without", "a.csv", utf16(table, true, false), same),
        case("windows-1252", "a.csv", legacy, same),
        case("an accent at the very end", "a.txt", b"Je veux du caf\xE9", &["a.txt|Je veux du café"]),
        case("JSON in UTF-16", "a.jsonl", utf16("{\"text\":\"Grüße\"}\r\n", false, true), &["a.jsonl:1|Grüße"]),
        case(
            "declared by a page",
            "a.html",
            b"<meta charset=\"iso-8859-5\"><p>\xBF\xE0\xD0\xD2\xDE</p>",
            &["a.html|Право"],
        ),
        case(
            "a lone surrogate",
            "a.csv",
            [utf16("text\nab", false, true), vec![0, 0xD8], utf16("\nc", false, false)].concat(),
            &["REJECT 1: line 2: a character is not valid UTF-16LE…", "a.csv:2|c"],
        ),
    ]);
}

#[test]
fn json_is_read_by_line_and_by_array() {
    check(vec![
        case(
            "lines",
            "a.jsonl",
            "{\"id\":3,\"text\":\"Yes\",\"n\":1.5}\n\n{\"text\":\"No\",\"m\":{\"a\":[1, 2]},\"n\":null}\n",
            &["3|Yes|1.5|", "a.jsonl:2|No||{\"a\":[1,2]}"],
        ),
        case("text in parts", "a.ndjson", "{\"body\":[\"Yes.\",\"No.\"],\"x\":1}\n", &["a.ndjson:1|Yes. No.|1"]),
        case("NUL in a string", "a.jsonl", "{\"text\":\"a\\u0000b\"}\n", &["a.jsonl:1|a\0b"]),
        case("only one key", "a.jsonl", "{\"opinion\":\"Yes\"}\n", &["a.jsonl:1|Yes"]),
        case(
            "a malformed line",
            "a.jsonl",
            "{\"text\":\"a\"}\n{\"text\" \"b\"}\n{\"text\":\"c\"}\n",
            &[
                "a.jsonl:1|a",
                "REJECT 2: line 2: column 9: expected `:`; expected one whole JSON object a line",
                "a.jsonl:3|c",
            ],
        ),
        case(
            "not an object",
            "a.jsonl",
            "[1]\n{\"text\":\"c\"}\n",
            &["REJECT 1: line 1: found \"[1]\"; expected one whole JSON object a line", "a.jsonl:2|c"],
        ),
        case(
            "no text",
            "a.jsonl",
            "{\"text\":\"a\",\"n\":1}\n{\"n\":1}\n{\"text\":4}\n{\"text\":\" \"}\n{\"text\":[1]}\n",
            &[
                "a.jsonl:1|a|1",
                "REJECT 2: line 2: the object has no key \"text\"…",
                "REJECT 3: line 3: found a number under…",
                "REJECT 4: line 4: the text is empty…",
                "REJECT 5: line 5: found an array with…",
            ],
        ),
        case(
            "nested too deep",
            "a.jsonl",
            format!("{{\"text\":\"a\"}}\n{{\"text\":{}\n", "[".repeat(5000)),
            &["a.jsonl:1|a", "REJECT 2: line 2: column…recursion limit…"],
        ),
        case(
            "an array",
            "a.json",
            "[\n {\"text\":\"a\"},\n {\"text\":\"b\",\n \"n\":2}\n]\n",
            &["a.json:1|a|", "a.json:2|b|2"],
        ),
        case(
            "an array with a stranger",
            "a.json",
            "[{\"text\":\"a\"}, 5,\n{\"text\":\"b\"}]",
            &["a.json:1|a", "REJECT 2: line 1: found a number; expected…", "a.json:3|b"],
        ),
        case(
            "a malformed array",
            "a.json",
            "[{\"text\":\"a\"},\n{\"text\" 1}, {\"text\":\"b\"}]",
            &["a.json:1|a", "REJECT 2: line 2: on line 2 expected `:`; mend it: the rest…"],
        ),
        case(
            "an array cut short",
            "a.json",
            "[{\"text\":\"a\"},\n",
            &["a.json:1|a", "REJECT 2: line 2: the array is not closed…"],
        ),
        case(
            "two arrays",
            "a.json",
            "[{\"text\":\"a\"}]\n[{\"text\":\"b\"}]",
            &["a.json:1|a", "REJECT 2: line 1: 14 bytes follow…"],
        ),
        case("lines in .json", "a.json", "{\"text\":\"a\"}\n{\"text\":\"b\"}\n", &["a.json:1|a", "a.json:2|b"]),
    ]);
}

#[test]
fn documents_that_the_caller_refuses_are_rejects() {
    let folder = folder(&[
        ("a.csv", b"id,text,year\n7,Yes,2020\n,,\n8,\"No\n, no\",\n"),
        ("b.jsonl", b"{\"text\":\"Yes\"}\n\n{\"text\":\"No\",\"year\":1}"),
        ("c.txt", b"Perhaps"),
    ]);
    let corpus = Corpus::open(&settings(folder.path(), &["a.csv", "b.jsonl", "c.txt"])).unwrap();
    let dated =
        |document: &Document| if document.fields[0].text().is_empty() { Err("no year".to_owned()) } else { Ok(()) };
    let expected = [
        "7|Yes|2020",
        "REJECT 2: line 3: the text is empty; fill it in or leave the row out",
        "REJECT 3: no year",
        "REJECT 1: no year",
        "b.jsonl:2|No|1",
        "REJECT 0: no year",
    ];
    assert_eq!(lines_of(corpus.checked(dated)), expected);
}
