use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

use anyhow::{Result, bail};
use standpoint_corpus::Document;
use standpoint_corpus::read::Record;
use standpoint_labels::{HandLabel, Place, Scheme, read as read_labels};

use super::input::Columns;
use crate::console::say;

/// Rows named before training is refused.
const FIRST_PROBLEMS: usize = 20;
/// The corpus column that keeps documents together which must not be parted, such as the two of a contrast pair.
const GROUP_COLUMN: &str = "group";

/// Texts with hand labels, ready to learn from.
#[derive(Debug, Default)]
pub(crate) struct LabelledTexts {
    pub(crate) texts: Vec<String>,
    /// The position of each text's stance in the scheme.
    pub(crate) labels: Vec<usize>,
    /// What each text belongs to.
    pub(crate) groups: Vec<String>,
    /// The document that each text is part of.
    pub(crate) documents: Vec<String>,
}

impl LabelledTexts {
    /// Texts of each stance, in the scheme's order.
    pub(crate) fn counts(&self, scheme: &Scheme) -> Vec<usize> {
        let mut counts = vec![0; scheme.stances.len()];
        self.labels.iter().for_each(|&label| counts[label] += 1);
        counts
    }

    /// Number of groups.
    pub(crate) fn group_count(&self) -> usize {
        self.groups.iter().collect::<BTreeSet<_>>().len()
    }
}

/// A document that stand-off labels may be about.
struct Source {
    text: String,
    group: String,
}

/// Reads label files and, for stand-off labels, the documents they are about.
///
/// Every row must be usable: a bundle trained on part of what was given would be a silent loss.
pub(crate) fn read(files: &[PathBuf], corpus: &[String], columns: &Columns, scheme: &Scheme) -> Result<LabelledTexts> {
    let sources = read_sources(corpus, columns)?;
    let mut found = LabelledTexts::default();
    let mut problems = Vec::new();
    for file in files {
        let (labels, wrong) = read_labels(file)?;
        problems.extend(wrong.iter().map(ToString::to_string));
        for label in labels {
            if let Err(reason) = found.add(&label, &sources, scheme) {
                problems.push(format!("{}: row {}: {reason}", file.display(), label.row));
            }
        }
    }
    if problems.is_empty() {
        return Ok(found);
    }
    problems.iter().take(FIRST_PROBLEMS).for_each(say);
    bail!(
        "{} label(s) cannot be used (the first {} are named above); mend or remove them",
        problems.len(),
        problems.len().min(FIRST_PROBLEMS)
    )
}

impl LabelledTexts {
    fn add(&mut self, label: &HandLabel, sources: &HashMap<String, Source>, scheme: &Scheme) -> Result<(), String> {
        let known = || scheme.ids().join(", ");
        let stance = scheme
            .position(&label.stance)
            .ok_or_else(|| format!("`{}` is no stance of the scheme ({})", label.stance, known()))?;
        let (text, document, group) = match &label.place {
            Place::Text { text, id, document } => {
                let document = document.as_ref().or(id.as_ref()).unwrap_or(text);
                (text.clone(), document, document)
            }
            Place::Span { document, span } => {
                let source = sources
                    .get(document)
                    .ok_or_else(|| format!("no document `{document}` was read; give its file with --corpus"))?;
                let text = span.of(&source.text).ok_or_else(|| {
                    format!(
                        "{}..{} lies outside document `{document}` of {} characters",
                        span.start,
                        span.end,
                        source.text.chars().count()
                    )
                })?;
                (text.to_owned(), document, &source.group)
            }
        };
        self.texts.push(text);
        self.labels.push(stance);
        self.groups.push(group.clone());
        self.documents.push(document.clone());
        Ok(())
    }
}

fn read_sources(inputs: &[String], columns: &Columns) -> Result<HashMap<String, Source>> {
    if inputs.is_empty() {
        return Ok(HashMap::new());
    }
    let corpus = columns.open(inputs)?;
    let group_column = corpus.columns.iter().position(|column| column == GROUP_COLUMN);
    let mut sources = BTreeMap::new();
    for record in corpus {
        match record? {
            Record::Reject(reject) => bail!("{}: row {}: {}", reject.file, reject.row, reject.reason),
            Record::Document(Document { id, text, fields }) => {
                let group = group_column
                    .map(|at| fields[at].clone())
                    .filter(|group| !group.is_empty())
                    .unwrap_or_else(|| id.clone());
                if sources.insert(id.clone(), Source { text, group }).is_some() {
                    bail!(
                        "two documents are called `{id}`, so a stand-off label could mean either; rename one or name --id-column"
                    );
                }
            }
        }
    }
    Ok(sources.into_iter().collect())
}
