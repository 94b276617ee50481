use super::{Drawing, percent};

const LEFT: f64 = 58.0;
const TOP: f64 = 12.0;
const SIDE: f64 = 290.0;
const BOTTOM: f64 = 48.0;
const TICKS: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];

/// A square with both axes from 0 to 1.
pub(super) struct Plot {
    pub(super) drawing: Drawing,
}

impl Plot {
    pub(super) fn new(title: &str, across: &str, upwards: &str) -> Self {
        let mut plot = Self { drawing: Drawing::new(LEFT + SIDE + 26.0, TOP + SIDE + BOTTOM, title) };
        for tick in TICKS {
            let (x, y) = at(tick, tick);
            plot.drawing.line("grid", [LEFT, y, LEFT + SIDE, y]);
            plot.drawing.line("grid", [x, TOP, x, TOP + SIDE]);
            plot.drawing.text("tick", (LEFT - 6.0, y + 4.0), "end", percent(tick));
            plot.drawing.text("tick", (x, TOP + SIDE + 18.0), "middle", percent(tick));
        }
        plot.drawing.text("axis", (LEFT + SIDE / 2.0, TOP + SIDE + 40.0), "middle", across);
        plot.drawing.upright("axis", (13.0, TOP + SIDE / 2.0), upwards);
        plot
    }

    pub(super) fn curve(&mut self, class: &str, points: impl IntoIterator<Item = (f64, f64)>) {
        let points: Vec<_> = points.into_iter().map(|(across, upwards)| at(across, upwards)).collect();
        self.drawing.path(class, &points);
    }
}

/// Where a point of the plot is drawn.
pub(super) fn at(across: f64, upwards: f64) -> (f64, f64) {
    (LEFT + SIDE * across, TOP + SIDE * (1.0 - upwards))
}
