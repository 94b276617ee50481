use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Error, Result, anyhow, bail};
use clap::Args;
use standpoint_evaluation::bootstrap::Bootstrap;
use standpoint_labels::agreement::{Contradiction, Ratings, Unit, agreement_on, cohen_kappa, krippendorff_alpha};
use standpoint_labels::{HandLabel, Place, Scheme};

use super::problems::say_first;
use super::{hand_labels, schemes, stdin};

use crate::cli::Outcome;
use crate::output::Output;

/// Disagreements printed unless all are asked for.
const FIRST_DISAGREEMENTS: usize = 20;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  standpoint agreement labels/data/writer.csv labels/data/second.csv")]
pub(crate) struct Options {
    /// Label files, or - for standard input; an annotator is a value of the column `annotator`, or a file without that column
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The scheme by whose ids, names and order the files call the stances [default: every stance is called the same in all]
    #[arg(long, value_name = "FILE")]
    scheme: Option<PathBuf>,
    /// Seed of the bootstrap
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Print every disagreement, not only the first 20
    #[arg(long)]
    all: bool,
}

pub(crate) fn run(options: &Options) -> Result<Outcome> {
    stdin::only_once(&options.files)?;
    let scheme = options.scheme.as_deref().map(schemes::read).transpose()?;
    let (mut labels, mut files, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    for file in &options.files {
        let of_file = hand_labels::read(file, scheme.as_ref())?;
        problems.extend(of_file.problems.iter().map(ToString::to_string));
        for label in of_file.labels {
            match in_scheme(label, scheme.as_ref()) {
                Ok(label) => {
                    labels.push(label);
                    files.push(file);
                }
                Err((row, reason)) => problems.push(format!("{}: row {row}: {reason}", file.display())),
            }
        }
    }
    say_first(&problems);
    let ratings = Ratings::collect(&labels)
        .map_err(|Contradiction { first, second }| contradiction([first, second].map(|at| (files[at], &labels[at]))))?;
    if ratings.shared().next().is_none() {
        let found = ratings.annotators.join(", ");
        bail!(
            "no text was judged by two annotators (found: {found}); give files that label the same texts, by document and span or by the same text"
        );
    }
    let mut out = Output::open(None)?;
    write_report(&mut out, &ratings, options).context("the report cannot be written")?;
    out.finish()?;
    Ok(if problems.is_empty() { Outcome::Done } else { Outcome::DoneWithRejects })
}

/// The label with the ids of its stance and its target, or its row and what is wrong with it.
fn in_scheme(label: HandLabel, scheme: Option<&Scheme>) -> Result<HandLabel, (u64, String)> {
    let Some(scheme) = scheme else { return Ok(label) };
    let row = label.row;
    scheme.resolve(label).map_err(|reason| (row, reason))
}

/// Says where an annotator said two things of one text.
fn contradiction([(first_file, first), (file, second)]: [(&PathBuf, &HandLabel); 2]) -> Error {
    anyhow!(
        "{}: row {}: annotator `{}` judged this as `{}`, but in {}, row {}, as `{}`; keep one of the two",
        file.display(),
        second.row,
        second.annotator,
        second.stance,
        first_file.display(),
        first.row,
        first.stance
    )
}

fn write_report(out: &mut impl Write, ratings: &Ratings, options: &Options) -> Result<()> {
    let shared: Vec<&Unit> = ratings.shared().collect();
    let disagreements: Vec<&Unit> = ratings.disagreements().collect();
    let stances = ratings.stances.len();
    let bootstrap = Bootstrap { seed: options.seed, ..Bootstrap::default() };
    let interval = |statistic: &dyn Fn(&[&Unit]) -> Option<f64>| {
        let of_drawn = |drawn: &[usize]| statistic(&drawn.iter().map(|&at| shared[at]).collect::<Vec<_>>());
        (statistic(&shared), bootstrap.interval(shared.len(), of_drawn))
    };
    writeln!(out, "annotators: {}", ratings.annotators.join(", "))?;
    writeln!(
        out,
        "texts judged by one or more: {}, by two or more: {}, disagreed on: {}",
        ratings.units.len(),
        shared.len(),
        disagreements.len()
    )?;
    writeln!(
        out,
        "intervals: 95 % percentile bootstrap over texts, {} resamples, seed {}\n",
        bootstrap.resamples, bootstrap.seed
    )?;
    let alpha = |units: &[&Unit]| krippendorff_alpha(units.iter().copied(), stances);
    writeln!(out, "{:44} {}", "Krippendorff's alpha (nominal)", with_interval(interval(&alpha)))?;
    for (first, second) in pairs(ratings.annotators.len()) {
        let kappa = |units: &[&Unit]| cohen_kappa(&ratings.confusion(units.iter().copied(), first, second));
        let name = format!("Cohen's kappa, {} / {}", ratings.annotators[first], ratings.annotators[second]);
        writeln!(out, "{name:44} {}", with_interval(interval(&kappa)))?;
    }
    for (stance, id) in ratings.stances.iter().enumerate() {
        let on_stance = |units: &[&Unit]| agreement_on(units.iter().copied(), stances, stance);
        writeln!(out, "{:44} {}", format!("agreement on {id}"), with_interval(interval(&on_stance)))?;
    }
    for (first, second) in pairs(ratings.annotators.len()) {
        write_confusion(out, ratings, first, second)?;
    }
    let shown = if options.all { disagreements.len() } else { FIRST_DISAGREEMENTS };
    writeln!(
        out,
        "\ndisagreements{}:",
        if disagreements.len() > shown { format!(" (first {shown}; --all prints every one)") } else { String::new() }
    )?;
    disagreements.iter().take(shown).try_for_each(|unit| write_disagreement(out, ratings, unit))
}

/// Every pair of positions below `count`.
fn pairs(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..count).flat_map(move |first| (first + 1..count).map(move |second| (first, second)))
}

fn with_interval((value, interval): (Option<f64>, Option<(f64, f64)>)) -> String {
    match (value, interval) {
        (Some(value), Some((low, high))) => format!("{value:.3}  [{low:.3}, {high:.3}]"),
        (Some(value), None) => format!("{value:.3}"),
        (None, _) => "undefined (no variation)".to_owned(),
    }
}

fn write_confusion(out: &mut impl Write, ratings: &Ratings, first: usize, second: usize) -> std::io::Result<()> {
    let width = ratings.stances.iter().map(String::len).max().unwrap_or(0).max(6);
    writeln!(out, "\nrows: {}, columns: {}", ratings.annotators[first], ratings.annotators[second])?;
    let header: Vec<String> = ratings.stances.iter().map(|id| format!("{id:>width$}")).collect();
    writeln!(out, "{:width$}  {}", "", header.join("  "))?;
    for (id, counts) in ratings.stances.iter().zip(ratings.confusion(&ratings.units, first, second)) {
        let cells: Vec<String> = counts.iter().map(|count| format!("{count:>width$}")).collect();
        writeln!(out, "{id:width$}  {}", cells.join("  "))?;
    }
    Ok(())
}

fn write_disagreement(out: &mut impl Write, ratings: &Ratings, unit: &Unit) -> Result<()> {
    let place = match &unit.place {
        Place::Text { text, .. } => text.replace('\n', " "),
        Place::Span { document, span } => format!("{document} {}..{}", span.start, span.end),
    };
    let judged = ratings.annotators.iter().zip(&unit.ratings);
    let judged: Vec<String> =
        judged.filter_map(|(who, stance)| stance.map(|stance| format!("{who}: {}", ratings.stances[stance]))).collect();
    let target = unit.target.as_ref().map_or_else(String::new, |target| format!("{target}: "));
    Ok(writeln!(out, "  {target}{place}\n    {}", judged.join(", "))?)
}
