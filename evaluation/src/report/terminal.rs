use std::fmt::{self, Display, Formatter, Write as _};

use super::{Breakdown, Figure, Report, SetReport};
use crate::comparison::p_in_words;
use crate::metrics::Average;

/// Columns that a breakdown shows in a terminal: the others are in the JSON and HTML.
const SHOWN_IN_BREAKDOWN: usize = 2;

impl Display for Report {
    /// The tables for a terminal: the first set in full, the others where they are compared.
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        if let Some(set) = self.sets.first() {
            counts(out, set)?;
            writeln!(out, "{}", self.intervals)?;
            set.notes.iter().try_for_each(|note| writeln!(out, "note: {note}"))?;
            writeln!(out)?;
            set.headline.iter().try_for_each(|figure| writeln!(out, "{}", line(figure)))?;
            stances(out, set)?;
            confusion(out, self, set)?;
            abstention(out, set)?;
            set.by.iter().try_for_each(|breakdown| by(out, breakdown))?;
        }
        comparisons(out, self)
    }
}

fn counts(out: &mut Formatter<'_>, set: &SetReport) -> fmt::Result {
    let counts = set.counts;
    writeln!(
        out,
        "labels that met a prediction: {}, that met none: {}",
        counts.read - counts.unmatched,
        counts.unmatched
    )?;
    writeln!(
        out,
        "of them scored: {}, of {} documents; duplicate: {}, of an unknown stance: {}; rows that are no labels: {}, answers that judge nothing: {}",
        counts.scored, counts.documents, counts.duplicate, counts.foreign, counts.rejected, counts.skipped
    )
}

/// A figure with its interval, three decimals; why it is undefined where it is.
fn line(figure: &Figure) -> String {
    let shown = match (figure.value, figure.low, figure.high, figure.undefined) {
        (Some(value), Some(low), Some(high), _) => format!("{value:.3}  [{low:.3}, {high:.3}]"),
        (Some(value), ..) => format!("{value:.3}"),
        (None, _, _, why) => format!("n/a    {}", why.unwrap_or_default()),
    };
    format!("{:<21}  {shown}", figure.name)
}

fn stances(out: &mut Formatter<'_>, set: &SetReport) -> fmt::Result {
    let width = set.stances.iter().map(|stance| stance.stance.chars().count()).max().unwrap_or(0).max(16);
    writeln!(out, "\n{:width$}  precision  recall  F1     support", "stance")?;
    let mut undefined = false;
    for stance in &set.stances {
        let [precision, recall, f1] = [stance.precision, stance.recall, stance.f1].map(three);
        undefined |= stance.precision.is_none() || stance.recall.is_none();
        writeln!(out, "{:width$}  {precision:9}  {recall:6}  {f1:5}  {}", stance.stance, stance.support)?;
    }
    if let Some(averages) = set.averages {
        let rows = [("macro average", averages.macro_), ("micro average", averages.micro)];
        for (name, Average { precision, recall, f1 }) in
            rows.into_iter().chain([("weighted average", averages.weighted)])
        {
            writeln!(out, "{name:width$}  {precision:<9.3}  {recall:<6.3}  {f1:<5.3}  {}", set.counts.scored)?;
        }
    }
    if undefined {
        writeln!(
            out,
            "n/a: never predicted (precision) or never labelled (recall), a division by zero; it counts as 0 in averages, as in scikit-learn"
        )?;
    }
    Ok(())
}

fn confusion(out: &mut Formatter<'_>, report: &Report, set: &SetReport) -> fmt::Result {
    let width = report.stances.iter().map(|id| id.chars().count()).max().unwrap_or(0).max(9);
    let header: Vec<String> = report.stances.iter().map(|id| format!("{id:>width$}")).collect();
    writeln!(out, "\nrows: hand labels, columns: predictions\n{:width$}  {}", "", header.join("  "))?;
    for (id, counts) in report.stances.iter().zip(&set.confusion) {
        let cells: Vec<String> = counts.iter().map(|count| format!("{count:>width$}")).collect();
        writeln!(out, "{id:width$}  {}", cells.join("  "))?;
    }
    Ok(())
}

fn abstention(out: &mut Formatter<'_>, set: &SetReport) -> fmt::Result {
    if let Some(coverage) = &set.coverage {
        writeln!(out, "\narea under accuracy against coverage, abstaining by confidence: {:.3}", coverage.area)?;
    }
    let Some(review) = set.review else { return Ok(()) };
    writeln!(
        out,
        "without what is flagged for review: coverage {:.3}, accuracy {}; of the flagged: accuracy {}",
        review.coverage,
        three(review.accuracy_kept),
        three(review.accuracy_flagged)
    )
}

fn by(out: &mut Formatter<'_>, breakdown: &Breakdown) -> fmt::Result {
    let width = breakdown.parts.iter().map(|part| part.value.chars().count()).chain([breakdown.column.len()]).max();
    let width = width.unwrap_or(0);
    let names = breakdown.parts.first().map(|part| part.headline.iter().take(SHOWN_IN_BREAKDOWN).map(|one| one.name));
    let header = names.into_iter().flatten().fold(String::new(), |mut line, name| {
        let _ = write!(line, "  {name:21}");
        line
    });
    writeln!(out, "\n{:width$}  labels  documents{}", breakdown.column, header.trim_end())?;
    for part in &breakdown.parts {
        let cells: Vec<String> = part.headline.iter().take(SHOWN_IN_BREAKDOWN).map(cell).collect();
        let row = format!("{:width$}  {:6}  {:9}  {}", part.value, part.labels, part.documents, cells.join("  "));
        writeln!(out, "{}", row.trim_end())?;
    }
    Ok(())
}

fn cell(figure: &Figure) -> String {
    let interval = figure.low.zip(figure.high).map(|(low, high)| format!(" [{low:.3}, {high:.3}]")).unwrap_or_default();
    format!("{:21}", format!("{}{interval}", three(figure.value)))
}

fn comparisons(out: &mut Formatter<'_>, report: &Report) -> fmt::Result {
    for comparison in &report.comparisons {
        let test = comparison.mcnemar;
        writeln!(out, "\n{}", comparison.sentence)?;
        writeln!(
            out,
            "  on {} labels of {} documents; only {} right: {}, only {} right: {}; McNemar's exact test {}, after Holm's correction {}",
            comparison.labels,
            comparison.documents,
            comparison.first,
            test.first_only,
            comparison.second,
            test.second_only,
            p_in_words(test.p),
            p_in_words(test.p_holm)
        )?;
        for one in &comparison.differences {
            let Some(value) = one.value else { continue };
            let interval = one.low.zip(one.high).map(|(low, high)| format!("  [{low:+.3}, {high:+.3}]"));
            let p = one.p_holm.map(|p| format!("  {}", p_in_words(p))).unwrap_or_default();
            writeln!(out, "  {:<21}  {value:+.3}{}{p}", one.name, interval.unwrap_or_default())?;
        }
    }
    Ok(())
}

/// Three decimals; `n/a` where there is no value.
fn three(value: Option<f64>) -> String {
    value.map_or("n/a".to_owned(), |value| format!("{value:.3}"))
}
