//! Drawings, written by hand. Colours are classes of the page's style sheet, so that they follow its light and dark colours.

mod bars;
mod chart;
mod confusion;
mod coverage;
mod interval;
mod plot;
mod reliability;

use std::fmt::{Display, Write as _};

pub(super) use bars::bars;
pub(crate) use chart::{Axis, Mark, chart};
pub(super) use confusion::confusion;
pub(super) use coverage::coverage;
pub(super) use interval::interval;
pub(super) use reliability::reliability;

/// Text as HTML and SVG show it, whatever it holds: also inside attributes in double quotes.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Control characters other than white space are not allowed in HTML.
            other if other.is_control() && !other.is_whitespace() => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A drawing under way; lengths are CSS pixels, and `y` grows downwards.
pub(super) struct Drawing {
    width: f64,
    height: f64,
    title: String,
    body: String,
}

impl Drawing {
    /// An empty drawing; `title` is what a screen reader says of it.
    pub(super) fn new(width: f64, height: f64, title: &str) -> Self {
        Self { width, height, title: escaped(title), body: String::new() }
    }

    pub(super) fn rect(&mut self, class: &str, [x, y, width, height]: [f64; 4], opacity: f64, tip: &str) {
        let tip = escaped(tip);
        self.push(format_args!(
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill-opacity=\"{opacity:.3}\"><title>{tip}</title></rect>"
        ));
    }

    pub(super) fn line(&mut self, class: &str, [x1, y1, x2, y2]: [f64; 4]) {
        self.push(format_args!(
            "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
        ));
    }

    pub(super) fn path(&mut self, class: &str, points: &[(f64, f64)]) {
        let list: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        self.push(format_args!("<polyline class=\"{class}\" points=\"{}\"/>", list.join(" ")));
    }

    pub(super) fn dot(&mut self, class: &str, (x, y): (f64, f64), radius: f64, tip: &str) {
        let tip = escaped(tip);
        self.push(format_args!(
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\"><title>{tip}</title></circle>"
        ));
    }

    /// Text whose `anchor` (start, middle or end) stands at a point.
    pub(super) fn text(&mut self, class: &str, (x, y): (f64, f64), anchor: &str, text: impl Display) {
        let text = escaped(&text.to_string());
        self.push(format_args!(
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>"
        ));
    }

    /// Text that rises to the right from a point, by 40 degrees.
    pub(super) fn slanted(&mut self, class: &str, (x, y): (f64, f64), text: &str) {
        let text = escaped(text);
        self.push(format_args!(
            "<text class=\"{class}\" transform=\"translate({x:.1} {y:.1}) rotate(-40)\">{text}</text>"
        ));
    }

    /// Text that runs upwards, its middle at a point.
    pub(super) fn upright(&mut self, class: &str, (x, y): (f64, f64), text: &str) {
        let text = escaped(text);
        self.push(format_args!(
            "<text class=\"{class}\" text-anchor=\"middle\" transform=\"translate({x:.1} {y:.1}) rotate(-90)\">{text}</text>"
        ));
    }

    fn push(&mut self, part: std::fmt::Arguments<'_>) {
        // Writing into a string cannot fail.
        let _ = writeln!(self.body, "{part}");
    }

    /// The element, never wider than its width.
    pub(super) fn finish(self) -> String {
        let Self { width, height, title, body } = self;
        format!(
            "<svg role=\"img\" viewBox=\"0 0 {width:.0} {height:.0}\" style=\"max-width:{width:.0}px\"><title>{title}</title>\n{body}</svg>\n"
        )
    }
}

/// The width of text of 13 pixels, about: fonts differ.
fn text_width(text: &str) -> f64 {
    7.2 * text.chars().count() as f64
}

/// A share in per cent.
fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(escaped("<a href=\"x\">&'\u{0}é\n"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;\u{fffd}é\n");
    }
}
