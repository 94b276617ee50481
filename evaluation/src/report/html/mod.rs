//! The report as one page of HTML that needs nothing else: no network, no font, no script but its own.

mod errors;
mod figures;
mod tables;

pub(crate) use figures::cell;
pub(crate) use tables::{named_row, table};

use super::svg::{self, escaped};
use super::{Report, SetReport};

/// Nothing is loaded from anywhere, whatever a text might hold.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/// A page of HTML in UTF-8, light or dark as the reader's system is, fit for a telephone and for paper; `body` is HTML.
pub(crate) fn page(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
        <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
        <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
        <title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        escaped(title),
        include_str!("style.css"),
    )
}

impl Report {
    /// The page.
    #[must_use]
    pub fn to_html(&self) -> String {
        let body = self.sets.first().map(|set| self.body(set)).unwrap_or_default();
        page(&self.title(), &body)
    }

    fn title(&self) -> String {
        let name = self.sets.first().map(|set| set.name.as_str()).unwrap_or_default();
        format!("Evaluation of {name}")
    }

    fn body(&self, set: &SetReport) -> String {
        let comparisons = if self.comparisons.is_empty() {
            String::new()
        } else {
            format!("<h2>Comparison</h2>\n{}{}", tables::comparisons(&self.comparisons), tables::sets(&self.sets))
        };
        [
            self.heading(set),
            format!(
                "<main>\n<h2>Headline figures</h2>\n{}{}",
                figures::cards(&set.headline),
                self.intervals_in_words()
            ),
            comparisons,
            drawings(self, set),
            format!("<h2>Stances</h2>\n{}", tables::stances(set)),
            set.by.iter().map(tables::breakdown).collect(),
            not_scored(set),
            errors::section(self, set),
            "</main>\n".to_owned(),
            self.footing(),
        ]
        .concat()
    }

    fn heading(&self, set: &SetReport) -> String {
        let counts = set.counts;
        let note = |note: &String| format!("<p class=\"note\">{}</p>\n", escaped(note));
        let notes: String = set.notes.iter().map(note).collect();
        format!(
            "<header>\n<h1>{}</h1>\n<p>{} against {}</p>\n<p class=\"quiet\">{} labels read; scored {} of {} documents{}; met no prediction {}, \
            duplicate {}, of an unknown stance {}; {} row(s) of the file are no labels, {} answer(s) judge nothing.</p>\n{notes}</header>\n",
            escaped(&self.title()),
            escaped(&set.file),
            escaped(&self.labels),
            counts.read,
            counts.scored,
            counts.documents,
            if self.unit == "document" { ", rolled up to one a document" } else { "" },
            counts.unmatched,
            counts.duplicate,
            counts.foreign,
            counts.rejected,
            counts.skipped,
        )
    }

    fn intervals_in_words(&self) -> String {
        let intervals = self.intervals;
        format!(
            "<p class=\"quiet\">In brackets: {:.0} % intervals by {}: {} resamples of whole {}, seed {}.</p>\n",
            100.0 * intervals.level,
            intervals.method,
            intervals.resamples,
            intervals.resampled,
            intervals.seed
        )
    }

    fn footing(&self) -> String {
        format!("<footer class=\"quiet\"><p>{}, report version {}</p></footer>\n", escaped(&self.program), self.version)
    }
}

/// The labels that are not scored, every one of them.
fn not_scored(set: &SetReport) -> String {
    if set.not_scored.is_empty() {
        return String::new();
    }
    let item = |reason: &String| format!("<li>{}</li>\n", escaped(reason));
    let items: String = set.not_scored.iter().map(item).collect();
    format!(
        "<h2>Not scored ({})</h2>\n<details><summary>All, with file, row and reason</summary>\n<ul>\n{items}</ul>\n</details>\n",
        set.not_scored.len()
    )
}

fn drawings(report: &Report, set: &SetReport) -> String {
    let mut figures = vec![
        figure(
            "Confusion matrix",
            &svg::confusion(&report.stances, &set.confusion),
            "Per cent are of the row: of the hand labels of a stance.",
        ),
        figure(
            "Each stance",
            &svg::bars(&set.stances),
            "Precision: of the predictions how many are right. Recall: of the hand labels how many were found.",
        ),
    ];
    if let Some(bins) = &set.reliability {
        let caption = "Below the dashed line the predictions are surer than they are right. Larger dots stand for more predictions.";
        figures.push(figure("Reliability", &svg::reliability(bins), caption));
    }
    if let Some(coverage) = &set.coverage {
        let caption = format!(
            "How right the program is when it keeps only what it is surest of. Area under the curve: {:.3}.",
            coverage.area
        );
        figures.push(figure("Accuracy against coverage", &svg::coverage(coverage, set.review.as_ref()), &caption));
    }
    format!("<h2>Drawings</h2>\n<div class=\"drawings\">\n{}</div>\n", figures.concat())
}

pub(crate) fn figure(title: &str, drawing: &str, caption: &str) -> String {
    format!("<figure>\n<h3>{title}</h3>\n{drawing}<figcaption>{caption}</figcaption>\n</figure>\n")
}
