use std::fmt::Write as _;

use super::figures::cell;
use super::svg::escaped;
use crate::comparison::{Comparison, Difference, p_in_words};
use crate::metrics::Average;
use crate::report::{Breakdown, Figure, SetReport};

/// A table of a header and rows of cells that are HTML already.
pub(crate) fn table(header: &[&str], rows: &str) -> String {
    let heading = |name: &&str| format!("<th scope=\"col\">{}</th>", escaped(name));
    let cells: String = header.iter().map(heading).collect();
    format!(
        "<div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr>{cells}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n"
    )
}

pub(crate) fn named_row(name: &str, cells: &str) -> String {
    format!("<tr><th scope=\"row\">{}</th>{cells}</tr>\n", escaped(name))
}

/// Precision, recall, F1 and support of each stance, and the averages.
pub(super) fn stances(set: &SetReport) -> String {
    let score = |value: Option<f64>, why: &str| {
        value.map_or(format!("<td>undefined: {why}</td>"), |value| format!("<td>{value:.3}</td>"))
    };
    let mut rows = String::new();
    for stance in &set.stances {
        let cells = [
            score(stance.precision, "never predicted"),
            score(stance.recall, "no hand label"),
            score(stance.f1, "neither of both"),
            format!("<td>{}</td><td>{}</td>", stance.support, stance.predicted),
        ];
        rows.push_str(&named_row(&stance.stance, &cells.concat()));
    }
    if let Some(averages) = set.averages {
        rows.push_str(&average("macro average", averages.macro_));
        rows.push_str(&average("micro average", averages.micro));
        rows.push_str(&average("weighted average", averages.weighted));
    }
    let explained = "<p class=\"quiet\">Averages are over the stances that are labelled or predicted; what would divide by zero counts as 0 in \
        them, as in scikit-learn. Macro: every stance counts the same. Micro: every label, so all three are the accuracy. Weighted: stances by \
        their labels.</p>\n";
    table(&["stance", "precision", "recall", "F1", "labels", "predictions"], &rows) + explained
}

fn average(name: &str, average: Average) -> String {
    let Average { precision, recall, f1 } = average;
    named_row(name, &format!("<td>{precision:.3}</td><td>{recall:.3}</td><td>{f1:.3}</td><td></td><td></td>"))
}

/// The headline figures of each value of a column.
pub(super) fn breakdown(breakdown: &Breakdown) -> String {
    let names = breakdown.parts.first().map(|part| part.headline.iter().map(|figure| figure.name).collect());
    let header = [vec![breakdown.column.as_str(), "labels", "documents"], names.unwrap_or_default()].concat();
    let mut rows = String::new();
    for part in &breakdown.parts {
        let counts = format!("<td>{}</td><td>{}</td>", part.labels, part.documents);
        let figures: String = part.headline.iter().map(cell).collect();
        rows.push_str(&named_row(&part.value, &(counts + &figures)));
    }
    format!("<h2>By {}</h2>\n{}", escaped(&breakdown.column), table(&header, &rows))
}

/// The headline figures of every set side by side.
pub(super) fn sets(sets: &[SetReport]) -> String {
    let header: Vec<&str> = ["figure"].into_iter().chain(sets.iter().map(|set| set.name.as_str())).collect();
    let figures: &[Figure] = sets.first().map_or(&[], |set| &set.headline);
    let row = |(at, figure): (usize, &Figure)| {
        named_row(figure.name, &sets.iter().map(|set| cell(&set.headline[at])).collect::<String>())
    };
    let rows: String = figures.iter().enumerate().map(row).collect();
    format!("<p class=\"quiet\">Each set on all labels that it has predictions for:</p>\n{}", table(&header, &rows))
}

/// What can be said of every pair of sets, in a sentence and in figures.
pub(super) fn comparisons(comparisons: &[Comparison]) -> String {
    comparisons.iter().map(comparison).collect()
}

fn comparison(one: &Comparison) -> String {
    let test = one.mcnemar;
    let mut html = format!("<p class=\"verdict\">{}</p>\n", escaped(&one.sentence));
    // Writing into a string cannot fail.
    let _ = writeln!(
        html,
        "<p class=\"quiet\">On {} labels of {} documents. Only {} is right on {}, only {} on {}: McNemar's exact test {}, after Holm's \
        correction {}.</p>",
        one.labels,
        one.documents,
        escaped(&one.first),
        test.first_only,
        escaped(&one.second),
        test.second_only,
        escaped(&p_in_words(test.p)),
        escaped(&p_in_words(test.p_holm))
    );
    let rows: String = one.differences.iter().map(difference).collect();
    let header = ["first minus second", "difference", "interval", "p", "p after Holm"];
    html + &format!("<details><summary>All differences</summary>\n{}</details>\n", table(&header, &rows))
}

fn difference(one: &Difference) -> String {
    let number = |value: Option<f64>| value.map_or("undefined".to_owned(), |value| format!("{value:+.3}"));
    let interval = one.low.zip(one.high).map_or("none".to_owned(), |(low, high)| format!("[{low:+.3}, {high:+.3}]"));
    let p = |value: Option<f64>| value.map_or("none".to_owned(), |value| escaped(&p_in_words(value)));
    let cells = [number(one.value), interval, p(one.p), p(one.p_holm)];
    named_row(one.name, &cells.map(|cell| format!("<td>{cell}</td>")).concat())
}
