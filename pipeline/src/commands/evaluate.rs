use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use standpoint_corpus::Span;
use standpoint_evaluation::Confusion;
use standpoint_evaluation::bootstrap::Bootstrap;
use standpoint_labels::{HandLabel, Predicted, meet, read};

use crate::cli::Outcome;
use crate::console::say;
use crate::output::Output;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  standpoint evaluate labelled.csv --against hand-labels.csv")]
pub(crate) struct Options {
    /// What `standpoint label` wrote (CSV)
    #[arg(value_name = "PREDICTED")]
    predicted: PathBuf,
    /// Hand labels, `text,stance` or `document,start,end,stance`
    #[arg(long, value_name = "HAND_LABELS")]
    against: PathBuf,
    /// Seed of the bootstrap
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

/// The predictions of a file: where they stand and which stance each got.
struct Predictions {
    places: Vec<Predicted>,
    stances: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Result<Outcome> {
    let predictions = read_predictions(&options.predicted)?;
    let (labels, problems) = read(&options.against)?;
    problems.iter().for_each(say);
    let met = meet(&labels, &predictions.places);
    for (label, _) in labels.iter().zip(&met).filter(|(_, met)| met.is_none()) {
        say(format_args!(
            "{}: row {}: no prediction stands where this label does",
            options.against.display(),
            label.row
        ));
    }
    let pairs: Vec<(&HandLabel, usize)> =
        labels.iter().zip(&met).filter_map(|(label, &met)| Some((label, met?))).collect();
    if pairs.is_empty() {
        bail!(
            "{}: none of its {} labels meets a prediction; are both of the same corpus?",
            options.against.display(),
            labels.len()
        );
    }
    let mut out = Output::open(None)?;
    write_report(&mut out, &pairs, &predictions, labels.len() - pairs.len(), options.seed)?;
    out.finish()?;
    Ok(if problems.is_empty() { Outcome::Done } else { Outcome::DoneWithRejects })
}

fn read_predictions(file: &Path) -> Result<Predictions> {
    let name = file.display();
    let mut reader = csv::Reader::from_path(file).with_context(|| format!("{name}: cannot be read"))?;
    let header = reader.headers().with_context(|| format!("{name}: has no header"))?.clone();
    let column = |name: &str| header.iter().position(|found| found == name);
    let (Some(document), Some(stance)) = (column("document"), column("stance")) else {
        bail!(
            "{name}: predictions have the columns `document` and `stance`; found `{}`",
            header.iter().collect::<Vec<_>>().join(",")
        );
    };
    let mut predictions = Predictions { places: Vec::new(), stances: Vec::new() };
    for (row, record) in (1..).zip(reader.records()) {
        let record = record.with_context(|| format!("{name}: row {row}"))?;
        let position = |name: &str| column(name).and_then(|at| record[at].parse().ok());
        let span = position("start").zip(position("end")).map(|(start, end)| Span { start, end });
        let text = column("text").map(|at| record[at].to_owned());
        predictions.places.push(Predicted { document: record[document].to_owned(), span, text });
        predictions.stances.push(record[stance].to_owned());
    }
    Ok(predictions)
}

fn write_report(
    out: &mut impl Write,
    pairs: &[(&HandLabel, usize)],
    predictions: &Predictions,
    unmatched: usize,
    seed: u64,
) -> Result<()> {
    let of_labels = pairs.iter().map(|(label, _)| label.stance.as_str());
    let of_predictions = pairs.iter().map(|&(_, met)| predictions.stances[met].as_str());
    let stances: Vec<&str> = of_labels.chain(of_predictions).collect::<BTreeSet<_>>().into_iter().collect();
    let position = |stance: &str| stances.binary_search(&stance).unwrap_or_default();
    let coded: Vec<(usize, usize)> =
        pairs.iter().map(|&(label, met)| (position(&label.stance), position(&predictions.stances[met]))).collect();
    let confusion = Confusion::count(stances.len(), coded.iter().copied());
    let bootstrap = Bootstrap { seed, ..Bootstrap::default() };
    let interval = |metric: fn(&Confusion) -> Option<f64>| {
        let drawn = |drawn: &[usize]| metric(&Confusion::count(stances.len(), drawn.iter().map(|&at| coded[at])));
        bootstrap.interval(coded.len(), drawn).map_or(String::new(), |(low, high)| format!("  [{low:.3}, {high:.3}]"))
    };
    writeln!(out, "labels that met a prediction: {}, that met none: {unmatched}", pairs.len())?;
    writeln!(
        out,
        "intervals: 95 % percentile bootstrap over labels, {} resamples, seed {seed}\n",
        bootstrap.resamples
    )?;
    writeln!(out, "macro-F1  {}{}", shown(confusion.macro_f1()), interval(Confusion::macro_f1))?;
    writeln!(out, "accuracy  {}{}\n", shown(confusion.accuracy()), interval(Confusion::accuracy))?;
    write_stances(out, &stances, &confusion)
}

fn write_stances(out: &mut impl Write, stances: &[&str], confusion: &Confusion) -> Result<()> {
    let width = stances.iter().map(|id| id.len()).max().unwrap_or(0).max(9);
    writeln!(out, "{:width$}  precision  recall  F1     support", "stance")?;
    for (stance, id) in stances.iter().enumerate() {
        let [precision, recall, f1] =
            [confusion.precision(stance), confusion.recall(stance), confusion.f1(stance)].map(shown);
        writeln!(out, "{id:width$}  {precision:9}  {recall:6}  {f1:5}  {}", confusion.support(stance))?;
    }
    let header: Vec<String> = stances.iter().map(|id| format!("{id:>width$}")).collect();
    writeln!(out, "\nrows: hand labels, columns: predictions\n{:width$}  {}", "", header.join("  "))?;
    for (id, counts) in stances.iter().zip(confusion.rows()) {
        let cells: Vec<String> = counts.iter().map(|count| format!("{count:>width$}")).collect();
        writeln!(out, "{id:width$}  {}", cells.join("  "))?;
    }
    Ok(())
}

/// A metric with three decimals; `n/a` where it is undefined.
fn shown(value: Option<f64>) -> String {
    value.map_or("n/a".to_owned(), |value| format!("{value:.3}"))
}
