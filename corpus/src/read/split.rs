//! Splits a table's bytes into rows, each held to be sound or faulty before it is taken apart.
//!
//! The states are those of the `csv` crate, which takes the rows apart; what it does not tell is that a quote was left
//! open. Such a quote swallows rows up to the next quote, or up to the end of the file. Here it costs the row it stands
//! in: splitting goes on at the line after the one on which the quote was opened.
//!
//! Every byte is looked at no more than a few times: between a quote that was left open and the place where that shows
//! there are only doubled quotes, and lines with none but these do not open another quote.

use std::io::{self, Read};
use std::ops::Range;

/// How much is read at a time, in bytes.
const CHUNK: usize = 1 << 16;

/// A row as it stands in the file.
pub(super) struct RawRow<'a> {
    /// The line on which the row begins, counted from 1.
    pub(super) line: u64,
    /// The row's place in the stream, in bytes.
    pub(super) offset: u64,
    /// The row without its line end, or what is wrong with it and what to do.
    pub(super) bytes: Result<&'a [u8], String>,
}

/// A stream of rows.
pub(super) struct Splitter<R> {
    source: R,
    delimiter: u8,
    /// The most bytes in a row.
    limit: usize,
    window: Vec<u8>,
    /// Where in the window the next row begins.
    start: usize,
    /// The line of that place, counted from 1.
    line: u64,
    /// The window's place in the stream, in bytes.
    offset: u64,
    /// Whether the source has no more bytes.
    ended: bool,
}

impl<R: Read> Splitter<R> {
    pub(super) fn new(source: R, delimiter: u8, limit: usize) -> Self {
        Self { source, delimiter, limit, window: Vec::new(), start: 0, line: 1, offset: 0, ended: false }
    }

    /// The next row that is not blank.
    pub(super) fn next_row(&mut self) -> io::Result<Option<RawRow<'_>>> {
        if !self.skip_blank_lines()? {
            return Ok(None);
        }
        let (line, offset) = (self.line, self.offset + self.start as u64);
        let bytes = self.split_row()?.map(|range| &self.window[range]);
        Ok(Some(RawRow { line, offset, bytes }))
    }

    /// Moves past line ends, the one of the last row among them; false at the end of the file.
    fn skip_blank_lines(&mut self) -> io::Result<bool> {
        let mut last = b'\n';
        loop {
            match self.window.get(self.start) {
                Some(b'\n') if last == b'\r' => {}
                Some(b'\n' | b'\r') => self.line += 1,
                Some(_) => return Ok(true),
                None if self.ended => return Ok(false),
                None => {
                    self.fill()?;
                    continue;
                }
            }
            last = self.window[self.start];
            self.start += 1;
        }
    }

    /// Finds the row's end, or what is wrong with the row, and moves past it.
    fn split_row(&mut self) -> io::Result<Result<Range<usize>, String>> {
        let mut scan = Scan::new(self.line);
        loop {
            match scan.advance(&self.window[self.start..], self.delimiter) {
                Stop::RowEnd => return Ok(Ok(self.accept(&scan))),
                Stop::TextAfterQuote => return Ok(Err(self.give_up_open_quote(&scan))),
                Stop::Exhausted if self.ended && scan.state == State::Quoted => {
                    return Ok(Err(self.give_up_open_quote(&scan)));
                }
                Stop::Exhausted if self.ended => return Ok(Ok(self.accept(&scan))),
                Stop::Exhausted if scan.at > self.limit => return self.give_up_long_row(&scan).map(Err),
                Stop::Exhausted => self.fill()?,
            }
        }
    }

    /// Moves past the row that the scan went over.
    fn accept(&mut self, scan: &Scan) -> Range<usize> {
        let from = self.start;
        self.start += scan.at;
        self.line = scan.line;
        from..self.start
    }

    /// Moves to the line after the one on which the last quote was opened.
    fn give_up_open_quote(&mut self, scan: &Scan) -> String {
        match scan.quote.next_line {
            Some(next_line) => {
                self.start += next_line;
                self.line = scan.quote.line + 1;
            }
            None => {
                self.accept(scan);
            }
        }
        format!(
            "the quote opened on line {} is not closed as it should be, by a quote followed by a delimiter or a line end; \
             close it, and write each quote inside a quoted field twice; the lines after it were read as rows of their own",
            scan.quote.line
        )
    }

    /// Moves past a row above the limit: to the line after the quote that made it long, or to the next line.
    fn give_up_long_row(&mut self, scan: &Scan) -> io::Result<String> {
        let limit = self.limit;
        if scan.state == State::Quoted && scan.quote.next_line.is_some() {
            let reason = self.give_up_open_quote(scan);
            return Ok(format!("the row has more than {limit} bytes, the most that is read: {reason}"));
        }
        self.accept(scan);
        self.skip_line()?;
        Ok(format!("the row has more than {limit} bytes, the most that is read; split its text over several rows"))
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let rest = &self.window[self.start..];
            let end = rest.iter().position(|byte| is_line_end(*byte));
            self.start += end.unwrap_or(rest.len());
            if end.is_some() || self.ended {
                return Ok(());
            }
            self.fill()?;
        }
    }

    /// Reads on; what was moved past is dropped once it is half of the window, so that each byte is moved once at most.
    fn fill(&mut self) -> io::Result<()> {
        if self.start * 2 >= self.window.len() {
            self.window.drain(..self.start);
            self.offset += self.start as u64;
            self.start = 0;
        }
        let read = (&mut self.source).take(CHUNK as u64).read_to_end(&mut self.window)?;
        self.ended = read == 0;
        Ok(())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the first byte of a field.
    FieldStart,
    /// In a field, outside quotes, where a quote is a character like any other.
    Plain,
    /// Inside quotes.
    Quoted,
    /// After a quote inside quotes: the field's end, or the first half of a doubled quote.
    Closed,
}

enum Stop {
    /// At a line end outside quotes.
    RowEnd,
    /// At text that follows the closing quote of a field of several lines. On one line such text is a slip that costs
    /// nothing (`"so "called" choice"`); over several the "closing" quote is in truth the opening one of a later row.
    TextAfterQuote,
    /// At the end of the bytes.
    Exhausted,
}

/// The quote that was opened last.
#[derive(Default)]
struct OpenQuote {
    line: u64,
    /// Where the next line begins, once that was reached inside the quotes.
    next_line: Option<usize>,
}

/// One pass over a row.
struct Scan {
    /// The next byte to look at, counted from the row's first.
    at: usize,
    state: State,
    line: u64,
    quote: OpenQuote,
}

impl Scan {
    fn new(line: u64) -> Self {
        Self { at: 0, state: State::FieldStart, line, quote: OpenQuote::default() }
    }

    fn advance(&mut self, bytes: &[u8], delimiter: u8) -> Stop {
        while let Some(&byte) = bytes.get(self.at) {
            self.state = match (self.state, byte) {
                (State::Quoted, b'"') => State::Closed,
                (State::Quoted, _) => {
                    if is_line_end(byte) {
                        self.pass_line_end(bytes);
                    }
                    State::Quoted
                }
                (_, b'\n' | b'\r') => return Stop::RowEnd,
                (_, byte) if byte == delimiter => State::FieldStart,
                (State::FieldStart, b'"') => {
                    self.quote = OpenQuote { line: self.line, next_line: None };
                    State::Quoted
                }
                (State::Closed, b'"') => State::Quoted,
                (State::Closed, _) if self.quote.next_line.is_some() => return Stop::TextAfterQuote,
                _ => State::Plain,
            };
            self.at += 1;
        }
        Stop::Exhausted
    }

    /// Counts a line end inside quotes; CR LF is one.
    fn pass_line_end(&mut self, bytes: &[u8]) {
        let next = self.at + 1;
        if bytes[self.at] == b'\n' && bytes[self.at - 1] == b'\r' {
            if self.quote.next_line == Some(self.at) {
                self.quote.next_line = Some(next);
            }
            return;
        }
        self.line += 1;
        self.quote.next_line.get_or_insert(next);
    }
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Hands out one byte at a time, so that every row is cut at every place.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = buffer.len().min(1);
            self.0.read(&mut buffer[..count])
        }
    }

    fn rows(bytes: &[u8], limit: usize) -> Vec<(u64, u64, Result<String, String>)> {
        let mut splitter = Splitter::new(Drip(bytes), b',', limit);
        let mut rows = Vec::new();
        while let Some(row) = splitter.next_row().unwrap() {
            let text = row.bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            rows.push((row.line, row.offset, text));
        }
        rows
    }

    /// The fields as the `csv` crate reads them, from the whole or from each row.
    fn fields(bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        reader.byte_records().map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect()).collect()
    }

    #[test]
    fn rows_know_their_lines_and_places() {
        let rows = rows(b"\r\na,b\r\n\"c\r\nd\",e\rf\n", 100);
        let found: Vec<_> =
            rows.iter().map(|(line, offset, text)| (*line, *offset, text.as_deref().unwrap())).collect();
        assert_eq!(found, [(2, 2, "a,b"), (3, 7, "\"c\r\nd\",e"), (5, 16, "f")]);
    }

    #[test]
    fn a_row_above_the_limit_costs_only_itself() {
        let long = "x".repeat(3 * CHUNK);
        let table = format!("a\n{long}\nb\n\"{long}\nc\n{long}");
        let found = rows(table.as_bytes(), CHUNK);
        let texts: Vec<&str> = found.iter().map(|(_, _, text)| text.as_deref().unwrap_or("-")).collect();
        assert_eq!(texts, ["a", "-", "b", "-", "c", "-"]);
        assert_eq!(found.iter().map(|(line, _, _)| *line).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn an_open_quote_in_a_long_field_costs_its_line() {
        let table = format!("\"a\n{}", "b\n".repeat(CHUNK));
        let found = rows(table.as_bytes(), CHUNK);
        assert!(found[0].2.as_ref().unwrap_err().contains("the quote opened on line 1"));
        assert!(found[1..].iter().all(|(_, _, text)| text.as_deref() == Ok("b")));
        assert_eq!(found.len(), 1 + CHUNK);
    }

    /// Were each open quote to cost a scan to the end of the file, this would take hours.
    #[test]
    fn open_quotes_on_every_line_cost_linear_time() {
        for line in ["x,\"a\n", "\"\n", "a\",x,\"b\n", "\"\"\",\"\"\n"] {
            let table = line.repeat(1_000_000);
            let mut splitter = Splitter::new(table.as_bytes(), b',', usize::MAX);
            let start = std::time::Instant::now();
            while splitter.next_row().unwrap().is_some() {}
            assert!(start.elapsed().as_secs() < 20, "{line:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn sound_tables_are_split_as_the_csv_crate_splits_them(text in "[a,\"\r\n]{0,40}") {
            let found = rows(text.as_bytes(), 100);
            if let Ok(sound) = found.iter().map(|(_, _, text)| text.clone()).collect::<Result<Vec<_>, _>>() {
                let apart: Vec<_> = sound.iter().flat_map(|row| fields(row.as_bytes())).collect();
                prop_assert_eq!(apart, fields(text.as_bytes()));
            }
        }

        #[test]
        fn no_line_without_quotes_is_lost_unless_it_lies_inside_quotes(text in "([a,]{1,4}\n|\"a[a,]{0,3}\n){0,12}") {
            let found = rows(text.as_bytes(), 100);
            prop_assert_eq!(found.iter().filter(|(_, _, row)| row.is_ok()).count(), text.lines().filter(|line| !line.contains('"')).count());
        }
    }
}
