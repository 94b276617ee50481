/// A matrix most of whose entries are zero, in compressed sparse rows (CSR): each row keeps its entries in the columns' order.
#[derive(Debug, Clone, PartialEq)]
pub struct SparseRows {
    /// Where each row begins among the entries, and where the last one ends.
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
    width: usize,
}

impl SparseRows {
    /// A matrix of `width` columns from the entries (column, value) of each row, in the columns' order.
    #[must_use]
    pub fn from_rows(width: usize, rows: Vec<Vec<(u32, f32)>>) -> Self {
        let mut matrix = Self { starts: vec![0], columns: Vec::new(), values: Vec::new(), width };
        for row in rows {
            matrix.push(row);
        }
        matrix
    }

    /// Rows without columns.
    #[must_use]
    pub fn empty(rows: usize) -> Self {
        Self::from_rows(0, vec![Vec::new(); rows])
    }

    fn push(&mut self, row: impl IntoIterator<Item = (u32, f32)>) {
        for (column, value) in row {
            self.columns.push(column);
            self.values.push(value);
        }
        self.starts.push(self.columns.len());
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of columns.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// The columns and the values of a row's entries.
    #[must_use]
    pub fn row(&self, row: usize) -> (&[u32], &[f32]) {
        let entries = self.starts[row]..self.starts[row + 1];
        (&self.columns[entries.clone()], &self.values[entries])
    }

    /// The entries (column, value) of a row.
    pub fn entries(&self, row: usize) -> impl Iterator<Item = (u32, f32)> {
        let (columns, values) = self.row(row);
        columns.iter().copied().zip(values.iter().copied())
    }

    /// The rows at these positions, in this order.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        let mut selected = Self { starts: vec![0], columns: Vec::new(), values: Vec::new(), width: self.width };
        for &row in rows {
            selected.push(self.entries(row));
        }
        selected
    }

    /// The columns that have an entry, ascending.
    #[must_use]
    pub fn occurring(&self) -> Vec<usize> {
        let mut occurs = vec![false; self.width];
        self.columns.iter().for_each(|&column| occurs[column as usize] = true);
        (0..self.width).filter(|&column| occurs[column]).collect()
    }

    /// The matrix of these columns alone, which are ascending and have all the entries.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "columns are numbered in u32")]
    pub fn narrowed(&self, to: &[usize]) -> Self {
        let mut renumbered = vec![0; self.width];
        to.iter().enumerate().for_each(|(to, &from)| renumbered[from] = to as u32);
        let columns = self.columns.iter().map(|&column| renumbered[column as usize]).collect();
        Self { starts: self.starts.clone(), columns, values: self.values.clone(), width: to.len() }
    }

    /// Every value times `factor`.
    #[must_use]
    pub fn scaled(mut self, factor: f32) -> Self {
        self.values.iter_mut().for_each(|value| *value *= factor);
        self
    }

    /// Rows become columns, by counting sort.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "rows are texts, of which there are fewer than 2^32")]
    pub fn transposed(&self) -> Self {
        let mut starts = vec![0; self.width + 1];
        for &column in &self.columns {
            starts[column as usize + 1] += 1;
        }
        for column in 0..self.width {
            starts[column + 1] += starts[column];
        }
        let mut next = starts.clone();
        let (mut columns, mut values) = (vec![0; self.columns.len()], vec![0.0; self.values.len()]);
        for row in 0..self.rows() {
            for (column, value) in self.entries(row) {
                let at = &mut next[column as usize];
                (columns[*at], values[*at]) = (row as u32, value);
                *at += 1;
            }
        }
        Self { starts, columns, values, width: self.rows() }
    }
}

#[cfg(test)]
mod tests {
    use super::SparseRows;

    fn matrix() -> SparseRows {
        SparseRows::from_rows(4, vec![vec![(1, 2.0), (3, 1.0)], vec![], vec![(0, 5.0), (1, 7.0)]])
    }

    #[test]
    fn rows_become_columns_and_back() {
        let columns = SparseRows::from_rows(3, vec![vec![(2, 5.0)], vec![(0, 2.0), (2, 7.0)], vec![], vec![(0, 1.0)]]);
        assert_eq!(matrix().transposed(), columns);
        assert_eq!(columns.transposed(), matrix());
    }

    #[test]
    fn columns_without_entries_are_left_out() {
        let rows = vec![vec![(1, 2.0), (2, 1.0)], vec![], vec![(0, 5.0), (1, 7.0)]];
        assert_eq!(matrix().occurring(), [0, 1, 3]);
        assert_eq!(matrix().narrowed(&[0, 1, 3]), SparseRows::from_rows(3, rows));
    }

    #[test]
    fn selected_rows_come_in_the_order_asked_for() {
        let expected = SparseRows::from_rows(4, vec![vec![(0, 5.0), (1, 7.0)], vec![(1, 2.0), (3, 1.0)]]);
        assert_eq!(matrix().select(&[2, 0]), expected);
    }
}
