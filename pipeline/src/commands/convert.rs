use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, ValueEnum};
use standpoint_corpus::read::Reject;
use standpoint_labels::formats::{Tool, table, write};
use standpoint_labels::{HandLabel, LabelFile, Place, Scheme};

use super::input::{Columns, overwritten};
use super::rejects::Rejects;
use super::{hand_labels, schemes, sources, stdin};
use crate::cli::{Common, Outcome};
use crate::console::say;
use crate::export::{Cell, Format, TableWriter};
use crate::output::Output;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  \
    standpoint convert labels/data/adjudicated.csv --corpus corpus/data \\\n      \
        --to label-studio -o tasks.json\n\n\
    What a file is, its content says. Stances are written by their ids; files may also call them by name or number.")]
pub(crate) struct Options {
    /// Label files, or - for standard input: CSV, TSV, JSONL, or what Label Studio, Argilla, doccano or Prodigy exported
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The format to write
    #[arg(long, value_enum, value_name = "FORMAT")]
    to: Target,
    /// Where the labels go [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The scheme of stances, TOML [default: the law of sex work]
    #[arg(long, value_name = "FILE")]
    scheme: Option<PathBuf>,
    /// The documents that stand-off labels are about
    #[arg(long, num_args = 1.., value_name = "INPUT")]
    corpus: Vec<String>,
    #[command(flatten)]
    columns: Columns,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Target {
    /// A table, CSV unless OUT ends in .tsv or .jsonl
    Csv,
    /// JSON to import into Label Studio
    LabelStudio,
    /// Records of Argilla 2, JSON
    Argilla,
    /// JSON lines of doccano
    Doccano,
    /// JSON lines of Prodigy
    Prodigy,
}

impl Target {
    /// The tool whose format it is; none for a table.
    fn tool(self) -> Option<Tool> {
        match self {
            Self::Csv => None,
            Self::LabelStudio => Some(Tool::LabelStudio),
            Self::Argilla => Some(Tool::Argilla),
            Self::Doccano => Some(Tool::Doccano),
            Self::Prodigy => Some(Tool::Prodigy),
        }
    }
}

pub(crate) fn run(options: &Options, common: Common) -> Result<Outcome> {
    for file in Rejects::written(options.out.as_deref()) {
        ensure!(!options.files.iter().any(|input| is_same(input, &file)), overwritten(&file));
    }
    stdin::only_once(options.files.iter().map(PathBuf::as_path).chain(options.corpus.iter().map(Path::new)))?;
    let mut rejects = Rejects::beside(options.out.as_deref())?;
    let labels = Collected::read(options, &mut rejects)?;
    if labels.labels.is_empty() {
        rejects.finish()?;
        bail!("there is no label to write");
    }
    labels.write(options.to, options.out.as_deref())?;
    if !common.quiet {
        let annotators: BTreeSet<&str> = labels.labels.iter().map(|label| label.annotator.as_str()).collect();
        say(format_args!("{} labels of {} annotator(s) written", labels.labels.len(), annotators.len()));
    }
    rejects.finish()
}

/// The labels of all files, and the documents that their spans are about.
struct Collected {
    labels: Vec<HandLabel>,
    documents: BTreeMap<String, String>,
}

impl Collected {
    fn read(options: &Options, rejects: &mut Rejects) -> Result<Self> {
        let scheme = schemes::read_or_default(options.scheme.as_deref())?;
        let corpus = sources::read(&options.corpus, &options.columns)?;
        let documents = corpus.into_iter().map(|(id, source)| (id, source.text)).collect();
        let mut all = Self { labels: Vec::new(), documents };
        let mut seen = BTreeMap::new();
        for file in &options.files {
            let found = hand_labels::read(file, Some(&scheme))?;
            all.take_documents(&found)?;
            let mut reject = |row, reason| rejects.add(Reject { file: file.display().to_string(), row, reason });
            found.problems.into_iter().try_for_each(|problem| reject(problem.row, problem.reason))?;
            for label in found.labels {
                let row = label.row;
                let checked = all.check(label, &scheme, options.to);
                match checked.and_then(|label| first_of(&mut seen, &label, file).map(|()| label)) {
                    Ok(label) => all.labels.push(label),
                    Err(reason) => reject(row, reason)?,
                }
            }
        }
        Ok(all)
    }

    fn take_documents(&mut self, found: &LabelFile) -> Result<()> {
        for (id, text) in &found.documents {
            if self.documents.entry(id.clone()).or_insert_with(|| text.clone()) != text {
                bail!(
                    "{}: document `{id}` has another text than in what was read before; rename one",
                    found.file.display()
                );
            }
        }
        Ok(())
    }

    /// The label with the ids of its stance and its target, if it can be written. A table does not need the texts of spans.
    fn check(&self, label: HandLabel, scheme: &Scheme, target: Target) -> Result<HandLabel, String> {
        let needs_text = match &label.place {
            Place::Text { .. } => false,
            Place::Span { document, .. } => target.tool().is_some() || self.documents.contains_key(document),
        };
        if needs_text {
            label.place.text(|document| self.documents.get(document).map(String::as_str))?;
        }
        scheme.resolve(label)
    }

    fn write(&self, target: Target, out: Option<&Path>) -> Result<()> {
        let mut output = Output::open(out)?;
        let name = || out.map_or_else(|| "standard output".to_owned(), |out| out.display().to_string());
        if let Some(tool) = target.tool() {
            write(tool, &self.labels, &self.documents, &mut output)
                .with_context(|| format!("{}: cannot be written", name()))?;
            return output.finish();
        }
        let (header, rows) = table(&self.labels);
        let mut writer = TableWriter::new(output, Format::of(out)?, header, false)?;
        rows.into_iter().try_for_each(|row| writer.row(row.into_iter().map(Cell::Text).collect()))?;
        writer.finish()?.finish()
    }
}

/// Whether both paths lead to one file that is there.
fn is_same(one: &Path, other: &Path) -> bool {
    one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

/// Where each annotator judged each text first.
type Seen = BTreeMap<(Place, Option<String>, String), (PathBuf, u64)>;

/// Says where the annotator judged the same already.
fn first_of(seen: &mut Seen, label: &HandLabel, file: &Path) -> Result<(), String> {
    let key = (label.place.clone(), label.target.clone(), label.annotator.clone());
    if let Some((first, row)) = seen.get(&key) {
        return Err(format!(
            "`{}` judged the same in {}, row {row}; keep one of the two",
            label.annotator,
            first.display()
        ));
    }
    seen.insert(key, (file.to_owned(), label.row));
    Ok(())
}
