use super::Drawing;

const WIDTH: f64 = 160.0;
const HEIGHT: f64 = 18.0;

/// A value with its interval on a line over `range`; `zero` marks 0 where the range holds it.
pub(in crate::report) fn interval(value: f64, interval: Option<(f64, f64)>, range: (f64, f64)) -> String {
    let place = |at: f64| 4.0 + (WIDTH - 8.0) * ((at - range.0) / (range.1 - range.0)).clamp(0.0, 1.0);
    let middle = HEIGHT / 2.0;
    let mut drawing =
        Drawing::new(WIDTH, HEIGHT, &format!("{value:.3} on a line from {:.2} to {:.2}", range.0, range.1));
    drawing.line("grid", [place(range.0), middle, place(range.1), middle]);
    if range.0 < 0.0 {
        drawing.line("zero", [place(0.0), 1.0, place(0.0), HEIGHT - 1.0]);
    }
    if let Some((low, high)) = interval {
        drawing.line("whisker", [place(low), middle, place(high), middle]);
    }
    drawing.dot("dot", (place(value), middle), 4.0, &format!("{value:.3}"));
    drawing.finish()
}
