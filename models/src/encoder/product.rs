//! Matrix products whose rows do not depend on each other.
//!
//! A product is computed in tiles of [`ROWS`] rows and two vectors of columns. Each element of the result is one chain of
//! fused multiply-adds over the inner dimension, first to last, whatever the number of rows and wherever in a tile it
//! lies; so a row of the result has the same bits alone, among others, and on every machine that has fused multiply-adds.
//! Libraries for matrix products choose another order of additions for other numbers of rows, which is why this one is
//! written out. One side is packed once for many products, which also makes it faster than them (Goto & van de Geijn,
//! Anatomy of High-Performance Matrix Multiplication, 2008, describe the packing).
#![expect(clippy::inline_always, reason = "vector code is fast only where it is inlined into the dispatched function")]

use pulp::{Arch, Simd, WithSimd};

/// Rows of a tile: 6 rows of 2 vectors take 12 of the 16 vector registers of AVX2.
const ROWS: usize = 6;
/// Rows packed at once, so that with up to 2,048 inner elements they fit a second-level cache of 512 KB.
const BLOCK: usize = 8 * ROWS;
/// The floats of a cache line.
const LINE: usize = 16;
/// The floats of the largest vectors there are.
const MOST_LANES: usize = 16;

/// A matrix [outputs, inputs] laid out for products with rows of `inputs` elements.
#[derive(Debug)]
pub(crate) struct Packed {
    /// From `start`, panels of `width` outputs each; a panel holds the outputs' elements side by side, input by input.
    values: Vec<f32>,
    start: usize,
    width: usize,
    outputs: usize,
    inputs: usize,
}

impl Packed {
    /// Packs the matrix whose element at [output, input] is `element(output, input)`.
    pub(crate) fn new(outputs: usize, inputs: usize, element: impl Fn(usize, usize) -> f32) -> Self {
        Self::filled(outputs, inputs, |first, panel, width| {
            for output in first..outputs.min(first + width) {
                for (input, slots) in panel.chunks_exact_mut(width).enumerate() {
                    slots[output - first] = element(output, input);
                }
            }
        })
    }

    /// Packs a matrix given by its rows.
    pub(crate) fn of_rows(rows: &[&[f32]]) -> Self {
        Self::new(rows.len(), rows.first().map_or(0, |row| row.len()), |output, input| rows[output][input])
    }

    /// Packs the transpose of a matrix given by its rows: its columns are the outputs.
    pub(crate) fn of_columns(rows: &[&[f32]]) -> Self {
        let outputs = rows.first().map_or(0, |row| row.len());
        Self::filled(outputs, rows.len(), |first, panel, width| {
            let columns = first..outputs.min(first + width);
            for (slots, row) in panel.chunks_exact_mut(width).zip(rows) {
                slots[..columns.len()].copy_from_slice(&row[columns.clone()]);
            }
        })
    }

    /// Lays out the panels; `fill(first, panel, width)` writes the one that begins at the output `first`.
    fn filled(outputs: usize, inputs: usize, fill: impl Fn(usize, &mut [f32], usize)) -> Self {
        let width = Arch::new().dispatch(TileWidth);
        let mut values = vec![0.0; outputs.div_ceil(width) * width * inputs + LINE];
        // A vector that straddles two cache lines takes twice as long to load.
        let start = values.as_ptr().align_offset(LINE * size_of::<f32>()).min(LINE);
        for (panel, first) in (0..outputs).step_by(width).enumerate() {
            fill(first, &mut values[start + panel * width * inputs..][..width * inputs], width);
        }
        Self { values, start, width, outputs, inputs }
    }

    pub(crate) fn outputs(&self) -> usize {
        self.outputs
    }

    /// The product of each row, of `inputs` elements, with the packed matrix transposed. The result is handed over in
    /// pieces: `write(row, column, values)` gets some neighbouring elements of one row from `column` on.
    pub(crate) fn multiply(&self, rows: &[&[f32]], write: impl FnMut(usize, usize, &[f32])) {
        Arch::new().dispatch(Product { packed: self, rows, write });
    }

    /// The panels beside the column each begins at.
    fn panels(&self) -> impl Iterator<Item = (usize, &[f32])> {
        let size = (self.width * self.inputs).max(1);
        (0..self.outputs).step_by(self.width).zip(self.values[self.start..].chunks_exact(size))
    }
}

struct TileWidth;

impl WithSimd for TileWidth {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> usize {
        2 * S::F32_LANES
    }
}

struct Product<'a, W> {
    packed: &'a Packed,
    rows: &'a [&'a [f32]],
    write: W,
}

impl<W: FnMut(usize, usize, &[f32])> WithSimd for Product<'_, W> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let inputs = self.packed.inputs;
        let mut strips = vec![[0.0; ROWS]; BLOCK / ROWS * inputs];
        let mut tile = Tile([0.0; ROWS * 2 * MOST_LANES]);
        for (block, rows) in self.rows.chunks(BLOCK).enumerate() {
            for (strip, rows) in rows.chunks(ROWS).enumerate() {
                pack_strip(rows, &mut strips[strip * inputs..][..inputs]);
            }
            for (column, panel) in self.packed.panels() {
                let columns = self.packed.width.min(self.packed.outputs - column);
                for (strip, rows) in rows.chunks(ROWS).enumerate() {
                    multiply_tile(simd, &strips[strip * inputs..][..inputs], panel, &mut tile);
                    let filled = tile.0.chunks_exact(self.packed.width).zip(0..rows.len());
                    for (values, row) in filled {
                        (self.write)(block * BLOCK + strip * ROWS + row, column, &values[..columns]);
                    }
                }
            }
        }
    }
}

/// Lays up to `ROWS` rows side by side, input by input. Rows that are not there keep what was in the strip: their part
/// of the tile is never looked at.
#[inline(always)]
fn pack_strip(rows: &[&[f32]], strip: &mut [[f32; ROWS]]) {
    for (at, row) in rows.iter().enumerate() {
        for (slots, value) in strip.iter_mut().zip(*row) {
            slots[at] = *value;
        }
    }
}

/// The elements of a tile, row after row, each row as long as the panel is wide.
#[repr(align(64))]
struct Tile([f32; ROWS * 2 * MOST_LANES]);

#[inline(always)]
#[expect(clippy::manual_memcpy, reason = "a copy of the whole array would keep the sums in memory, at half the speed")]
fn multiply_tile<S: Simd>(simd: S, strip: &[[f32; ROWS]], panel: &[f32], tile: &mut Tile) {
    let (panel, _) = S::as_simd_f32s(panel).0.as_chunks::<2>();
    let mut sums = [[simd.splat_f32s(0.0); 2]; ROWS];
    for (values, [left, right]) in strip.iter().zip(panel) {
        for row in 0..ROWS {
            let value = simd.splat_f32s(values[row]);
            sums[row][0] = multiply_add(simd, value, *left, sums[row][0]);
            sums[row][1] = multiply_add(simd, value, *right, sums[row][1]);
        }
    }
    let (rows, _) = S::as_mut_simd_f32s(&mut tile.0).0.as_chunks_mut::<2>();
    for row in 0..ROWS {
        rows[row] = sums[row];
    }
}

/// Processors too old for fused multiply-adds would imitate them at a hundredth of the speed; there alone the product is
/// rounded by itself.
#[inline(always)]
fn multiply_add<S: Simd>(simd: S, a: S::f32s, b: S::f32s, c: S::f32s) -> S::f32s {
    if S::IS_SCALAR { simd.add_f32s(simd.mul_f32s(a, b), c) } else { simd.mul_add_f32s(a, b, c) }
}

#[cfg(test)]
mod tests {
    use super::super::matrix::Matrix;
    use super::*;

    /// Values between -1 and 1 without a pattern that a fault could hide in.
    fn matrix(rows: usize, columns: usize, seed: u32) -> Matrix {
        let next = |state: &mut u32, _| {
            *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Some((*state >> 8) as f32 / 8_388_608.0 - 1.0)
        };
        Matrix::new((0..rows * columns).scan(seed, next).collect(), columns)
    }

    fn product(left: &[&[f32]], packed: &Packed) -> Matrix {
        let mut result = Matrix::zeros(left.len(), packed.outputs());
        packed.multiply(left, |row, column, values| {
            result.row_mut(row)[column..][..values.len()].copy_from_slice(values);
        });
        result
    }

    fn packed(right: &Matrix) -> Packed {
        Packed::new(right.rows().len(), right.columns(), |output, input| right.row(output)[input])
    }

    #[test]
    fn products_agree_with_the_definition_at_every_edge() {
        for rows in [0, 1, 5, 6, 7, 47, 48, 49, 100] {
            for outputs in [1, 2, 15, 16, 17, 33] {
                for inputs in [1, 3, 64] {
                    let (left, right) = (matrix(rows, inputs, 1), matrix(outputs, inputs, 2));
                    let found = product(&left.rows().collect::<Vec<_>>(), &packed(&right));
                    for (l, row) in left.rows().zip(found.rows()) {
                        for (r, value) in right.rows().zip(row) {
                            let exact: f64 = l.iter().zip(r).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
                            let error = (f64::from(*value) - exact).abs();
                            assert!(error < 1e-5, "{rows} x {inputs} x {outputs}: {value} for {exact}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn rows_and_columns_pack_alike() {
        let (left, right) = (matrix(7, 5, 5), matrix(19, 5, 6));
        let transposed = Matrix::new((0..5).flat_map(|at| right.rows().map(move |row| row[at])).collect(), 19);
        let rows: Vec<&[f32]> = left.rows().collect();
        let expected = product(&rows, &packed(&right));
        let by_rows = product(&rows, &Packed::of_rows(&right.rows().collect::<Vec<_>>()));
        let by_columns = product(&rows, &Packed::of_columns(&transposed.rows().collect::<Vec<_>>()));
        assert_eq!(by_rows.values(), expected.values());
        assert_eq!(by_columns.values(), expected.values());
    }

    #[test]
    fn a_row_has_the_same_bits_alone_and_anywhere_among_others() {
        let (left, packed) = (matrix(101, 96, 3), packed(&matrix(40, 96, 4)));
        let rows: Vec<&[f32]> = left.rows().collect();
        let together = product(&rows, &packed);
        for (at, row) in rows.iter().enumerate() {
            let alone = product(&[row], &packed);
            let shifted = product(&rows[at..], &packed);
            let bits = |row: &[f32]| row.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(together.row(at)), bits(alone.row(0)), "row {at} alone");
            assert_eq!(bits(together.row(at)), bits(shifted.row(0)), "row {at} first");
        }
    }
}
