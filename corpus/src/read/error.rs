use std::fmt::Write as _;
use std::io;

use super::discover::types;
use super::source::SIZE_LIMIT;

/// Why reading could not begin or go on.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {fault}")]
pub struct ReadError {
    /// The file, folder or pattern as it was given, or `-` for standard input.
    pub path: String,
    /// What is wrong with it, and what to do.
    pub fault: Fault,
}

/// What is wrong with an input; the message says what was found, what was expected and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// No input was given at all.
    #[error("no input was given; name a file, a folder, or - for standard input")]
    NoInput,
    /// The path does not exist.
    #[error("no such file or folder; check the spelling and the folder you are in")]
    Missing,
    /// The operating system refused.
    #[error("cannot be read: {0}; check that the file is there and that you may read it")]
    Io(#[from] io::Error),
    /// The pattern is not a glob.
    #[error("is neither a file nor a valid pattern: {0}")]
    Pattern(#[from] glob::PatternError),
    /// The pattern matches no file.
    #[error("no file matches this pattern; hidden files are not matched unless the pattern says so")]
    NoMatch,
    /// The folder, or what the pattern matches, holds no file of a type that is read.
    #[error("holds no file that can be read; the types read are {}", types())]
    NothingReadable,
    /// Standard input was named twice.
    #[error("standard input was named more than once, but can be read only once; name it once")]
    StandardInputTwice,
    /// The file has no bytes.
    #[error("is empty (0 bytes); leave it out, or check how it was written")]
    Empty,
    /// The file is a PDF.
    #[error("is a PDF, which is not read; make text of it first: pdftotext FILE.pdf FILE.txt")]
    Pdf,
    /// The file is not text.
    #[error("is not text: {0}; the types read are {types}; save it as one of these", types = types())]
    NotText(String),
    /// The file is too large to be read whole.
    #[error("is larger than {} MiB, the most that is read as one piece; {remedy}", SIZE_LIMIT >> 20)]
    TooLarge {
        /// What to do.
        remedy: &'static str,
    },
    /// The table has no header, or one that cannot be read.
    #[error("the header cannot be read: {0}")]
    Header(String),
    /// The header, or the keys of a JSON file, are too many.
    #[error("has more than {limit} columns, the most that are read; leave out those that are not needed")]
    TooManyColumns {
        /// How many are read.
        limit: usize,
    },
    /// No column is known to hold text.
    #[error("cannot tell which column holds the text; name it with --text-column NAME; {}", listed(columns))]
    NoTextColumn {
        /// The columns found.
        columns: Vec<String>,
    },
    /// A column that was asked for is not there.
    #[error("has no column {wanted:?}, which {option} asks for; {}", listed(columns))]
    NoColumn {
        /// The option that names the column.
        option: &'static str,
        /// The name asked for.
        wanted: String,
        /// The columns found.
        columns: Vec<String>,
    },
    /// Nothing in a JSON file is an object.
    #[error("holds no JSON object; expected one object a line, or an array of objects{first}")]
    NoObjects {
        /// What is wrong with the first thing found, if anything was.
        first: String,
    },
}

impl Fault {
    /// The error that lays this fault at `path`'s door.
    pub(super) fn of(self, path: &str) -> ReadError {
        ReadError { path: path.to_owned(), fault: self }
    }
}

/// The columns' names, cut short where there are many or where the "names" are in truth a row of text.
fn listed(columns: &[String]) -> String {
    const NAMES: usize = 30;
    const LETTERS: usize = 40;
    let mut list = String::from("its columns are");
    for (index, name) in columns.iter().take(NAMES).enumerate() {
        let mut short: String = name.chars().take(LETTERS).collect();
        if short.len() < name.len() {
            short.push('…');
        }
        let _ = write!(list, "{} {short:?}", if index == 0 { "" } else { "," });
    }
    if columns.len() > NAMES {
        let _ = write!(list, " and {} more", columns.len() - NAMES);
    }
    list
}
