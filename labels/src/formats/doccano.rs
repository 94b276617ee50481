//! doccano's JSON lines: `text` with `label`, a list of names for text classification and of `[start, end, name]` for sequence labelling.
//!
//! Positions count UTF-16 code units, as its editor does (doccano issue 2290). doccano writes a file an annotator, named after them. Its own
//! `id` numbers the rows of its data base, so it is not what the text's owner calls the text. Source: doccano `data_export/pipeline`.

use serde_json::{Value, json};

use super::Format;
use super::json::{self, Object, list, word_at};
use super::positions::{Positions, Unit};
use super::record::{Judgement, Record, Who};

/// Under what keys labels stand: of a classification or a sequence, of older versions, of relation projects, of intent detection.
const LABEL_KEYS: [&str; 4] = ["label", "labels", "entities", "cats"];

pub(super) const FORMAT: Format = Format { recognises, read, write, array: false };

fn recognises(example: &Object) -> bool {
    let has_text = ["text", "data"].iter().any(|key| example.get(*key).is_some_and(Value::is_string));
    has_text && LABEL_KEYS.iter().any(|key| example.get(*key).is_some_and(Value::is_array))
}

fn read(example: &Object) -> Result<Record, String> {
    let who = Who::Annotator(word_at(example, "annotator"));
    let mut record = Record {
        text: json::text(example)?,
        id: word_at(example, "text_id"),
        document: json::document(example),
        target: json::target(example),
        ..Record::default()
    };
    let labels = LABEL_KEYS.iter().flat_map(|key| list(example, key));
    let (spans, names): (Vec<&Value>, Vec<&Value>) = labels.partition(|label| label.is_array() || label.is_object());
    let text = record.text.clone();
    let positions = Positions::new(&text);
    for span in &spans {
        let [start, end, name] = parts(span);
        record.part(&who, positions.span(start, end, Unit::Utf16), name, None);
    }
    if spans.is_empty() {
        record.choice(&who, &names.into_iter().cloned().collect::<Vec<_>>(), None);
    }
    Ok(record)
}

/// Start, end and name of a span: an array of the three, or an object.
fn parts(span: &Value) -> [Option<&Value>; 3] {
    match span {
        Value::Array(_) => [span.get(0), span.get(1), span.get(2)],
        _ => [span.get("start_offset"), span.get("end_offset"), span.get("label")],
    }
}

fn write(record: &Record) -> Vec<Value> {
    let positions = Positions::new(&record.text);
    let label = |judgement: &Judgement| match judgement.span.map(|span| positions.in_utf16(span)) {
        None => json!(judgement.stance),
        Some((start, end)) => json!([start, end, judgement.stance]),
    };
    let example = |(annotator, judgements): (&str, Vec<&Judgement>)| {
        let mut example = Object::new();
        example.insert("text".to_owned(), record.text.clone().into());
        example.insert("label".to_owned(), judgements.into_iter().map(label).collect());
        example.extend(record.id.as_ref().map(|id| ("text_id".to_owned(), id.clone().into())));
        example.extend(record.named(&["document", "target"]));
        example.insert("annotator".to_owned(), annotator.into());
        Value::Object(example)
    };
    record.by_annotator().into_iter().map(example).collect()
}
