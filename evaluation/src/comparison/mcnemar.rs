use serde::Serialize;

/// `McNemar`'s exact test of whether two sets of predictions are right equally often. It takes labels for independent of each other, which those of
/// one document need not be: the grouped bootstrap does not.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct McNemar {
    /// Labels that only the first set has right.
    pub first_only: usize,
    /// Labels that only the second set has right.
    pub second_only: usize,
    /// Two-sided p-value; 1 when no label tells the sets apart.
    pub p: f64,
    /// The p-value after Holm's correction over all pairs of sets.
    pub p_holm: f64,
}

/// The two-sided exact p-value: the binomial probability of a split at least as uneven, were both equally likely.
///
/// Source: `McNemar`, "Note on the sampling error of the difference between correlated proportions" (1947), in its exact form.
#[must_use]
pub fn exact_p(first_only: usize, second_only: usize) -> f64 {
    let total = first_only + second_only;
    let mut log_term = -(total as f64) * std::f64::consts::LN_2;
    let mut tail = 0.0;
    for successes in 0..=first_only.min(second_only) {
        tail += log_term.exp();
        log_term += ((total - successes) as f64 / (successes + 1) as f64).ln();
    }
    (2.0 * tail).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::exact_p;

    /// Expected: `scipy.stats.binomtest(first, first + second, 0.5).pvalue`, scipy 1.17.1.
    #[test]
    fn p_values_are_those_of_scipy() {
        let cases = [
            (0, 0, 1.0),
            (1, 0, 1.0),
            (5, 5, 1.0),
            (3, 12, 0.035_156_25),
            (12, 3, 0.035_156_25),
            (0, 20, 1.907_348_632_812_5e-06),
            (40, 60, 0.056_887_933_640_980_89),
            (480, 520, 0.217_448_293_204_141_5),
            (3000, 3300, 0.000_164_756_076_697_483_63),
        ];
        for (first, second, expected) in cases {
            let found = exact_p(first, second);
            assert!((found - expected).abs() < 1e-12 * expected.max(1e-3), "{first} {second}: {found} {expected}");
        }
    }
}
