/// p-values after Holm's step-down correction, in the order given: the chance of even one false claim among them stays below the level.
///
/// Source: Holm, "A simple sequentially rejective multiple test procedure" (1979).
#[must_use]
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&one, &other| p_values[one].total_cmp(&p_values[other]));
    let mut corrected = vec![0.0; p_values.len()];
    let mut largest: f64 = 0.0;
    for (rank, at) in order.into_iter().enumerate() {
        largest = largest.max((p_values.len() - rank) as f64 * p_values[at]).min(1.0);
        corrected[at] = largest;
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::holm;

    /// R's documentation of `p.adjust` defines these: max over the smaller ones of (m - rank) · p.
    #[test]
    fn p_values_step_down() {
        let cases: [(&[f64], &[f64]); 4] = [
            (&[], &[]),
            (&[0.03], &[0.03]),
            (&[0.01, 0.04, 0.03], &[0.03, 0.06, 0.06]),
            (&[0.5, 0.9, 0.001], &[1.0, 1.0, 0.003]),
        ];
        for (given, expected) in cases {
            let found = holm(given);
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{given:?}: {found:?}");
            assert_eq!(found.len(), expected.len());
        }
    }
}
