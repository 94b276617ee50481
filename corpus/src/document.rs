use std::borrow::Cow;

use serde_json::Value;

/// One comment or one report, as it was read: a row of a table, a line of JSON, or a whole text file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The value of the id column, or the file's name with the row's number.
    pub id: String,
    /// The text as read, decoded to Unicode and otherwise untouched; spans point into it.
    pub text: String,
    /// The values of the other columns, in the order of the corpus's columns.
    pub fields: Vec<Field>,
}

/// A value of a column other than text and id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// A cell of a table, or a string of JSON.
    Text(String),
    /// A value of JSON that is no string.
    Json(Value),
    /// The document's file, or its object of JSON, lacks the column.
    Missing,
}

impl Field {
    /// The value as a cell of a table: numbers, lists and objects as compact JSON, null and what is missing as nothing.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => text.into(),
            Self::Json(Value::Null) | Self::Missing => "".into(),
            Self::Json(value) => value.to_string().into(),
        }
    }
}
