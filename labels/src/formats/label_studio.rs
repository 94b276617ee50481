//! Label Studio's JSON export: tasks with `data`, `annotations` and `predictions`.
//!
//! Positions count Unicode code points (label-studio-frontend pull request 308, 2021); older exports count UTF-16 code units. A span quotes its
//! text, which tells the two apart. Source: <https://labelstud.io/guide/task_format> and the editor's test `ner/emoji`.

use serde_json::{Value, json};
use standpoint_corpus::Span;

use super::Format;
use super::json::{self, Object, list, shortened, word, word_at};
use super::positions::{Positions, Unit};
use super::record::{Judgement, Record, Who};

/// The question that is asked when a task asks several.
const QUESTION: &str = "stance";

pub(super) const FORMAT: Format = Format { recognises, read, write, array: true };

fn recognises(task: &Object) -> bool {
    let answered = ["annotations", "completions", "predictions"].iter().any(|key| task.contains_key(*key));
    answered && task.get("data").is_some_and(Value::is_object)
}

fn read(task: &Object) -> Result<Record, String> {
    let data = task.get("data").and_then(Value::as_object).ok_or("the task has no `data`")?;
    let mut record = Record {
        text: json::text(data)?,
        id: word_at(data, "id"),
        document: json::document(data),
        target: json::target(data),
        ..Record::default()
    };
    // Exports of versions before 1.0 say `completions`.
    let annotations = if task.contains_key("annotations") { "annotations" } else { "completions" };
    for annotation in list(task, annotations).iter().filter_map(Value::as_object) {
        let flag = |key: &str| annotation.get(key).and_then(Value::as_bool).unwrap_or(false);
        if flag("was_cancelled") || flag("skipped") {
            record.skip("cancelled");
        } else {
            let who = Who::Annotator(annotator(annotation).or_else(|| word_at(data, "annotator")));
            answer(&mut record, &who, annotation);
        }
    }
    for prediction in list(task, "predictions").iter().filter_map(Value::as_object) {
        answer(&mut record, &Who::Model, prediction);
    }
    if list(task, annotations).is_empty() {
        record.skip("without an annotation");
    }
    Ok(record)
}

/// Who completed an annotation: a number, or a user with address and name.
fn annotator(annotation: &Object) -> Option<String> {
    let user = annotation.get("completed_by")?;
    let of_user = |user: &Object| ["email", "username", "id"].iter().find_map(|key| word_at(user, key));
    word(user).or_else(|| user.as_object().and_then(of_user))
}

/// The results of one annotation or prediction.
fn answer(record: &mut Record, who: &Who, given: &Object) {
    let results: Vec<&Object> = list(given, "result").iter().filter_map(Value::as_object).collect();
    let is_asked = |result: &Object| result.get("from_name").and_then(Value::as_str) == Some(QUESTION);
    let several = results.iter().any(|result| is_asked(result));
    let text = record.text.clone();
    let positions = Positions::new(&text);
    for result in &results {
        let score = [result, given].iter().find_map(|object| object.get("score").and_then(Value::as_f64));
        if several && !is_asked(result) {
            record.skip("to another question");
        } else {
            add(record, who, &positions, result, score);
        }
    }
    if results.is_empty() {
        record.skip("without a stance");
    }
}

fn add(record: &mut Record, who: &Who, positions: &Positions<'_>, result: &Object, score: Option<f64>) {
    let kind = result.get("type").and_then(Value::as_str).unwrap_or_default();
    let empty = Object::new();
    let value = result.get("value").and_then(Value::as_object).unwrap_or(&empty);
    let chosen = list(value, kind);
    match kind {
        "choices" if !value.contains_key("start") => record.choice(who, chosen, score),
        "choices" | "labels" | "hypertextlabels" if chosen.len() == 1 => {
            record.part(who, quoted_span(value, positions), chosen.first(), score);
        }
        "choices" | "labels" | "hypertextlabels" => {
            record.problems.push(format!("{} stances are chosen for a span; it has one", chosen.len()));
        }
        other => record.skip(&format!("of the type `{other}`")),
    }
}

/// The span between `start` and `end`, in whichever unit gives the text that the value quotes.
fn quoted_span(value: &Object, positions: &Positions<'_>) -> Result<Span, String> {
    let span = |unit| positions.span(value.get("start"), value.get("end"), unit);
    let Some(quoted) = value.get("text").and_then(Value::as_str) else { return span(Unit::Characters) };
    let fits = |found: &Result<Span, String>| found.as_ref().is_ok_and(|&span| alike(positions.cut(span), quoted));
    let characters = span(Unit::Characters);
    if fits(&characters) {
        return characters;
    }
    let utf16 = span(Unit::Utf16);
    if fits(&utf16) {
        return utf16;
    }
    let found = positions.cut(characters?);
    Err(format!("the span is said to be `{}` but covers `{}`", shortened(quoted), shortened(found)))
}

/// Whether two texts differ in white space at most; the editor quotes line breaks as a backslash and an n.
fn alike(first: &str, second: &str) -> bool {
    let bare = |text: &str| text.replace("\\n", "").split_whitespace().collect::<String>();
    bare(first) == bare(second)
}

/// One task an annotator, who is named in its data: on import Label Studio refuses annotations that are completed by users it does not know.
fn write(record: &Record) -> Vec<Value> {
    let positions = Positions::new(&record.text);
    let task = |(annotator, judgements): (&str, Vec<&Judgement>)| {
        let results: Vec<Value> = judgements.iter().map(|judgement| result(judgement, &positions)).collect();
        let mut data = Object::new();
        data.insert("text".to_owned(), record.text.clone().into());
        data.extend(record.named(&["id", "document", "target"]));
        data.insert("annotator".to_owned(), annotator.into());
        json!({ "data": data, "annotations": [{ "result": results }] })
    };
    record.by_annotator().into_iter().map(task).collect()
}

fn result(judgement: &Judgement, positions: &Positions<'_>) -> Value {
    match judgement.span {
        None => json!({
            "from_name": QUESTION, "to_name": "text", "type": "choices", "value": { "choices": [judgement.stance] },
        }),
        Some(span) => json!({
            "from_name": QUESTION, "to_name": "text", "type": "labels",
            "value": { "start": span.start, "end": span.end, "text": positions.cut(span), "labels": [judgement.stance] },
        }),
    }
}
