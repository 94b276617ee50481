use super::svg::escaped;
use crate::report::{Mistake, Report, SetReport};

/// Unicode scalar values of a text that are shown: the JSON holds all of it.
const SHOWN: usize = 2_000;

/// The wrong predictions, with controls that filter them by stance and by text. Without scripts all are shown and the controls are not.
pub(super) fn section(report: &Report, set: &SetReport) -> String {
    let heading = format!("<h2>Errors ({}), the surest first</h2>\n", set.errors.len());
    if set.errors.is_empty() {
        return heading + "<p>There are none.</p>\n";
    }
    let articles: String = set.errors.iter().map(|error| article(error, &report.stances)).collect();
    let script = include_str!("script.js");
    format!("{heading}{}<div>\n{articles}</div>\n<script>\n{script}</script>\n", controls(&report.stances))
}

fn controls(stances: &[String]) -> String {
    let option = |stance: &String| format!("<option value=\"{0}\">{0}</option>", escaped(stance));
    let options: String = stances.iter().map(option).collect();
    let select = |name: &str, label: &str| {
        format!("<label>{label}<select name=\"{name}\"><option value=\"\">any</option>{options}</select></label>\n")
    };
    format!(
        "<form id=\"filter\" hidden>\n{}{}<label>text holds<input name=\"words\" type=\"search\"></label>\n\
        <output id=\"shown\" class=\"quiet\"></output>\n</form>\n",
        select("hand", "hand label"),
        select("predicted", "prediction")
    )
}

fn article(error: &Mistake, stances: &[String]) -> String {
    let [hand, predicted] = [&error.hand, &error.predicted].map(|stance| escaped(stance));
    let sure = error.confidence.map(|confidence| format!(", confidence {confidence:.3}")).unwrap_or_default();
    let text = error.text.as_deref().map_or("<p class=\"quiet\">(neither file holds the text)</p>\n".to_owned(), shown);
    let span = error.span.map(|[start, end]| format!(", characters {start} to {end}")).unwrap_or_default();
    format!(
        "<article data-hand=\"{hand}\" data-predicted=\"{predicted}\">\n\
        <div class=\"pair\">hand label <span class=\"hand\">{hand}</span>, predicted <span class=\"said\">{predicted}</span>{sure}</div>\n\
        {text}{}<small>document {}{span}; row {} of the labels</small>\n</article>\n",
        probabilities(error, stances),
        escaped(&error.document),
        error.row
    )
}

fn shown(text: &str) -> String {
    let characters = text.chars().count();
    if characters <= SHOWN {
        return format!("<p>{}</p>\n", escaped(text));
    }
    let start: String = text.chars().take(SHOWN).collect();
    format!("<p>{} <small>(the first {SHOWN} of {characters} characters)</small></p>\n", escaped(&start))
}

fn probabilities(error: &Mistake, stances: &[String]) -> String {
    let Some(probabilities) = &error.probabilities else { return String::new() };
    let row = |(stance, probability): (&String, &f64)| {
        let stance = escaped(stance);
        format!(
            "<dt>{stance}</dt><dd>{probability:.3}</dd><dd><meter value=\"{probability:.3}\" aria-label=\"{stance}\"></meter></dd>\n"
        )
    };
    format!("<dl>\n{}</dl>\n", stances.iter().zip(probabilities).map(row).collect::<String>())
}
