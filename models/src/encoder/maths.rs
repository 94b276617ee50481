//! Sums, the exponential and the error function in f32, written so that the compiler turns them into vector code.

/// How many partial results a reduction keeps: wide enough for any vector unit, and the same everywhere, so that the
/// order of the additions, and with it the result's bits, does not depend on the machine.
const LANES: usize = 16;

/// The sum of `term(x)` over a row.
#[inline]
pub(crate) fn sum_of(row: &[f32], term: impl Fn(f32) -> f32) -> f32 {
    fold(row, 0.0, |sum, x| sum + term(x), |a, b| a + b)
}

/// The largest value of a row, minus infinity for an empty one.
#[inline]
pub(crate) fn maximum(row: &[f32]) -> f32 {
    let larger = |a: f32, b: f32| if b > a { b } else { a };
    fold(row, f32::NEG_INFINITY, larger, larger)
}

#[inline]
fn fold(row: &[f32], start: f32, step: impl Fn(f32, f32) -> f32, join: impl Fn(f32, f32) -> f32) -> f32 {
    let (chunks, rest) = row.as_chunks::<LANES>();
    let mut lanes = [start; LANES];
    for chunk in chunks {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane = step(*lane, *x);
        }
    }
    for (lane, x) in lanes.iter_mut().zip(rest) {
        *lane = step(*lane, *x);
    }
    lanes.into_iter().fold(start, join)
}

/// e to the power x, for x clamped to -87 ..= 88, with a relative error under 2e-7.
///
/// Source: `expf` of S. L. Moshier's Cephes library: x = n ln 2 + r with |r| <= ln 2 / 2, a polynomial for the power of
/// r, and n put into the exponent bits.
#[inline]
pub(crate) fn exp(x: f32) -> f32 {
    // Adding 1.5 * 2^23 leaves no bits for a fraction, so this rounds, and n stands in the sum's lowest bits.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = x - n * 0.693_359_4 + n * 2.121_944_4e-4;
    let mut power = 1.987_569_2e-4;
    for coefficient in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        power = power * r + coefficient;
    }
    let two_to_n = f32::from_bits((shifted.to_bits() << 23).wrapping_add(1.0_f32.to_bits()));
    (power * r * r + r + 1.0) * two_to_n
}

/// The complementary error function 1 - erf(x) for x >= 0, with an absolute error under 6e-7.
///
/// Source: formula 7.1.26 in Abramowitz & Stegun, Handbook of Mathematical Functions (1964), after C. Hastings.
#[inline]
pub(crate) fn complementary_error(x: f32) -> f32 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let mut tail = 1.061_405_4;
    for coefficient in [-1.453_152, 1.421_413_7, -0.284_496_74, 0.254_829_6] {
        tail = tail * t + coefficient;
    }
    tail * t * exp(-x * x)
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sums of small whole numbers are exact")]
mod tests {
    use super::*;

    fn steps(from: f32, to: f32) -> impl Iterator<Item = f32> {
        (0_u16..=50_000).map(move |i| from + (to - from) * f32::from(i) / 50_000.0)
    }

    #[test]
    fn exp_is_close_over_its_range_and_clamped_outside() {
        let worst = steps(-87.0, 88.0).map(|x| {
            let exact = f64::from(x).exp();
            ((f64::from(exp(x)) - exact) / exact).abs()
        });
        assert!(worst.fold(0.0, f64::max) < 2e-7);
        assert!(exp(-1e30) < 2e-38 && exp(1e30).is_finite());
    }

    /// erf by its Taylor series, which alternates and loses few digits up to 3.
    fn error_function(x: f64) -> f64 {
        let terms = (0..100_i32).scan(x, |power, n| {
            let term = *power / f64::from(2 * n + 1);
            *power *= -x * x / f64::from(n + 1);
            Some(term)
        });
        terms.sum::<f64>() * std::f64::consts::FRAC_2_SQRT_PI
    }

    #[test]
    fn complementary_error_is_close() {
        let worst = steps(0.0, 3.0).map(|x| (f64::from(complementary_error(x)) - 1.0 + error_function(x.into())).abs());
        let worst = worst.fold(0.0, f64::max);
        assert!(worst < 6e-7, "{worst:e}");
        assert!(complementary_error(20.0).abs() < 1e-30);
    }

    #[test]
    fn reductions_take_in_every_element() {
        for length in [0_u8, 1, 15, 16, 17, 40] {
            let row: Vec<f32> = (1..=length).map(f32::from).collect();
            let expected: u32 = (1..=u32::from(length)).map(|i| 2 * i).sum();
            assert_eq!(sum_of(&row, |x| 2.0 * x), expected as f32, "{length} elements");
            let largest = if length == 0 { f32::NEG_INFINITY } else { length.into() };
            assert_eq!(maximum(&row), largest, "{length} elements");
        }
    }
}
