use super::Drawing;

const LEFT: f64 = 58.0;
const TOP: f64 = 12.0;
const WIDTH: f64 = 232.0;
const HEIGHT: f64 = 290.0;
const BOTTOM: f64 = 48.0;
/// Room for names beside the plot, and the least distance between two of them.
const NAMES: f64 = 150.0;
const LINE: f64 = 17.0;

/// One of both axes.
pub(crate) struct Axis<'a> {
    /// What it measures.
    pub(crate) name: &'a str,
    /// Whether equal steps are equal factors; all values must be positive then.
    pub(crate) logarithmic: bool,
}

/// A point with its name.
pub(crate) struct Mark {
    pub(crate) across: f64,
    pub(crate) upwards: f64,
    /// The interval of the upward value.
    pub(crate) interval: Option<(f64, f64)>,
    /// What stands beside the plot; nothing where it is empty.
    pub(crate) name: String,
    /// What a pointer shows.
    pub(crate) tip: String,
}

/// Points with their intervals; `joined` by a line in the order given, or each with its name.
pub(crate) fn chart(title: &str, across: &Axis<'_>, upwards: &Axis<'_>, marks: &[Mark], joined: bool) -> String {
    let ends = |mark: &Mark| mark.interval.map_or([mark.upwards; 2], |(low, high)| [low, high]);
    let horizontal = Scale::new(across, marks.iter().map(|mark| mark.across), (LEFT, LEFT + WIDTH));
    let vertical = Scale::new(upwards, marks.iter().flat_map(ends), (TOP + HEIGHT, TOP));
    let names = if joined { 26.0 } else { NAMES };
    let mut drawing = Drawing::new(LEFT + WIDTH + names, TOP + HEIGHT + BOTTOM, title);
    grid(&mut drawing, across, upwards, (&horizontal, &vertical));
    let place = |mark: &Mark| (horizontal.at(mark.across), vertical.at(mark.upwards));
    if joined {
        drawing.path("curve", &marks.iter().map(place).collect::<Vec<_>>());
    } else {
        label(&mut drawing, marks.iter().map(|mark| (place(mark), mark.name.as_str())).collect());
    }
    for mark in marks {
        let (x, y) = place(mark);
        if let Some((low, high)) = mark.interval {
            drawing.line("whisker", [x, vertical.at(low), x, vertical.at(high)]);
        }
        drawing.dot("dot", (x, y), 4.5, &mark.tip);
    }
    drawing.finish()
}

fn grid(drawing: &mut Drawing, across: &Axis<'_>, upwards: &Axis<'_>, (horizontal, vertical): (&Scale, &Scale)) {
    for tick in horizontal.ticks() {
        let x = horizontal.at(tick);
        drawing.line("grid", [x, TOP, x, TOP + HEIGHT]);
        drawing.text("tick", (x, TOP + HEIGHT + 18.0), "middle", number(tick));
    }
    for tick in vertical.ticks() {
        let y = vertical.at(tick);
        drawing.line("grid", [LEFT, y, LEFT + WIDTH, y]);
        drawing.text("tick", (LEFT - 6.0, y + 4.0), "end", number(tick));
    }
    drawing.text("axis", (LEFT + WIDTH / 2.0, TOP + HEIGHT + 40.0), "middle", across.name);
    drawing.upright("axis", (13.0, TOP + HEIGHT / 2.0), upwards.name);
}

/// Names in a column beside the plot, from top to bottom as the points are, each with a line to its point.
fn label(drawing: &mut Drawing, mut named: Vec<((f64, f64), &str)>) {
    named.sort_by(|((_, one), _), ((_, other), _)| one.total_cmp(other));
    let mut below = f64::NEG_INFINITY;
    let x = LEFT + WIDTH + 14.0;
    // From the last on there must be room for all that follow.
    let count = named.len();
    for (nth, (point, name)) in named.into_iter().enumerate() {
        let lowest = TOP + HEIGHT - LINE * (count - 1 - nth) as f64;
        let y = point.1.max(below + LINE).min(lowest);
        below = y;
        drawing.line("grid", [point.0, point.1, x - 2.0, y]);
        drawing.text("name", (x, y + 4.0), "start", name);
    }
}

/// Where values of an axis are drawn.
struct Scale {
    logarithmic: bool,
    /// The values at both ends; exponents of ten where it is logarithmic.
    range: (f64, f64),
    step: f64,
    place: (f64, f64),
}

impl Scale {
    fn new(axis: &Axis<'_>, values: impl Iterator<Item = f64>, place: (f64, f64)) -> Self {
        let logarithmic = axis.logarithmic;
        let values: Vec<f64> = values.map(|value| if logarithmic { value.max(1e-9).log10() } else { value }).collect();
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
        // Powers of ten have more digits than fit beside each other where there are more than six.
        let powers = high.ceil() - low.floor();
        let step = if logarithmic { (powers / 5.0).ceil().max(1.0) } else { step((high - low).max(0.01)) };
        let (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
        Self { logarithmic, range: (low, if high > low { high } else { low + step }), step, place }
    }

    fn at(&self, value: f64) -> f64 {
        let value = if self.logarithmic { value.max(1e-9).log10() } else { value };
        let share = (value - self.range.0) / (self.range.1 - self.range.0);
        self.place.0 + share * (self.place.1 - self.place.0)
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few steps")]
    fn ticks(&self) -> impl Iterator<Item = f64> {
        let steps = ((self.range.1 - self.range.0) / self.step).round() as u32;
        let at = |nth| self.range.0 + self.step * f64::from(nth);
        (0..=steps).map(move |nth| if self.logarithmic { 10_f64.powf(at(nth)) } else { at(nth) })
    }
}

/// 1, 2 or 5 times a power of ten, of which about five make the span.
fn step(span: f64) -> f64 {
    let power = 10_f64.powf((span / 5.0).log10().floor());
    let times = [1.0, 2.0, 5.0].into_iter().find(|times| times * power * 5.0 >= span);
    times.unwrap_or(10.0) * power
}

/// A number with no more digits than it needs.
fn number(value: f64) -> String {
    let digits = format!("{value:.6}");
    let short = digits.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Axis, Scale, number};

    #[test]
    fn ticks_are_round_and_hold_all_values() {
        let cases: [(bool, &[f64], &[&str]); 7] = [
            (false, &[0.81, 0.89], &["0.8", "0.82", "0.84", "0.86", "0.88", "0.9"]),
            (false, &[0.17, 0.9], &["0", "0.2", "0.4", "0.6", "0.8", "1"]),
            (false, &[1_000.0, 8_000.0], &["0", "2000", "4000", "6000", "8000"]),
            (true, &[0.003, 12.0], &["0.001", "0.01", "0.1", "1", "10", "100"]),
            (true, &[0.0006, 130.0], &["0.0001", "0.01", "1", "100", "10000"]),
            (true, &[0.0004, 31.0], &["0.0001", "0.01", "1", "100"]),
            (false, &[], &["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        ];
        for (logarithmic, values, expected) in cases {
            let scale = Scale::new(&Axis { name: "", logarithmic }, values.iter().copied(), (0.0, 100.0));
            assert_eq!(scale.ticks().map(number).collect::<Vec<_>>(), expected, "{values:?}");
            assert!(values.iter().all(|&value| (-1e-9..=100.0 + 1e-9).contains(&scale.at(value))), "{values:?}");
        }
    }
}
