//! How the learning rate rises and falls.

/// What share of its highest rate a step is taken with: up in a straight line over the share `warm_up` of all steps, then
/// down in a straight line that would reach 0 after the last. `step` counts from 0.
pub(super) fn factor(step: usize, steps: usize, warm_up: f64) -> f64 {
    let rising = (steps as f64 * warm_up).floor();
    let step = step as f64;
    if step < rising { (step + 1.0) / rising } else { (steps as f64 - step) / (steps as f64 - rising) }
}

#[cfg(test)]
mod tests {
    use super::factor;

    #[test]
    fn the_rate_rises_then_falls_and_is_never_zero() {
        let factors: Vec<f64> = (0..10).map(|step| factor(step, 10, 0.45)).collect();
        let expected = [0.25, 0.5, 0.75, 1.0, 1.0, 5.0 / 6.0, 4.0 / 6.0, 3.0 / 6.0, 2.0 / 6.0, 1.0 / 6.0];
        assert!(factors.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{factors:?}");
        assert!((factor(0, 1, 0.9) - 1.0).abs() < 1e-12);
    }
}
