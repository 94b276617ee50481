//! Tells which column of a file holds the text, which the id, and where the others go.

use std::collections::{HashMap, HashSet};

use super::ReadSettings;
use super::error::Fault;

/// Names of text columns; where a file has several of them, the first in this list is the one.
const TEXT_NAMES: [&str; 25] = [
    "text",
    "full_text",
    "comment_text",
    "comment_body",
    "comment",
    "comments",
    "body",
    "selftext",
    "content",
    "message",
    "post",
    "post_text",
    "tweet",
    "tweet_text",
    "review",
    "review_text",
    "response",
    "answer",
    "passage",
    "paragraph",
    "sentence",
    "sentences",
    "segment_text",
    "description",
    "segment",
];

/// Names of id columns, likewise.
const ID_NAMES: [&str; 14] = [
    "id",
    "document",
    "document_id",
    "doc_id",
    "docid",
    "comment_id",
    "commentid",
    "post_id",
    "tweet_id",
    "message_id",
    "response_id",
    "review_id",
    "row_id",
    "uuid",
];

/// The most columns that are read; JSON that uses keys as values would otherwise need a column for each.
pub(super) const COLUMN_LIMIT: usize = 10_000;

/// The columns of one file.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) names: Vec<String>,
    text: usize,
    id: Option<usize>,
}

impl Columns {
    /// Finds the text and id columns among `names`, all of them different.
    pub(super) fn find(names: Vec<String>, settings: &ReadSettings) -> Result<Self, Fault> {
        if names.len() > COLUMN_LIMIT {
            return Err(Fault::TooManyColumns { limit: COLUMN_LIMIT });
        }
        let text = match asked(&names, "--text-column", settings.text_column.as_deref())? {
            Some(text) => text,
            None if names.len() == 1 => 0,
            None => recognised(&names, &TEXT_NAMES).ok_or_else(|| Fault::NoTextColumn { columns: names.clone() })?,
        };
        let id = match asked(&names, "--id-column", settings.id_column.as_deref())? {
            Some(id) => Some(id),
            None => recognised(&names, &ID_NAMES).filter(|id| *id != text),
        };
        Ok(Self { names, text, id })
    }

    /// The names of the columns other than text and id.
    fn others(&self) -> impl Iterator<Item = (usize, &String)> {
        self.names.iter().enumerate().filter(|(index, _)| *index != self.text && Some(*index) != self.id)
    }

    /// Where the values of a document come from, for a corpus with the columns `union`.
    pub(super) fn layout(&self, union: &[String]) -> Layout {
        let places: HashMap<&String, usize> = self.others().map(|(index, name)| (name, index)).collect();
        let fields = union.iter().map(|name| places.get(name).copied()).collect();
        Layout { text: self.text, id: self.id, fields }
    }
}

/// The columns that a document's values come from, as indices into its file's columns.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) text: usize,
    pub(super) id: Option<usize>,
    /// One for each column of the corpus; none where this file lacks it.
    pub(super) fields: Vec<Option<usize>>,
}

/// Whether one of the names is that of a text column, or the one that was asked for.
pub(super) fn has_text_column(names: &[String], settings: &ReadSettings) -> bool {
    match &settings.text_column {
        Some(wanted) => position(names, wanted).is_some(),
        None => recognised(names, &TEXT_NAMES).is_some(),
    }
}

/// Whether a name is to the letter one that only a text column has.
pub(super) fn is_text_column(name: &str) -> bool {
    TEXT_NAMES.contains(&name)
}

fn asked(names: &[String], option: &'static str, wanted: Option<&str>) -> Result<Option<usize>, Fault> {
    let Some(wanted) = wanted else { return Ok(None) };
    let found = position(names, wanted);
    let missing = || Fault::NoColumn { option, wanted: wanted.to_owned(), columns: names.to_vec() };
    found.map(Some).ok_or_else(missing)
}

/// The column of this name to the letter, or else the first that differs in case or in blanks around it.
fn position(names: &[String], wanted: &str) -> Option<usize> {
    let exact = names.iter().position(|name| name == wanted);
    exact.or_else(|| names.iter().position(|name| plain(name) == plain(wanted)))
}

fn recognised(names: &[String], known: &[&str]) -> Option<usize> {
    let plain: Vec<String> = names.iter().map(|name| plain(name)).collect();
    known.iter().find_map(|known| plain.iter().position(|name| name == known))
}

/// `" Comment Text"` and `"comment-text"` are both `comment_text`.
fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

/// Gives each nameless column a name, and each name that was given before a number.
pub(super) fn distinct(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut union = Union::default();
    let mut uses: HashMap<String, usize> = HashMap::new();
    for (index, name) in names.enumerate() {
        let name = if name.trim().is_empty() { format!("column_{}", index + 1) } else { name };
        if union.insert(&name) {
            continue;
        }
        let count = uses.entry(name.clone()).or_insert(1);
        loop {
            *count += 1;
            if union.insert(&format!("{name}_{count}")) {
                break;
            }
        }
    }
    union.names
}

/// Names in the order in which they first appeared.
#[derive(Debug, Default)]
pub(super) struct Union {
    pub(super) names: Vec<String>,
    seen: HashSet<String>,
}

impl Union {
    /// Adds a name; false when it is there already.
    pub(super) fn insert(&mut self, name: &str) -> bool {
        if self.seen.contains(name) {
            return false;
        }
        self.seen.insert(name.to_owned());
        self.names.push(name.to_owned());
        true
    }

    /// Adds the columns of a file, without its text and id.
    pub(super) fn extend(&mut self, columns: &Columns) {
        for (_, name) in columns.others() {
            self.insert(name);
        }
    }
}
