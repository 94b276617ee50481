use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use ndarray::Array2;

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

/// Reads a file that [`NpyWriter`] wrote: `[rows, columns]`.
///
/// # Errors
/// When the file cannot be read, or is not of that form.
pub fn read_npy(place: &Path) -> Result<Array2<f32>> {
    let name = place.display();
    let bytes = std::fs::read(place).with_context(|| format!("{name}: cannot be read"))?;
    let (start, numbers) = bytes.split_at_checked(HEADER_BYTES).unwrap_or((&bytes, &[]));
    let shape = shape(start).filter(|&(rows, columns)| {
        start == header(rows, columns)
            && rows.checked_mul(columns).and_then(|count| count.checked_mul(4)) == Some(numbers.len())
    });
    let numbers = numbers.chunks_exact(4).map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
    let matrix = shape.and_then(|shape| Array2::from_shape_vec(shape, numbers.collect()).ok());
    matrix.with_context(|| format!("{name}: is not a matrix of 32-bit floats as this program writes it; remove it"))
}

/// Rows and columns as a header states them.
fn shape(header: &[u8]) -> Option<(usize, usize)> {
    let (_, shape) = std::str::from_utf8(header.get(10..)?).ok()?.split_once("'shape': (")?;
    let (rows, columns) = shape.split_once(')')?.0.split_once(", ")?;
    Some((rows.parse().ok()?, columns.parse().ok()?))
}

fn header(rows: usize, columns: usize) -> Vec<u8> {
    let shape = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
    let padded = format!("{shape:<width$}\n", width = HEADER_BYTES - 11);
    [b"\x93NUMPY\x01\x00\x76\x00".as_slice(), padded.as_bytes()].concat()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{HEADER_BYTES, NpyWriter, header, read_npy};

    #[test]
    fn what_was_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("matrix.npy");
        let mut writer = NpyWriter::open(&place, 2).unwrap();
        [[0.5, -1.0], [f32::MIN_POSITIVE, 3e9]].into_iter().try_for_each(|row| writer.row(row)).unwrap();
        writer.finish().unwrap();
        assert_eq!(read_npy(&place).unwrap(), ndarray::array![[0.5, -1.0], [f32::MIN_POSITIVE, 3e9]]);
        let bytes = std::fs::read(&place).unwrap();
        for damaged in [&bytes[..140], &bytes[..20], &[], &[bytes.as_slice(), &[0]].concat()] {
            std::fs::write(&place, damaged).unwrap();
            assert!(read_npy(&place).is_err(), "{} bytes", damaged.len());
        }
    }

    #[test]
    fn the_header_states_its_own_length() {
        for (rows, columns) in [(0, 384), (123_456_789_012, 1_024)] {
            let header = header(rows, columns);
            assert_eq!((header.len(), usize::from(header[8]) + 10), (HEADER_BYTES, HEADER_BYTES));
        }
    }
}
