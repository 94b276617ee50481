use super::percent;
use super::plot::{Plot, at};
use crate::report::BinReport;

/// Accuracy against mean confidence, a dot a bin, larger for more predictions; the diagonal is where both are equal.
pub(in crate::report) fn reliability(bins: &[BinReport]) -> String {
    let mut plot = Plot::new(
        "Reliability curve: share of predictions that are right against their mean confidence, by bins of confidence",
        "mean confidence",
        "right",
    );
    plot.curve("reference", [(0.0, 0.0), (1.0, 1.0)]);
    let filled: Vec<(&BinReport, f64, f64)> =
        bins.iter().filter_map(|bin| Some((bin, bin.confidence?, bin.accuracy?))).collect();
    plot.curve("curve", filled.iter().map(|&(_, confidence, accuracy)| (confidence, accuracy)));
    let most = bins.iter().map(|bin| bin.count).max().unwrap_or(0).max(1) as f64;
    for (bin, confidence, accuracy) in filled {
        let tip = format!(
            "confidence above {} to {}: {} predictions, mean confidence {confidence:.3}, right {accuracy:.3}",
            percent(bin.from),
            percent(bin.to),
            bin.count
        );
        let place = at(confidence, accuracy);
        plot.drawing.dot("dot", place, 3.0 + 6.0 * (bin.count as f64 / most).sqrt(), &tip);
    }
    plot.drawing.finish()
}
