//! The metrics, one file a family. All are pinned to scikit-learn's values (`tests/reference/`).

mod average;
mod confusion;
mod coverage;
mod losses;
mod overall;
mod reliability;
mod stance;

pub use average::{Average, Averages};
pub use confusion::Confusion;
pub use coverage::{Coverage, CoveragePoint, Review};
pub use losses::{Losses, brier, log_loss};
pub use reliability::{BINS, Bin, Reliability};

/// `part / whole`, or `None` where that would divide by zero.
fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
