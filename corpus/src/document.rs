/// One comment or one report, as it was read: a row of a table, a line of JSON, or a whole text file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The value of the id column, or the file's name with the row's number.
    pub id: String,
    /// The text as read, decoded to Unicode and otherwise untouched; spans point into it.
    pub text: String,
    /// The values of the other columns, in the order of the corpus's columns; empty where the row's file lacks one.
    pub fields: Vec<String>,
}
