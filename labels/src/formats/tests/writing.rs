//! What is written is read again.

use std::collections::BTreeMap;

use standpoint_corpus::Span;

use super::{read_file, shown, with_file};
use crate::formats::{Tool, read, table, write};
use crate::{HandLabel, Place};

/// Labels of every sort: with and without names, of texts and spans, behind an emoji, by two annotators.
fn labels() -> (Vec<HandLabel>, BTreeMap<String, String>) {
    let name = |name: &str| Some(name.to_owned()).filter(|name| !name.is_empty());
    let text = |text: &str, id: &str, document: &str| Place::Text {
        text: text.to_owned(),
        id: name(id),
        document: name(document),
    };
    let span = |document: &str, start, end| Place::Span { document: document.to_owned(), span: Span { start, end } };
    let label = |place: &Place, stance: &str, annotator: &str| HandLabel {
        place: place.clone(),
        target: None,
        stance: stance.to_owned(),
        weight: None,
        annotator: annotator.to_owned(),
        row: 0,
    };
    let towards = |target: &str, label: HandLabel| HandLabel { target: name(target), ..label };
    let keep = text("-Keep it, \"they\" said;\nor not", "c1", "d0");
    let labels = vec![
        label(&keep, "favour", "ann"),
        label(&text("Close it", "", ""), "against", "ann"),
        label(&keep, "none", "ben"),
        label(&text("Close it", "c3", ""), "against", "ann"),
        label(&span("d1", 2, 10), "favour", "ann"),
        label(&span("d1", 11, 20), "against", "ben"),
        label(&span("d1", 11, 20), "none", "ann"),
        label(&span("d2", 0, 4), "none", "7"),
        towards("lamps", label(&keep, "against", "ann")),
        towards("river", label(&keep, "favour", "ann")),
        towards("lamps", label(&span("d2", 0, 4), "favour", "7")),
    ];
    let documents = [("d1", "🚲 Keep it. Close it."), ("d2", "Voilà.")];
    (labels, documents.map(|(id, text)| (id.to_owned(), text.to_owned())).into())
}

/// Labels without their rows, sorted.
fn sorted(labels: &[HandLabel]) -> Vec<String> {
    let mut lines: Vec<String> = labels.iter().map(|label| shown(&HandLabel { row: 0, ..label.clone() })).collect();
    lines.sort();
    lines
}

#[test]
fn what_is_written_is_read_again() {
    let (labels, documents) = labels();
    for tool in Tool::ALL {
        let mut bytes = Vec::new();
        write(tool, &labels, &documents, &mut bytes).unwrap();
        let found = with_file("file.json", &bytes, |file| read(file, None).unwrap());
        assert_eq!(sorted(&found.labels), sorted(&labels), "{tool:?}: {}", String::from_utf8_lossy(&bytes));
        assert_eq!((found.problems.len(), found.skipped.len(), &found.documents), (0, 0, &documents), "{tool:?}");
        let mut again = Vec::new();
        write(tool, &found.labels, &found.documents, &mut again).unwrap();
        let twice = with_file("file.json", &again, |file| read(file, None).unwrap());
        assert_eq!(sorted(&twice.labels), sorted(&labels), "{tool:?}");
    }
}

#[test]
fn a_table_holds_all_that_labels_have_and_no_more() {
    let (labels, _) = labels();
    let csv = |labels: &[HandLabel]| {
        let (header, rows) = table(labels);
        let mut writer = csv::Writer::from_writer(Vec::new());
        std::iter::once(header).chain(rows).for_each(|row| writer.write_record(row).unwrap());
        String::from_utf8(writer.into_inner().unwrap()).unwrap()
    };
    assert_eq!(sorted(&read_file("a.csv", &csv(&labels)).labels), sorted(&labels));
    let weighty = HandLabel { weight: Some(0.5), ..labels[1].clone() };
    assert_eq!(csv(&[weighty]), "text,stance,weight,annotator\nClose it,against,0.5,ann\n");
    assert!(csv(&labels[1..2]).starts_with("text,stance,annotator\n"));
    assert!(csv(&labels[4..8]).starts_with("document,start,end,stance,annotator\n"));
    assert!(csv(&labels[8..]).starts_with("id,document,start,end,target,text,stance,annotator\n"));
}

#[test]
fn spans_of_unknown_documents_cannot_be_written() {
    let (labels, _) = labels();
    let error = write(Tool::Prodigy, &labels, &BTreeMap::new(), &mut Vec::new()).unwrap_err();
    assert!(error.to_string().contains("no document `d1` was read"), "{error}");
}
