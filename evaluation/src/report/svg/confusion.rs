use super::{Drawing, percent, text_width};

const CELL: f64 = 78.0;
/// Sine and cosine of the slant of the headings, with room for the height of a line.
const RISE: f64 = 0.643;
const RUN: f64 = 0.766;

/// The confusion matrix, shaded by the share of each row: hand labels are rows, predictions columns.
pub(in crate::report) fn confusion(stances: &[String], counts: &[Vec<usize>]) -> String {
    let longest = stances.iter().map(|stance| text_width(stance)).fold(60.0, f64::max);
    let (left, top) = (longest + 34.0, longest * RISE + 44.0);
    let side = CELL * stances.len() as f64;
    let overhang = (longest * RUN - CELL / 2.0).max(8.0);
    let mut drawing = Drawing::new(
        left + side + overhang,
        top + side + 6.0,
        "Confusion matrix: hand labels in rows, predictions in columns; shading is the share of the row",
    );
    drawing.text("axis", (left + side / 2.0, 14.0), "middle", "predicted");
    drawing.upright("axis", (13.0, top + side / 2.0), "hand label");
    for (at, stance) in stances.iter().enumerate() {
        let middle = CELL * (at as f64 + 0.5);
        drawing.slanted("name", (left + middle, top - 8.0), stance);
        drawing.text("name", (left - 8.0, top + middle + 5.0), "end", stance);
    }
    for (row, of_row) in counts.iter().enumerate() {
        let support: usize = of_row.iter().sum();
        for (column, &count) in of_row.iter().enumerate() {
            let share = count as f64 / support.max(1) as f64;
            let (x, y) = (left + CELL * column as f64, top + CELL * row as f64);
            let tip = format!("{} predicted as {}: {count} of {support}", stances[row], stances[column]);
            let class = if row == column { "cell right" } else { "cell wrong" };
            drawing.rect("back", [x + 1.0, y + 1.0, CELL - 2.0, CELL - 2.0], 1.0, &tip);
            drawing.rect(class, [x + 1.0, y + 1.0, CELL - 2.0, CELL - 2.0], 0.04 + 0.46 * share, &tip);
            drawing.text("count", (x + CELL / 2.0, y + CELL / 2.0 + 1.0), "middle", count);
            drawing.text("tick", (x + CELL / 2.0, y + CELL / 2.0 + 19.0), "middle", percent(share));
        }
    }
    drawing.finish()
}
