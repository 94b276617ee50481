use super::percent;
use super::plot::{Plot, at};
use crate::metrics::{Coverage, Review};

/// Accuracy of what is kept against how much is kept; the place of the `review` flag as a dot.
pub(in crate::report) fn coverage(curve: &Coverage, review: Option<&Review>) -> String {
    let mut plot = Plot::new(
        "Accuracy-coverage curve: share of the kept predictions that are right against the share kept",
        "kept, the surest first",
        "of these right",
    );
    plot.curve("curve", curve.points.iter().map(|point| (point.coverage, point.accuracy)));
    if let Some((review, accuracy)) = review.and_then(|review| Some((review, review.accuracy_kept?))) {
        let kept = percent(review.coverage);
        plot.drawing.dot(
            "dot",
            at(review.coverage, accuracy),
            6.0,
            &format!("not flagged for review: {kept} kept, right {accuracy:.3}"),
        );
        plot.curve("reference", [(review.coverage, 0.0), (review.coverage, accuracy)]);
        // Near the axis, where the curve seldom is, on the side with more room.
        let (anchor, away) = if review.coverage > 0.5 { ("end", -6.0) } else { ("start", 6.0) };
        let (x, y) = at(review.coverage, 0.06);
        plot.drawing.text("mark", (x + away, y), anchor, format!("review flag, {kept} kept"));
    }
    plot.drawing.finish()
}
