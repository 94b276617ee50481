//! Percentile bootstrap intervals, seeded.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// How an interval is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bootstrap {
    /// Number of resamples.
    pub resamples: usize,
    /// Share of the resamples inside the interval, 0.95 say.
    pub level: f64,
    /// The same seed gives the same interval.
    pub seed: u64,
}

impl Default for Bootstrap {
    fn default() -> Self {
        Self { resamples: 2_000, level: 0.95, seed: 0 }
    }
}

impl Bootstrap {
    /// The percentile interval (low, high) of `statistic` over resamples of `items` things, given as positions drawn with replacement.
    ///
    /// Resamples on which the statistic is undefined are left out; `None` when it was defined on fewer than half of them.
    /// Source: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.
    pub fn interval(self, items: usize, statistic: impl Fn(&[usize]) -> Option<f64>) -> Option<(f64, f64)> {
        self.percentile(self.draws(items).filter_map(|drawn| statistic(&drawn)).collect())
    }

    /// The resamples of `items` things: for each as many positions, drawn with replacement. Nothing has no resamples.
    pub fn draws(self, items: usize) -> impl Iterator<Item = Vec<usize>> {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        let resamples = if items == 0 { 0 } else { self.resamples };
        (0..resamples).map(move |_| (0..items).map(|_| random.random_range(0..items)).collect())
    }

    /// The percentile interval (low, high) of a statistic from its values on the resamples on which it is defined; `None` when these are fewer
    /// than half.
    #[must_use]
    pub fn percentile(self, mut values: Vec<f64>) -> Option<(f64, f64)> {
        values.sort_by(f64::total_cmp);
        let tail = (1.0 - self.level) / 2.0;
        (2 * values.len() > self.resamples).then(|| (quantile(&values, tail), quantile(&values, 1.0 - tail)))
    }

    /// The two-sided p-value of "the difference is 0" from a difference's values on the resamples; `None` under the same condition.
    ///
    /// Twice the smaller share of the resamples on one side of 0 (those at 0 on both), each share counted with one resample more so that it is
    /// never 0. Source: Davison and Hinkley, "Bootstrap Methods and their Application" (1997), section 5.2.
    #[must_use]
    pub fn p_value(self, differences: &[f64]) -> Option<f64> {
        let below = differences.iter().filter(|&&difference| difference <= 0.0).count();
        let above = differences.iter().filter(|&&difference| difference >= 0.0).count();
        let share = (1 + below.min(above)) as f64 / (1 + differences.len()) as f64;
        (2 * differences.len() > self.resamples).then(|| (2.0 * share).min(1.0))
    }
}

/// The quantile of sorted values by linear interpolation (numpy's default).
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the place lies between 0 and the number of values"
)]
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * (place - place.floor())
}

#[cfg(test)]
mod tests {
    use super::{Bootstrap, quantile};

    /// The mean's standard error is known, so the interval must be close to mean ± 1.96 standard errors.
    #[test]
    fn the_interval_of_a_mean_is_the_normal_one() {
        let data: Vec<f64> = (0..400).map(|at| f64::from(at % 20)).collect();
        let mean = |drawn: &[usize]| Some(drawn.iter().map(|&at| data[at]).sum::<f64>() / drawn.len() as f64);
        let found = Bootstrap::default().interval(data.len(), mean);
        let half = 1.96 * (399.0_f64 / 12.0 / 400.0).sqrt();
        assert!(
            found.is_some_and(|(low, high)| (low - (9.5 - half)).abs() < 0.05 && (high - (9.5 + half)).abs() < 0.05),
            "{found:?}"
        );
        assert_eq!(found, Bootstrap::default().interval(data.len(), mean), "the same seed gives the same interval");
    }

    #[test]
    fn nothing_has_no_interval() {
        assert_eq!(Bootstrap::default().interval(0, |_| Some(1.0)), None);
        assert_eq!(Bootstrap::default().interval(5, |_| None), None);
    }

    #[test]
    fn quantiles_interpolate() {
        assert!((quantile(&[1.0, 2.0, 3.0, 5.0], 0.9) - 4.4).abs() < 1e-12);
    }
}
