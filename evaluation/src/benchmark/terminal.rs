use std::fmt::{self, Display, Formatter};

use super::{Benchmark, Cost, Curve, Entry};
use crate::Headline;
use crate::comparison::{Comparison, p_in_words};
use crate::report::Figure;

impl Display for Benchmark {
    /// The tables for a terminal; every pair of classifiers is in the JSON and HTML.
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}", self.data_in_words())?;
        writeln!(out, "{}", self.method_in_words())?;
        writeln!(out, "{}", self.intervals)?;
        self.notes.iter().try_for_each(|note| writeln!(out, "note: {note}"))?;
        table(out, self)?;
        differences(out, self)?;
        self.curve.as_ref().map_or(Ok(()), |curve| learning(out, curve))
    }
}

fn table(out: &mut Formatter<'_>, benchmark: &Benchmark) -> fmt::Result {
    let width = benchmark.classifiers.iter().map(|entry| entry.name.len()).max().unwrap_or(0).max(10);
    let columns = benchmark.columns();
    let heading = |(figure, name): &(&Figure, String)| aligned(figure, name, name);
    let figures: String = columns.iter().map(heading).collect();
    writeln!(out, "\n rank  {:width$}{figures}  train s    texts/s  memory MB  bundle MB", "classifier")?;
    benchmark.classifiers.iter().try_for_each(|entry| row(out, entry, width, &columns))?;
    writeln!(out, "*: the first, and what cannot be shown to differ from it in macro-F1")?;
    writeln!(
        out,
        "costs are of one core: training with the choice of settings, the embeddings given, or with all that an encoder of its own costs; \
        labelling, with the encoder ({:.0} texts/s) where embeddings are seen; the most memory of a process that does both; a bundle always holds \
        an encoder (as it is, {} MB)",
        1.0 / benchmark.encoder.seconds_per_text.max(1e-9),
        megabytes(benchmark.encoder.bytes)
    )
}

/// A cell as wide as its column: what has an interval stands to the left, what has none to the right.
fn aligned(figure: &Figure, name: &str, cell: &str) -> String {
    if shows_interval(figure) {
        return format!("  {cell:width$}", width = name.len().max("0.000 [0.000, 0.000]".len()));
    }
    format!("  {cell:>width$}", width = name.len())
}

/// Losses and errors have theirs in the JSON and HTML.
fn shows_interval(figure: &Figure) -> bool {
    ![Headline::LogLoss.id(), Headline::CalibrationError.id()].contains(&figure.id)
}

fn row(out: &mut Formatter<'_>, entry: &Entry, width: usize, columns: &[(&Figure, String)]) -> fmt::Result {
    let Entry { rank, name, is_best, headline, cost, .. } = entry;
    let Cost { train_seconds, texts_per_second, peak_memory_bytes, bundle_bytes, .. } = cost;
    let mark = if *is_best { "*" } else { " " };
    let cell = |(figure, (_, name)): (&Figure, &(&Figure, String))| {
        aligned(figure, name, &if shows_interval(figure) { with_interval(figure) } else { three(figure) })
    };
    let figures: String = headline.iter().zip(columns).map(cell).collect();
    let memory = peak_memory_bytes.map_or("n/a".to_owned(), megabytes);
    writeln!(
        out,
        "{rank:4}{mark}  {name:width$}{figures}  {train_seconds:7.1}  {texts_per_second:9.0}  {memory:>9}  {:>9}",
        megabytes(*bundle_bytes)
    )
}

fn differences(out: &mut Formatter<'_>, benchmark: &Benchmark) -> fmt::Result {
    if benchmark.comparisons.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", benchmark.verdict())?;
    let (_, hidden) = benchmark.pairs();
    if !hidden.is_empty() {
        writeln!(out, "Not shown to differ:")?;
    }
    hidden.into_iter().try_for_each(|pair| writeln!(out, "  {}", in_short(pair)))
}

/// A pair with its difference in macro-F1, in points.
fn in_short(pair: &Comparison) -> String {
    let difference = &pair.differences[0];
    let points = |value: Option<f64>| value.map_or("n/a".to_owned(), |value| format!("{:+.1}", 100.0 * value));
    format!(
        "{} and {}: {} points [{}, {}], {} after Holm's correction",
        pair.first,
        pair.second,
        points(difference.value),
        points(difference.low),
        points(difference.high),
        difference.p_holm.map_or("no p".to_owned(), p_in_words)
    )
}

fn learning(out: &mut Formatter<'_>, curve: &Curve) -> fmt::Result {
    writeln!(out, "\nlearning curve of {}\n texts  {:21}  accuracy", curve.classifier, "macro-F1")?;
    curve.points.iter().try_for_each(|point| {
        let [f1, accuracy] = [&point.headline[0], &point.headline[1]].map(with_interval);
        writeln!(out, "{:6.0}  {f1:21}  {accuracy}", point.trained)
    })
}

fn with_interval(figure: &Figure) -> String {
    let interval = figure.low.zip(figure.high).map(|(low, high)| format!(" [{low:.3}, {high:.3}]")).unwrap_or_default();
    three(figure) + &interval
}

fn three(figure: &Figure) -> String {
    figure.value.map_or("n/a".to_owned(), |value| format!("{value:.3}"))
}

/// Millions of bytes.
pub(super) fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}
