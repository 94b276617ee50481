use super::{Comparison, Difference, p_in_words};
use crate::Headline;

/// With fewer documents nothing is claimed: that one set is better on each of five happens by chance with probability 2 / 2⁵ = 0.06, so an
/// interval that says otherwise owes it to how few resamples of so few can differ.
pub(super) const FEWEST_DOCUMENTS: usize = 6;

/// The result of a comparison in plain words, from its first difference, which is that of `headline`.
///
/// A claim is made only where the p-value after Holm's correction is below 1 - `level` and the interval leaves 0 out.
pub(super) fn of(comparison: &Comparison, headline: &Headline, comparisons: usize, level: f64) -> String {
    let (first, second, figure) = (&comparison.first, &comparison.second, headline.name());
    let difference = &comparison.differences[0];
    let (Some(value), Some(low), Some(high), FEWEST_DOCUMENTS..) =
        (difference.value, difference.low, difference.high, comparison.documents)
    else {
        return format!(
            "Whether {first} or {second} is better cannot be said: the {} labels that both have are of {} document(s), and {FEWEST_DOCUMENTS} \
            are the fewest that can show a difference.",
            comparison.labels, comparison.documents
        );
    };
    let percent = 100.0 * level;
    if is_shown(difference, level) {
        let (better, worse) =
            if (value > 0.0) == headline.higher_is_better() { (first, second) } else { (second, first) };
        let (near, far) = if value > 0.0 { (low, high) } else { (-high, -low) };
        return format!(
            "{better} is better than {worse} by {:.1} points of {figure}, {percent:.0}% interval {:.1} to {:.1}{}.",
            100.0 * value.abs(),
            100.0 * near,
            100.0 * far,
            corrected(difference, comparisons),
        );
    }
    format!(
        "No difference in {figure} can be shown between {first} and {second}: {:+.1} points, {percent:.0}% interval {:+.1} to {:+.1}{}.",
        100.0 * value,
        100.0 * low,
        100.0 * high,
        corrected(difference, comparisons),
    )
}

pub(super) fn is_shown(difference: &Difference, level: f64) -> bool {
    let leaves_zero_out = difference.low.is_some_and(|low| low > 0.0) || difference.high.is_some_and(|high| high < 0.0);
    leaves_zero_out && difference.p_holm.is_some_and(|p| p < 1.0 - level)
}

fn corrected(difference: &Difference, comparisons: usize) -> String {
    match difference.p_holm {
        Some(p) if comparisons > 1 => {
            format!(" ({} after Holm's correction over {comparisons} comparisons)", p_in_words(p))
        }
        _ => String::new(),
    }
}
