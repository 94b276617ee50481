/// A table that the program wrote, read by the `csv` crate on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The names of the columns.
    pub header: Vec<String>,
    /// The cells, row by row.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads CSV with a header.
    #[must_use]
    pub fn csv(bytes: &[u8]) -> Self {
        Self::delimited(bytes, b',')
    }

    /// Reads a table with a header and this delimiter.
    #[must_use]
    pub fn delimited(bytes: &[u8], delimiter: u8) -> Self {
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(bytes);
        let strings = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
        let header = strings(reader.headers().unwrap());
        let rows = reader.records().map(|record| strings(&record.unwrap())).collect();
        Self { header, rows }
    }

    /// The cells of the column `name`, row by row.
    #[must_use]
    pub fn column(&self, name: &str) -> Vec<&str> {
        let at = self.header.iter().position(|found| found == name);
        let at = at.unwrap_or_else(|| panic!("no column {name} in {:?}", self.header));
        self.rows.iter().map(|row| row[at].as_str()).collect()
    }

    /// The numbers of the column `name`, row by row.
    #[must_use]
    pub fn numbers<T: std::str::FromStr<Err: std::fmt::Debug>>(&self, name: &str) -> Vec<T> {
        self.column(name).into_iter().map(|cell| cell.parse().unwrap()).collect()
    }
}
