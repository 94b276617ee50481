use super::svg::{self, escaped};
use crate::report::Figure;

/// Figures as cards: value, interval, a small drawing, and what is measured.
pub(super) fn cards(figures: &[Figure]) -> String {
    format!("<ul class=\"cards\">\n{}</ul>\n", figures.iter().map(card).collect::<String>())
}

fn card(figure: &Figure) -> String {
    let shown = match figure.value {
        Some(value) => {
            let drawing = svg::interval(value, figure.low.zip(figure.high), range(figure, value));
            format!("<strong>{value:.3}</strong><span class=\"quiet\">{}</span>{drawing}", interval(figure))
        }
        None => {
            format!("<strong class=\"undefined\">undefined: {}</strong>", escaped(figure.undefined.unwrap_or_default()))
        }
    };
    format!("<li>{}{shown}<small>{}</small></li>\n", escaped(figure.name), escaped(figure.meaning))
}

fn interval(figure: &Figure) -> String {
    figure.low.zip(figure.high).map_or("no interval".to_owned(), |(low, high)| format!("[{low:.3}, {high:.3}]"))
}

/// The range of the small drawing: all that the figure can be, but for losses, which have no upper end worth drawing.
fn range(figure: &Figure, value: f64) -> (f64, f64) {
    match figure.id {
        "matthews" | "kappa" => (-1.0, 1.0),
        "log_loss" | "brier" | "calibration_error" => (0.0, 1.25 * figure.high.unwrap_or(value).max(0.1)),
        _ => (0.0, 1.0),
    }
}

/// A value with its interval, for a cell of a table.
pub(crate) fn cell(figure: &Figure) -> String {
    let Some(value) = figure.value else {
        return format!("<td title=\"{}\">undefined</td>", escaped(figure.undefined.unwrap_or_default()));
    };
    format!("<td>{value:.3}<br><small>{}</small></td>", interval(figure))
}
