//! Argilla's records as JSON: those of version 2 (`fields`, `responses`, `suggestions`; nested, or flat as in an exported data set), and of
//! version 1 (`annotation`, `prediction`).
//!
//! Positions count Unicode code points, as Argilla's server and Python client do; its editor counts UTF-16 code units (Argilla issue 5729), so
//! spans drawn behind an emoji are displaced in Argilla's own export. Source: `argilla/records/_resource.py`, `_io/_generic.py`; data model 1.8.

use serde_json::{Value, json};

use super::Format;
use super::json::{self, Object, list, word, word_at};
use super::positions::{Positions, Unit};
use super::record::{Judgement, Record, Who};

/// The question that is asked when a record asks several.
const QUESTION: &str = "stance";

pub(super) const FORMAT: Format = Format { recognises, read, write, array: true };

fn recognises(record: &Object) -> bool {
    let nested = record.get("fields").is_some_and(Value::is_object);
    nested || is_flat(record) || (record.contains_key("annotation") && record.contains_key("prediction"))
}

/// Whether answers stand under keys such as `stance.responses`.
fn is_flat(record: &Object) -> bool {
    record.keys().any(|key| key.ends_with(".responses") || key.ends_with(".suggestion"))
}

fn read(object: &Object) -> Result<Record, String> {
    let metadata = object.get("metadata").and_then(Value::as_object);
    let fields = ["fields", "inputs"].iter().find_map(|key| object.get(*key).and_then(Value::as_object));
    let mut record = Record {
        text: fields.and_then(|fields| json::text(fields).ok()).map_or_else(|| json::text(object), Ok)?,
        id: word_at(object, "id"),
        document: metadata.and_then(json::document).or_else(|| json::document(object)),
        target: [metadata, fields, Some(object)].into_iter().flatten().find_map(json::target),
        ..Record::default()
    };
    if object.contains_key("fields") {
        nested(&mut record, object);
    } else if is_flat(object) {
        flat(&mut record, object);
    } else {
        version_1(&mut record, object);
    }
    if record.skipped.is_empty() && record.problems.is_empty() && !record.has_answer() {
        record.skip("without a response");
    }
    Ok(record)
}

impl Record {
    fn has_answer(&self) -> bool {
        self.judgements.iter().any(|judgement| judgement.who != Who::Model)
    }

    /// A value that was given as answer: the name of a stance, a list of names, or a list of spans.
    fn value(&mut self, who: &Who, value: &Value, score: Option<f64>) {
        match value {
            Value::Array(spans) if spans.first().is_some_and(Value::is_object) => self.parts(who, spans, score),
            Value::Array(names) => self.choice(who, names, score),
            Value::Null => self.skip("without a stance"),
            name => self.choice(who, std::slice::from_ref(name), score),
        }
    }

    /// An answer with its status, if it was handed in.
    fn response(&mut self, user: Option<String>, status: Option<&str>, value: &Value) {
        match status {
            Some(status @ ("draft" | "discarded" | "pending")) => self.skip(status),
            _ => self.value(&Who::Annotator(user), value, None),
        }
    }
}

/// The question that counts among those of a record: `stance` where it is one of them, else all.
fn asked<'a>(mut questions: impl Iterator<Item = &'a str>) -> impl Fn(&str) -> bool {
    let chosen = questions.any(|question| question == QUESTION);
    move |question| !chosen || question == QUESTION
}

/// Responses by question, `{"stance": [{"value", "user_id"}]}`, or by user, `[{"user_id", "status", "values": {"stance": {"value"}}}]`.
fn nested(record: &mut Record, object: &Object) {
    let empty = Object::new();
    let by_question = |key: &str| object.get(key).and_then(Value::as_object).unwrap_or(&empty);
    let responses = by_question("responses");
    let is_asked = asked(responses.keys().map(String::as_str));
    for (question, given) in responses {
        for response in given.as_array().into_iter().flatten().filter_map(Value::as_object) {
            add(record, is_asked(question), response, response.get("value"));
        }
    }
    for response in list(object, "responses").iter().filter_map(Value::as_object) {
        let values = response.get("values").and_then(Value::as_object).unwrap_or(&empty);
        let is_asked = asked(values.keys().map(String::as_str));
        values.iter().for_each(|(question, value)| add(record, is_asked(question), response, value.get("value")));
    }
    let suggestions = by_question("suggestions");
    let is_asked = asked(suggestions.keys().map(String::as_str));
    for (_, suggestion) in suggestions.iter().filter(|(question, _)| is_asked(question)) {
        suggest(record, suggestion.get("value"), suggestion.get("score"));
    }
    let question = |suggestion: &'_ Value| suggestion.get("question_name").and_then(Value::as_str).map(str::to_owned);
    let names: Vec<String> = list(object, "suggestions").iter().filter_map(question).collect();
    let is_asked = asked(names.iter().map(String::as_str));
    for (suggestion, _) in list(object, "suggestions").iter().zip(&names).filter(|(_, question)| is_asked(question)) {
        suggest(record, suggestion.get("value"), suggestion.get("score"));
    }
}

fn add(record: &mut Record, asked: bool, response: &Object, value: Option<&Value>) {
    if asked {
        let status = response.get("status").and_then(Value::as_str);
        record.response(word_at(response, "user_id"), status, value.unwrap_or(&Value::Null));
    } else {
        record.skip("to another question");
    }
}

fn suggest(record: &mut Record, value: Option<&Value>, score: Option<&Value>) {
    if let Some(value) = value.filter(|value| !value.is_null()) {
        record.value(&Who::Model, value, score.and_then(Value::as_f64));
    }
}

/// Answers in columns: `stance.responses` beside `.users` and `.status`, `stance.suggestion` beside `.score`.
fn flat(record: &mut Record, object: &Object) {
    let questions = object.keys().filter_map(|key| key.strip_suffix(".responses").or(key.strip_suffix(".suggestion")));
    let is_asked = asked(questions);
    for (key, value) in object {
        if let Some(question) = key.strip_suffix(".responses") {
            let column = |name: &str| list(object, &format!("{key}.{name}"));
            for (at, given) in value.as_array().into_iter().flatten().enumerate() {
                let user = column("users").get(at).and_then(word);
                if is_asked(question) {
                    record.response(user, column("status").get(at).and_then(Value::as_str), given);
                } else {
                    record.skip("to another question");
                }
            }
        } else if let Some(question) = key.strip_suffix(".suggestion").filter(|question| is_asked(question)) {
            suggest(record, Some(value), object.get(&format!("{question}.suggestion.score")));
        }
    }
}

/// A record of version 1: `annotation` is a name, a list of names, or a list of `[name, start, end]`.
fn version_1(record: &mut Record, object: &Object) {
    let who = Who::Annotator(word_at(object, "annotation_agent"));
    let discarded = object.get("status").and_then(Value::as_str) == Some("Discarded");
    match object.get("annotation") {
        _ if discarded => record.skip("discarded"),
        None | Some(Value::Null) => record.skip("without a response"),
        Some(Value::Array(spans)) if spans.first().is_some_and(Value::is_array) => triples(record, &who, spans),
        Some(value) => record.value(&who, value, None),
    }
    let predicted = list(object, "prediction");
    let is_span = |entry: &Value| entry.get(3).is_some() || (entry.get(2).is_some() && entry.is_array());
    if predicted.iter().any(is_span) {
        triples(record, &Who::Model, predicted);
    } else if let Some(scores) = scores(predicted).filter(|scores| !scores.is_empty()) {
        let best = scores.iter().fold(&scores[0], |best, next| if next.1 > best.1 { next } else { best });
        record.whole(&Who::Model, best.0.clone(), scores.clone());
    }
}

/// Spans as `[name, start, end]`, with a score behind those of a model.
fn triples(record: &mut Record, who: &Who, spans: &[Value]) {
    let text = record.text.clone();
    let positions = Positions::new(&text);
    for span in spans {
        let found = positions.span(span.get(1), span.get(2), Unit::Characters);
        record.part(who, found, span.get(0), span.get(3).and_then(Value::as_f64));
    }
}

/// The score of each stance: objects with `label` and `score`, or pairs.
fn scores(predicted: &[Value]) -> Option<Vec<(String, f64)>> {
    let score = |entry: &Value| {
        let (label, score) = match entry {
            Value::Array(_) => (entry.get(0), entry.get(1)),
            _ => (entry.get("label"), entry.get("score")),
        };
        label.and_then(word).zip(score.and_then(Value::as_f64))
    };
    predicted.iter().map(score).collect()
}

/// A record of version 2 with all annotators' answers.
fn write(record: &Record) -> Vec<Value> {
    let response = |(annotator, judgements): (&str, Vec<&Judgement>)| {
        let whole =
            judgements.iter().find(|judgement| judgement.span.is_none()).map(|judgement| json!(judgement.stance));
        let spans = || judgements.iter().filter_map(|judgement| span(judgement)).collect();
        json!({ "value": whole.unwrap_or_else(spans), "user_id": annotator })
    };
    let responses: Vec<Value> = record.by_annotator().into_iter().map(response).collect();
    let mut object = Object::new();
    object.extend(record.id.as_ref().map(|id| ("id".to_owned(), id.clone().into())));
    object.insert("fields".to_owned(), json!({ "text": record.text }));
    object.insert("metadata".to_owned(), record.named(&["document", "target"]).into());
    object.insert("suggestions".to_owned(), json!({}));
    object.insert("responses".to_owned(), json!({ QUESTION: responses }));
    vec![Value::Object(object)]
}

fn span(judgement: &Judgement) -> Option<Value> {
    let span = judgement.span?;
    Some(json!({ "label": judgement.stance, "start": span.start, "end": span.end }))
}
