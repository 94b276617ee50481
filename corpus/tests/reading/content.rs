//! Files that are one document, and files that are none.

use crate::{case, check, read_file, utf16};

#[test]
fn whole_files_are_one_document() {
    let page = "<html><head><title>T</title><style>p{}</style><script>var x = '<p>no</p>';</script></head><body>\
        <h1>Rights</h1><p>Let  us <a href='http://example.org'>work</a> &amp; <b>live</b>.<ul><li>one<li>two</ul>\
        <table><tr><td>left<td>right</table><hr><del>old</del></body>";
    let prose = "a.html|Rights\n\nLet us work & live.\n\none\ntwo\n\nleft\nright\n\nold";
    check(vec![
        case("text with CR LF", "a.txt", "One.\r\nTwo.\r\n", &["a.txt|One.\r\nTwo.\r\n"]),
        case("Markdown", "a.MD", "# One\n", &["a.MD|# One\n"]),
        case("blank text", "a.txt", " \n", &["REJECT 0: the text is empty…"]),
        case("NUL in text", "a.txt", "abc\0", &["REJECT 0: is not text: the byte at offset 3 is NUL…"]),
        case("HTML", "a.html", page, &[prose]),
        case("malformed HTML", "a.htm", "<p><<b>Yes</p></i><table><td>no", &["a.htm|<Yes\n\nno"]),
        case(
            "HTML with what every page of its site has",
            "a.html",
            "<nav><a href='/'>Home</a></nav><h1>Rights</h1><p>Let us work.<footer>All rights reserved</footer><p>Now.",
            &["a.html|Rights\n\nLet us work.\n\nNow."],
        ),
        case("preformatted HTML", "a.html", "a<pre>b  c\n d</pre><p>e", &["a.html|a\n\nb  c\n d\n\ne"]),
        case(
            "escapes in HTML",
            "a.html",
            "<!DOCTYPE html><?x y?><!--c-->a&nbsp;&amp;lt; &lt;b&gt; &eacute;Â<br>©",
            &["a.html|a\u{A0}&lt; <b> éÂ\n©"],
        ),
        case("HTML without text", "a.html", "<p><br></p>", &["REJECT 0: the text is empty…"]),
        case("HTML nested too deep", "a.html", "<div>".repeat(100_000), &["REJECT 0: 100000 elements are left open…"]),
        case("unclosed paragraphs are no depth", "a.html", "<p>Yes".repeat(3000), &["a.html|Yes…"]),
        case(
            "no extension, text",
            "notes",
            "Just text, and a post about it.\n",
            &["notes|Just text, and a post about it.\n"],
        ),
        case("unknown extension, table", "dump.dat", "id\ttext\n1\tYes\n", &["1|Yes"]),
    ]);
}

#[test]
fn a_long_line_of_html_is_not_broken() {
    let found = read_file("a.html", format!("<p>{}<hr>{}", "word ".repeat(20_000), "long".repeat(20_000)).as_bytes());
    assert_eq!(found[0].lines().filter(|line| !line.is_empty()).count(), 2);
}

#[test]
fn numbers_that_overflow_in_html_do_no_harm() {
    let page = b"<ol start=9223372036854775807><li>a</ol><table><th colspan=0>b<td colspan=1000 rowspan=3>c";
    assert_eq!(read_file("a.html", page), ["a.html|a\n\nb\nc"]);
}

#[test]
fn what_cannot_be_opened_is_an_error_that_names_the_remedy() {
    check(vec![
        case("empty", "a.csv", "", &["OPEN is empty (0 bytes)…"]),
        case("blank", "a.csv", "\n\n", &["OPEN the header cannot be read: the file holds nothing but blank lines…"]),
        case(
            "no text column",
            "a.csv",
            "a,b\n1,2\n",
            &[
                "OPEN cannot tell which column holds the text; name it with --text-column NAME; its columns are \"a\", \"b\"",
            ],
        ),
        case(
            "open quote in the header",
            "a.csv",
            "id,\"text\n1,Yes\n",
            &["OPEN the header cannot be read: line 1: the quote opened on line 1…"],
        ),
        case(
            "a header without end",
            "a.csv",
            "x".repeat(2 << 20),
            &["OPEN the header cannot be read: line 1: the row has more than…"],
        ),
        case("too many columns", "a.csv", "text,".repeat(10_001), &["OPEN has more than 10000 columns…"]),
        case("PDF", "a.pdf", "%PDF-1.7", &["OPEN is a PDF…pdftotext…"]),
        case("PDF without extension", "a", "%PDF-1.7", &["OPEN is a PDF…"]),
        case("binary", "a.xlsx", b"PK\x03\x04\0\0\0", &["OPEN is not text…csv, tsv…"]),
        case("no objects", "a.jsonl", "nothing\n", &["OPEN holds no JSON object…; line 1: found \"nothing\"…"]),
        case("no keys known", "a.jsonl", "{\"a\":1,\"b\":2}\n", &["OPEN cannot tell which column…\"a\", \"b\""]),
        case(
            "broken UTF-16 array",
            "a.json",
            [utf16("[", false, true), vec![0, 0xD8]].concat(),
            &["OPEN is not text: a character is not valid UTF-16LE…"],
        ),
    ]);
}
