//! A text with what was said of it: what the files of all labelling tools have in common.

use std::collections::BTreeMap;

use serde_json::Value;
use standpoint_corpus::Span;

use super::json::{Object, word};
use super::positions::{Positions, Unit};
use crate::{HandLabel, Place};

/// A text with what was said of it.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) text: String,
    /// What the file's owner calls the text.
    pub(super) id: Option<String>,
    /// The document that the text is, or belongs to.
    pub(super) document: Option<String>,
    /// What stances are towards, where the file says so.
    pub(super) target: Option<String>,
    pub(super) judgements: Vec<Judgement>,
    /// Why answers were passed over, one entry an answer.
    pub(super) skipped: Vec<String>,
    /// Why answers cannot be used, one entry an answer.
    pub(super) problems: Vec<String>,
}

/// One stance given to a text or to a part of it.
#[derive(Debug)]
pub(super) struct Judgement {
    pub(super) who: Who,
    /// The part judged; none for all of the text.
    pub(super) span: Option<Span>,
    pub(super) stance: String,
    /// How sure a model is of this stance, or of each.
    pub(super) scores: Vec<(String, f64)>,
}

/// Who judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Who {
    /// A person, where the file says who.
    Annotator(Option<String>),
    Model,
}

impl Record {
    pub(super) fn skip(&mut self, reason: &str) {
        self.skipped.push(reason.to_owned());
    }

    /// Adds a stance of the whole text.
    pub(super) fn whole(&mut self, who: &Who, stance: String, scores: Vec<(String, f64)>) {
        self.judgements.push(Judgement { who: who.clone(), span: None, stance, scores });
    }

    /// Adds the stances that someone chose for the whole text, of which there should be one.
    pub(super) fn choice(&mut self, who: &Who, chosen: &[Value], score: Option<f64>) {
        match (chosen, chosen.first().and_then(word)) {
            ([], _) => self.skip("without a stance"),
            ([_], Some(stance)) => {
                let scores = score.map(|score| (stance.clone(), score)).into_iter().collect();
                self.whole(who, stance, scores);
            }
            ([other], None) => self.problems.push(format!("`{other}` is no stance; expected its name")),
            _ => self.problems.push(format!("{} stances are chosen; a text has one", chosen.len())),
        }
    }

    /// Adds a stance of a part of the text.
    pub(super) fn part(&mut self, who: &Who, span: Result<Span, String>, stance: Option<&Value>, score: Option<f64>) {
        match (span, stance.and_then(word)) {
            (Err(reason), _) => self.problems.push(reason),
            (_, None) => self.problems.push("a span has no stance".to_owned()),
            (Ok(span), Some(stance)) => {
                let scores = score.map(|score| (stance.clone(), score)).into_iter().collect();
                self.judgements.push(Judgement { who: who.clone(), span: Some(span), stance, scores });
            }
        }
    }

    /// Adds the stances of parts given as objects with `start`, `end` and `label`.
    pub(super) fn parts(&mut self, who: &Who, spans: &[Value], score: Option<f64>) {
        let text = std::mem::take(&mut self.text);
        let positions = Positions::new(&text);
        for span in spans {
            let found = positions.span(span.get("start"), span.get("end"), Unit::Characters);
            self.part(who, found, span.get("label"), score);
        }
        self.text = text;
    }

    /// The annotators' labels. `file` is the name of the file, `row` the place of the record in it, counted from 1.
    pub(super) fn hand_labels(&self, file: &str, row: u64) -> Vec<HandLabel> {
        let positions = Positions::new(&self.text);
        let label = |judgement: &Judgement| {
            let Who::Annotator(annotator) = &judgement.who else { return None };
            Some(HandLabel {
                place: self.place(judgement.span, &positions, &format!("{file}:{row}")),
                target: self.target.clone(),
                stance: judgement.stance.trim().to_owned(),
                weight: None,
                annotator: annotator.clone().unwrap_or_else(|| file.to_owned()),
                row,
            })
        };
        self.judgements.iter().filter_map(label).collect()
    }

    /// What a judgement is about. A part of a text whose document has no name is a text of its own, since nothing could find it again.
    pub(super) fn place(&self, span: Option<Span>, positions: &Positions<'_>, unnamed: &str) -> Place {
        match (span, &self.document) {
            (None, document) => {
                Place::Text { text: self.text.clone(), id: self.id.clone(), document: document.clone() }
            }
            (Some(span), Some(document)) => Place::Span { document: document.clone(), span },
            (Some(span), None) => {
                Place::Text { text: positions.cut(span).to_owned(), id: None, document: Some(unnamed.to_owned()) }
            }
        }
    }

    /// What the record is called and towards what its stances are, under those of the keys `id`, `document` and `target` that are asked for, where
    /// it is known.
    pub(super) fn named(&self, keys: &[&str]) -> Object {
        let known = [("id", &self.id), ("document", &self.document), ("target", &self.target)];
        let asked = known.into_iter().filter(|(key, _)| keys.contains(key));
        asked.filter_map(|(key, name)| Some((key.to_owned(), name.clone()?.into()))).collect()
    }

    /// Whether a part of a document is judged that can be found again by the document's name.
    pub(super) fn has_spans(&self) -> bool {
        self.document.is_some() && self.judgements.iter().any(|judgement| judgement.span.is_some())
    }

    /// The annotators with their judgements, in order of first appearance.
    pub(super) fn by_annotator(&self) -> Vec<(&str, Vec<&Judgement>)> {
        let mut found: Vec<(&str, Vec<&Judgement>)> = Vec::new();
        for judgement in &self.judgements {
            let Who::Annotator(Some(name)) = &judgement.who else { continue };
            match found.iter_mut().find(|(known, _)| known == name) {
                Some((_, judgements)) => judgements.push(judgement),
                None => found.push((name, vec![judgement])),
            }
        }
        found
    }
}

/// The texts and documents that labels are about, each with its labels, in order of first appearance.
///
/// # Errors
/// When the text of a span is not among `documents`, or shorter than the span's end.
pub(super) fn collect(labels: &[HandLabel], documents: &BTreeMap<String, String>) -> Result<Vec<Record>, String> {
    let mut records: Vec<Record> = Vec::new();
    let mut places: BTreeMap<Identity<'_>, usize> = BTreeMap::new();
    for label in labels {
        let span = match &label.place {
            Place::Text { .. } => None,
            Place::Span { span, .. } => {
                label.place.text(|id| documents.get(id).map(String::as_str))?;
                Some(*span)
            }
        };
        let record = *places.entry(identity(label)).or_insert_with(|| {
            records.push(empty(label, documents));
            records.len() - 1
        });
        let who = Who::Annotator(Some(label.annotator.clone()));
        records[record].judgements.push(Judgement { who, span, stance: label.stance.clone(), scores: Vec::new() });
    }
    Ok(records)
}

/// What tells the record of a label from others: text, id and document, or for a part its document; and the target.
type Identity<'a> = [Option<&'a str>; 4];

fn identity(label: &HandLabel) -> Identity<'_> {
    let target = label.target.as_deref();
    match &label.place {
        Place::Text { text, id, document } => [Some(text), id.as_deref(), document.as_deref(), target],
        Place::Span { document, .. } => [None, None, Some(document), target],
    }
}

fn empty(label: &HandLabel, documents: &BTreeMap<String, String>) -> Record {
    let (text, id, document) = match &label.place {
        Place::Text { text, id, document } => (text.clone(), id.clone(), document.clone()),
        Place::Span { document, .. } => {
            (documents.get(document).cloned().unwrap_or_default(), None, Some(document.clone()))
        }
    };
    Record { text, id, document, target: label.target.clone(), ..Record::default() }
}
