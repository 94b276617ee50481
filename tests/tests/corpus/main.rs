//! Holds the corpus and its hand labels to what the data statements in `corpus/data` and `corpus/documents` promise of them, and the tweets in
//! `labels/tweets`.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

mod balance;
mod likeness;
mod tweets;

use std::collections::{BTreeMap, BTreeSet};

use standpoint_corpus::read::{Corpus, ReadSettings, Record};
use standpoint_corpus::{Span, Unit, segment};
use standpoint_labels::agreement::{Ratings, krippendorff_alpha};
use standpoint_labels::{HandLabel, Place, Scheme, read};
use standpoint_tests::{Table, in_workspace};

/// The folder of `corpus` and of `labels` whose passages are balanced over stances, lengths and kinds.
const BALANCED: &[&str] = &["data"];
/// Whole documents are what they are in reality.
const ALL: &[&str] = &["data", "documents"];

/// A document of the corpus.
struct Document {
    text: String,
    kind: String,
    /// What it belongs to, such as the pair of which it is one half; empty where it stands alone.
    group: String,
    /// Whether it is one of the whole documents.
    is_whole: bool,
}

/// A labelled part of a document.
struct Passage {
    document: String,
    span: Span,
    text: String,
    kind: String,
    /// What must not be parted: the document's group, or else the document.
    group: String,
    /// The position of the stance in the scheme.
    stance: usize,
}

impl Passage {
    /// Words as white space parts them.
    fn words(&self) -> usize {
        self.text.split_whitespace().count()
    }

    /// Where it stands, for messages.
    fn place(&self) -> String {
        format!("{} {}..{}", self.document, self.span.start, self.span.end)
    }
}

fn documents(folders: &[&str]) -> BTreeMap<String, Document> {
    let inputs = folders.iter().map(|folder| in_workspace("corpus").join(folder).display().to_string()).collect();
    let corpus = Corpus::open(&ReadSettings { inputs, ..ReadSettings::default() }).unwrap();
    let column = |name: &str| corpus.columns.iter().position(|column| column == name).unwrap();
    let (kind, group) = (column("kind"), column("group"));
    let mut documents = BTreeMap::new();
    for record in corpus {
        let Record::Document(found) = record.unwrap() else { continue };
        let document = Document {
            text: found.text,
            kind: found.fields[kind].text().into_owned(),
            group: found.fields[group].text().into_owned(),
            is_whole: found.id.starts_with("whole-"),
        };
        assert!(documents.insert(found.id.clone(), document).is_none(), "two documents are called {}", found.id);
    }
    documents
}

fn labels(folders: &[&str], file: &str) -> Vec<HandLabel> {
    let of_folder = |folder: &&str| {
        let found = read(&in_workspace("labels").join(folder).join(file), None).unwrap();
        assert!(found.problems.is_empty(), "{:?}", found.problems);
        found.labels
    };
    folders.iter().flat_map(of_folder).collect()
}

fn place(label: &HandLabel) -> (&str, Span) {
    match &label.place {
        Place::Span { document, span } => (document, *span),
        Place::Text { .. } => panic!("row {}: a label beside a corpus is stand-off", label.row),
    }
}

/// The passages of the corpus with the labels that were settled on.
fn passages(folders: &[&str]) -> Vec<Passage> {
    let (documents, scheme) = (documents(folders), Scheme::sex_work_law());
    let of_label = |label: &HandLabel| {
        let (id, span) = place(label);
        let document = &documents[id];
        let group = if document.group.is_empty() { id } else { &document.group };
        Passage {
            document: id.to_owned(),
            span,
            text: span.of(&document.text).unwrap().to_owned(),
            kind: document.kind.clone(),
            group: group.to_owned(),
            stance: scheme.position(&label.stance).unwrap(),
        }
    };
    labels(folders, "adjudicated.csv").iter().map(of_label).collect()
}

/// Fails with the first of the failures.
fn none_of(failures: &[String]) {
    let first: Vec<&str> = failures.iter().take(20).map(String::as_str).collect();
    assert!(failures.is_empty(), "{} in all, the first are\n{}", failures.len(), first.join("\n"));
}

/// The text that a label is about, or what is wrong with its place. In whole documents headings and captions are labelled by themselves that
/// the segmenter may join with what follows.
fn labelled_text<'a>(label: &HandLabel, documents: &'a BTreeMap<String, Document>) -> Result<&'a str, &'static str> {
    let (id, span) = place(label);
    let document = documents.get(id).ok_or("there is no such document")?;
    let text = span.of(&document.text).ok_or("it reaches beyond the document")?;
    if document.is_whole {
        return if text.trim() == text && !text.is_empty() {
            Ok(text)
        } else {
            Err("it is empty or has white space at its ends")
        };
    }
    let segments = segment(&document.text, Unit::Passage);
    let bounds = (segments.iter().any(|s| s.span.start == span.start), segments.iter().any(|s| s.span.end == span.end));
    if bounds == (true, true) { Ok(text) } else { Err("it does not begin and end where passages do") }
}

#[test]
fn every_label_is_of_whole_passages_and_of_the_scheme() {
    let (documents, scheme) = (documents(ALL), Scheme::sex_work_law());
    let mut failures = Vec::new();
    for file in ["adjudicated.csv", "second.csv", "writer.csv"] {
        let mut seen = BTreeSet::new();
        for label in labels(ALL, file) {
            let problem = if scheme.position(&label.stance).is_none() {
                Some("its stance is not of the scheme")
            } else if seen.insert(label.place.clone()) {
                labelled_text(&label, &documents).err()
            } else {
                Some("its passage was labelled before")
            };
            failures.extend(problem.map(|problem| format!("{file}: {label:?}: {problem}")));
        }
    }
    none_of(&failures);
}

#[test]
fn pairs_have_two_or_three_documents_each_of_another_stance() {
    let mut pairs: BTreeMap<String, Vec<Passage>> = BTreeMap::new();
    for passage in passages(ALL).into_iter().filter(|passage| passage.group != passage.document) {
        pairs.entry(passage.group.clone()).or_default().push(passage);
    }
    let is_pair = |members: &[Passage]| {
        let documents: BTreeSet<&str> = members.iter().map(|passage| passage.document.as_str()).collect();
        let stances: BTreeSet<usize> = members.iter().map(|passage| passage.stance).collect();
        (2..=3).contains(&members.len()) && documents.len() == members.len() && stances.len() == members.len()
    };
    let wrong: Vec<String> =
        pairs.iter().filter(|(_, members)| !is_pair(members)).map(|(group, _)| group.clone()).collect();
    none_of(&wrong);
    assert!(pairs.len() >= 150, "{} pairs", pairs.len());
}

#[test]
fn a_second_annotator_agrees_and_every_disagreement_was_settled() {
    let labels = |file| labels(ALL, file);
    let ratings = Ratings::collect(&[labels("writer.csv"), labels("second.csv")].concat()).unwrap();
    let shared = ratings.shared().count();
    let alpha = krippendorff_alpha(ratings.shared(), ratings.stances.len()).unwrap();
    assert!(shared >= 800 && alpha >= 0.8, "{shared} passages were labelled twice, alpha is {alpha:.3}");
    let notes = ALL.iter().flat_map(|folder| {
        let file = in_workspace("labels").join(folder).join("adjudicated.csv");
        Table::csv(&std::fs::read(file).unwrap()).column("note").into_iter().map(str::to_owned).collect::<Vec<_>>()
    });
    let with_note: BTreeSet<Place> = labels("adjudicated.csv")
        .into_iter()
        .zip(notes)
        .filter_map(|(label, note)| (!note.trim().is_empty()).then_some(label.place))
        .collect();
    let settled: BTreeSet<Place> = labels("adjudicated.csv").into_iter().map(|label| label.place).collect();
    let without: Vec<String> = ratings
        .disagreements()
        .filter(|unit| settled.contains(&unit.place) && !with_note.contains(&unit.place))
        .map(|unit| format!("no note on {:?}", unit.place))
        .collect();
    none_of(&without);
}
