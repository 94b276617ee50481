use super::Drawing;
use crate::report::StanceReport;

const WIDTH: f64 = 362.0;
const LEFT: f64 = 74.0;
const LENGTH: f64 = 236.0;
const BAR: f64 = 14.0;
const HEADING: f64 = 26.0;
const GAP: f64 = 12.0;

/// Precision, recall and F1 of each stance as bars from 0 to 1.
pub(in crate::report) fn bars(stances: &[StanceReport]) -> String {
    let group = HEADING + 3.0 * (BAR + 4.0) + GAP;
    let height = group * stances.len() as f64;
    let mut drawing = Drawing::new(WIDTH, height, "Precision, recall and F1 of each stance");
    for (at, stance) in stances.iter().enumerate() {
        let top = group * at as f64;
        let heading = format!("{} ({} labels)", stance.stance, stance.support);
        drawing.text("name strong", (0.0, top + 16.0), "start", heading);
        let scores = [
            ("precision", stance.precision, "never predicted"),
            ("recall", stance.recall, "no hand label"),
            ("F1", stance.f1, "neither labelled nor predicted"),
        ];
        for (line, (name, value, why)) in scores.into_iter().enumerate() {
            bar(&mut drawing, top + HEADING + (BAR + 4.0) * line as f64, line, name, value.ok_or(why));
        }
    }
    drawing.finish()
}

fn bar(drawing: &mut Drawing, y: f64, line: usize, name: &str, value: Result<f64, &str>) {
    drawing.text("tick", (LEFT - 8.0, y + BAR - 3.0), "end", name);
    drawing.rect("track", [LEFT, y, LENGTH, BAR], 1.0, name);
    match value {
        Ok(value) => {
            drawing.rect(&format!("bar{line}"), [LEFT, y, LENGTH * value, BAR], 1.0, &format!("{name} {value:.3}"));
            drawing.text("tick", (LEFT + LENGTH + 6.0, y + BAR - 3.0), "start", format_args!("{value:.3}"));
        }
        Err(why) => drawing.text("tick", (LEFT + 6.0, y + BAR - 3.0), "start", format_args!("undefined: {why}")),
    }
}
