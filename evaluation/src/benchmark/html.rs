use super::terminal::megabytes;
use super::{Benchmark, Cost, Curve, Entry};
use crate::comparison::{Comparison, p_in_words};
use crate::report::html::{cell, figure, named_row, page, table};
use crate::report::svg::{Axis, Mark, chart, escaped};

impl Benchmark {
    /// The report as one page that needs nothing else, in the style of an evaluation's.
    #[must_use]
    pub fn to_html(&self) -> String {
        let body = [
            self.heading(),
            "<main>\n<h2>Classifiers</h2>\n".to_owned(),
            self.ranking(),
            self.drawings(),
            self.differences(),
            self.settings(),
            format!(
                "</main>\n<footer class=\"quiet\"><p>{}, benchmark version {}</p></footer>\n",
                escaped(&self.program),
                self.version
            ),
        ];
        page("Benchmark of classifiers", &body.concat())
    }

    fn heading(&self) -> String {
        let intervals = self.intervals;
        let note = |note: &String| format!("<p class=\"note\">{}</p>\n", escaped(note));
        let notes: String = self.notes.iter().map(note).collect();
        format!(
            "<header>\n<h1>Benchmark of classifiers</h1>\n<p>{}</p>\n<p>{}</p>\n<p class=\"quiet\">{}. In brackets: {:.0} % intervals by {}, {} \
            resamples of whole {}, seed {}.</p>\n{notes}</header>\n",
            escaped(&self.labels.join(", ")),
            escaped(&self.data_in_words()),
            escaped(&self.method_in_words()),
            100.0 * intervals.level,
            intervals.method,
            intervals.resamples,
            intervals.resampled,
            intervals.seed
        )
    }

    fn ranking(&self) -> String {
        let rows: String = self.classifiers.iter().map(row).collect();
        let figures: Vec<String> = self.columns().into_iter().map(|(_, name)| name).collect();
        let figures = figures.iter().map(String::as_str);
        let costs = ["training, s", "labelling, texts/s", "memory, MB", "bundle, MB"];
        let header: Vec<&str> = ["classifier"].into_iter().chain(figures).chain(costs).collect();
        let explained = format!(
            "<p class=\"quiet\">* the first, and what cannot be shown to differ from it in macro-F1. Costs are of one core. Training is with the \
            choice of settings, the embeddings given; of what has an encoder of its own, with all that this encoder costs. Labelling is with the \
            encoder ({:.0} texts/s) where embeddings are seen. Memory is the most that a process had which does both on embeddings, program and \
            data included. A bundle always holds an encoder (as it is, {} MB).</p>\n",
            1.0 / self.encoder.seconds_per_text.max(1e-9),
            megabytes(self.encoder.bytes)
        );
        table(&header, &rows) + &explained
    }

    fn drawings(&self) -> String {
        let scatter = figure(
            "Cost against quality",
            &self.cost_against_quality(),
            "Towards the upper left is better. Lines are intervals; a label&#39;s line leads to its dot.",
        );
        let curve = self.curve.as_ref().map(learning).unwrap_or_default();
        format!("<h2>Drawings</h2>\n<div class=\"drawings\">\n{scatter}{curve}</div>\n")
    }

    fn cost_against_quality(&self) -> String {
        let mark = |entry: &Entry| {
            let (seconds, f1) = (entry.cost.label_seconds_per_thousand, &entry.headline[0]);
            let upwards = f1.value?;
            let tip = format!("{}: macro-F1 {upwards:.3}, {seconds:.3} s a thousand texts", entry.name);
            Some(Mark { across: seconds, upwards, interval: f1.low.zip(f1.high), name: entry.name.clone(), tip })
        };
        let marks: Vec<Mark> = self.classifiers.iter().filter_map(mark).collect();
        let across = Axis { name: "seconds to label a thousand texts", logarithmic: true };
        let upwards = Axis { name: "macro-F1", logarithmic: false };
        chart("Macro-F1 against the seconds that labelling a thousand texts takes", &across, &upwards, &marks, false)
    }

    fn differences(&self) -> String {
        if self.comparisons.is_empty() {
            return String::new();
        }
        let level = self.intervals.level;
        let rows: String = self.comparisons.iter().map(|pair| difference(pair, level)).collect();
        let header = [
            "pair",
            "real",
            "macro-F1, points",
            "interval",
            "p after Holm",
            "only first right",
            "only second right",
            "McNemar: p after Holm",
        ];
        format!(
            "<h2>Differences</h2>\n<p class=\"verdict\">{}</p>\n<details><summary>All pairs</summary>\n{}</details>\n",
            escaped(&self.verdict()),
            table(&header, &rows)
        )
    }

    fn settings(&self) -> String {
        let row = |entry: &Entry| {
            let chosen: Vec<String> =
                entry.settings.iter().map(|chosen| format!("{} ({} times)", chosen.settings, chosen.times)).collect();
            named_row(&entry.name, &format!("<td>{}</td>", escaped(&chosen.join("; "))))
        };
        let rows: String = self.classifiers.iter().map(row).collect();
        format!(
            "<h2>Settings that were chosen</h2>\n<div class=\"words\">\n{}</div>\n",
            table(&["classifier", "settings"], &rows)
        )
    }
}

fn row(entry: &Entry) -> String {
    let Cost { train_seconds, texts_per_second, peak_memory_bytes, bundle_bytes, .. } = entry.cost;
    let figures: String = entry.headline.iter().map(cell).collect();
    let memory = peak_memory_bytes.map_or("unknown".to_owned(), megabytes);
    let costs = [format!("{train_seconds:.1}"), format!("{texts_per_second:.0}"), memory, megabytes(bundle_bytes)];
    let costs = costs.map(|cost| format!("<td>{cost}</td>")).concat();
    let mark = if entry.is_best { " *" } else { "" };
    named_row(&format!("{}. {}{mark}", entry.rank, entry.name), &(figures + &costs))
}

fn difference(pair: &Comparison, level: f64) -> String {
    let one = &pair.differences[0];
    let points = |value: Option<f64>| value.map_or("undefined".to_owned(), |value| format!("{:+.1}", 100.0 * value));
    let p = |value: Option<f64>| value.map_or("none".to_owned(), |value| escaped(&p_in_words(value)));
    let cells = [
        if pair.is_shown(level) { "yes" } else { "not shown" }.to_owned(),
        points(one.value),
        format!("[{}, {}]", points(one.low), points(one.high)),
        p(one.p_holm),
        pair.mcnemar.first_only.to_string(),
        pair.mcnemar.second_only.to_string(),
        p(Some(pair.mcnemar.p_holm)),
    ];
    named_row(&format!("{} − {}", pair.first, pair.second), &cells.map(|cell| format!("<td>{cell}</td>")).concat())
}

fn learning(curve: &Curve) -> String {
    let mark = |point: &super::Point| {
        let f1 = &point.headline[0];
        let upwards = f1.value?;
        let tip = format!("{:.0} texts: macro-F1 {upwards:.3}", point.trained);
        Some(Mark { across: point.trained, upwards, interval: f1.low.zip(f1.high), name: String::new(), tip })
    };
    let marks: Vec<Mark> = curve.points.iter().filter_map(mark).collect();
    let across = Axis { name: "texts trained on", logarithmic: false };
    let upwards = Axis { name: "macro-F1", logarithmic: false };
    let drawing =
        chart("Learning curve: macro-F1 against the number of texts trained on", &across, &upwards, &marks, true);
    let caption = format!("{} on shares of what it is trained on; lines are intervals.", escaped(&curve.classifier));
    figure("Learning curve", &drawing, &caption)
}
