use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};
use standpoint_labels::{HandLabel, Place, Scheme, Spellings, Target};
use standpoint_models::Passage;

use super::hand_labels;
use super::input::Columns;
use super::problems::{FIRST_PROBLEMS, say_first};
use super::sources::{self, Source};

/// Texts with hand labels, ready to learn from.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct LabelledTexts {
    pub(crate) texts: Vec<String>,
    /// What each text's stance is towards; none where the scheme has no targets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) targets: Vec<Target>,
    /// How much each text counts in training; none where all count the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    weights: Vec<f64>,
    /// The position of each text's stance in the scheme.
    pub(crate) labels: Vec<usize>,
    /// What each text belongs to.
    pub(crate) groups: Vec<String>,
    /// The document that each text is part of.
    pub(crate) documents: Vec<String>,
}

impl LabelledTexts {
    /// A text with what its stance is towards.
    pub(crate) fn passage(&self, text: usize) -> Passage<'_> {
        Passage { text: &self.texts[text], target: self.targets.get(text) }
    }

    /// The texts with what their stances are towards.
    pub(crate) fn passages(&self) -> Vec<Passage<'_>> {
        (0..self.texts.len()).map(|text| self.passage(text)).collect()
    }

    /// What an encoder reads of each text.
    pub(crate) fn encoded(&self) -> Vec<Cow<'_, str>> {
        (0..self.texts.len()).map(|text| self.passage(text).encoded()).collect()
    }

    /// How much each text counts in training, where not all count the same.
    pub(crate) fn weights(&self) -> Option<&[f64]> {
        (!self.weights.is_empty()).then_some(&self.weights)
    }

    /// Texts of each stance, in the scheme's order.
    pub(crate) fn counts(&self, scheme: &Scheme) -> Vec<usize> {
        let mut counts = vec![0; scheme.stances.len()];
        self.labels.iter().for_each(|&label| counts[label] += 1);
        counts
    }

    /// Some of the texts, by their positions.
    pub(crate) fn select(&self, texts: &[usize]) -> Self {
        let strings = |of: &[String]| texts.iter().map(|&text| of[text].clone()).collect();
        Self {
            texts: strings(&self.texts),
            targets: texts.iter().filter_map(|&text| self.targets.get(text).cloned()).collect(),
            weights: texts.iter().filter_map(|&text| self.weights.get(text).copied()).collect(),
            labels: texts.iter().map(|&text| self.labels[text]).collect(),
            groups: strings(&self.groups),
            documents: strings(&self.documents),
        }
    }

    /// Number of groups.
    pub(crate) fn group_count(&self) -> usize {
        self.groups.iter().collect::<BTreeSet<_>>().len()
    }
}

/// Reads label files and, for stand-off labels, the documents they are about.
///
/// Every row must be usable: a bundle trained on part of what was given would be a silent loss. Answers that judge nothing are counted.
pub(crate) fn read(files: &[PathBuf], corpus: &[String], columns: &Columns, scheme: &Scheme) -> Result<LabelledTexts> {
    let sources = sources::read(corpus, columns)?;
    let spellings = scheme.spellings();
    let mut found = LabelledTexts::default();
    let mut problems = Vec::new();
    for file in files {
        let of_file = hand_labels::read(file, Some(scheme))?;
        problems.extend(of_file.problems.iter().map(ToString::to_string));
        let known = Known { sources: &sources, own: &of_file.documents, spellings: &spellings, scheme };
        for label in &of_file.labels {
            if let Err(reason) = found.add(label, &known) {
                problems.push(format!("{}: row {}: {reason}", file.display(), label.row));
            }
        }
    }
    if problems.is_empty() {
        return Ok(found);
    }
    say_first(&problems);
    bail!(
        "{} label(s) cannot be used (the first {} are named above); mend or remove them",
        problems.len(),
        problems.len().min(FIRST_PROBLEMS)
    )
}

/// What labels may be of.
struct Known<'a> {
    /// The documents of the corpus.
    sources: &'a BTreeMap<String, Source>,
    /// The documents that the label file holds itself.
    own: &'a BTreeMap<String, String>,
    spellings: &'a Spellings,
    scheme: &'a Scheme,
}

impl Known<'_> {
    fn text(&self, document: &str) -> Option<&str> {
        self.sources.get(document).map(|source| &source.text).or_else(|| self.own.get(document)).map(String::as_str)
    }

    /// What a judged text must not be parted from.
    fn group<'a>(&'a self, place: &'a Place) -> &'a str {
        match place {
            Place::Text { .. } => document(place),
            Place::Span { document, .. } => self.sources.get(document).map_or(document, |source| &source.group),
        }
    }
}

/// The document that a judged text is part of; a text that names none is its own.
fn document(place: &Place) -> &str {
    match place {
        Place::Text { text, id, document } => document.as_ref().or(id.as_ref()).unwrap_or(text),
        Place::Span { document, .. } => document,
    }
}

impl LabelledTexts {
    /// Adds the texts of `other` after its own.
    pub(crate) fn append(&mut self, other: Self) {
        let Self { texts, targets, weights, labels, groups, documents } = other;
        if !(self.weights.is_empty() && weights.is_empty()) {
            self.weights.resize(self.texts.len(), 1.0);
            self.weights.extend(weights);
            self.weights.resize(self.texts.len() + texts.len(), 1.0);
        }
        self.texts.extend(texts);
        self.targets.extend(targets);
        self.labels.extend(labels);
        self.groups.extend(groups);
        self.documents.extend(documents);
    }

    fn add(&mut self, label: &HandLabel, known: &Known<'_>) -> Result<(), String> {
        let stance = known.spellings.find(&label.stance).ok_or_else(|| known.scheme.unknown(&label.stance))?;
        let target = known.scheme.target(label.target.as_deref())?;
        let text = label.place.text(|document| known.text(document))?.to_owned();
        if label.weight.is_some() || !self.weights.is_empty() {
            self.weights.resize(self.texts.len(), 1.0);
            self.weights.push(label.weight.unwrap_or(1.0));
        }
        self.texts.push(text);
        self.targets.extend(target.cloned());
        self.labels.push(stance);
        self.groups.push(known.group(&label.place).to_owned());
        self.documents.push(document(&label.place).to_owned());
        Ok(())
    }
}
