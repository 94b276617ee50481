use std::io::Write;
use std::path::Path;

use anyhow::Result;

use crate::output::SeekableOutput;

/// Bytes before the numbers: the shape is known only at the end, so the header has a fixed length and is written twice.
const HEADER_BYTES: usize = 128;

/// Writes a matrix of 32-bit floats row by row to a `.npy` file (format 1.0, little-endian, C order).
///
/// Source: numpy.lib.format, "NPY format".
pub struct NpyWriter {
    output: SeekableOutput,
    columns: usize,
    rows: usize,
}

impl NpyWriter {
    /// Starts a file that is to appear at `place`, for rows of `columns` numbers.
    ///
    /// # Errors
    /// When the folder of `place` cannot be written.
    pub fn open(place: &Path, columns: usize) -> Result<Self> {
        let mut output = SeekableOutput::open(place)?;
        output.write_all(&[0; HEADER_BYTES])?;
        Ok(Self { output, columns, rows: 0 })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When the row cannot be written.
    pub fn row(&mut self, numbers: impl IntoIterator<Item = f32>) -> Result<()> {
        self.rows += 1;
        numbers.into_iter().try_for_each(|number| Ok(self.output.write_all(&number.to_le_bytes())?))
    }

    /// Completes the header and moves the file to its place.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn finish(self) -> Result<()> {
        let header = header(self.rows, self.columns);
        self.output.finish(&header)
    }
}

fn header(rows: usize, columns: usize) -> Vec<u8> {
    let shape = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
    let padded = format!("{shape:<width$}\n", width = HEADER_BYTES - 11);
    [b"\x93NUMPY\x01\x00\x76\x00".as_slice(), padded.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::{HEADER_BYTES, header};

    #[test]
    fn the_header_states_its_own_length() {
        for (rows, columns) in [(0, 384), (123_456_789_012, 1_024)] {
            let header = header(rows, columns);
            assert_eq!((header.len(), usize::from(header[8]) + 10), (HEADER_BYTES, HEADER_BYTES));
        }
    }
}
