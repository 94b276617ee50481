//! Prodigy's JSON lines (`db-out`): tasks with an `answer`, and a `label`, the options chosen (`accept`), or `spans`.
//!
//! Positions count Unicode code points: they are those of spaCy's tokens. Source: <https://prodi.gy/docs/api-interfaces>.

use serde_json::{Value, json};

use super::Format;
use super::json::{self, Object, list, word, word_at};
use super::record::{Judgement, Record, Who};

pub(super) const FORMAT: Format = Format { recognises, read, write, array: false };

fn recognises(task: &Object) -> bool {
    task.get("text").is_some_and(Value::is_string) && ["answer", "_task_hash"].iter().any(|key| task.contains_key(*key))
}

fn read(task: &Object) -> Result<Record, String> {
    let empty = Object::new();
    let meta = task.get("meta").and_then(Value::as_object).unwrap_or(&empty);
    let mut record = Record {
        text: json::text(task)?,
        id: word_at(meta, "id"),
        document: json::document(meta).or_else(|| json::document(task)),
        target: json::target(meta).or_else(|| json::target(task)),
        ..Record::default()
    };
    match task.get("answer").and_then(Value::as_str) {
        Some("accept") => accepted(&mut record, task),
        Some("reject") => record.skip("rejected"),
        Some("ignore") => record.skip("ignored"),
        Some(other) => return Err(format!("the answer `{other}` is none of accept, reject, ignore")),
        None => record.skip("without an answer"),
    }
    Ok(record)
}

/// An accepted task. Spans beside a label or options only show why the text was picked.
fn accepted(record: &mut Record, task: &Object) {
    let who = Who::Annotator(word_at(task, "_annotator_id").or_else(|| word_at(task, "_session_id")));
    let score = task.get("score").and_then(Value::as_f64);
    if task.contains_key("accept") {
        let options = list(task, "options");
        let chosen: Vec<Value> = list(task, "accept").iter().map(|id| option_name(id, options)).collect();
        record.choice(&who, &chosen, None);
    } else if let Some(label) = task.get("label").filter(|label| !label.is_null()) {
        record.choice(&who, std::slice::from_ref(label), score);
    } else if list(task, "spans").is_empty() {
        record.skip("without a stance");
    } else {
        record.parts(&who, list(task, "spans"), None);
    }
}

/// What an option is called: its id, or its text where the id is a mere number.
fn option_name(id: &Value, options: &[Value]) -> Value {
    let option = options.iter().find(|option| option.get("id").and_then(word) == word(id));
    let text = option.and_then(|option| option.get("text")).filter(|text| text.is_string());
    let numbered = word(id).is_some_and(|id| id.trim().parse::<f64>().is_ok());
    text.filter(|_| numbered).unwrap_or(id).clone()
}

fn write(record: &Record) -> Vec<Value> {
    let task = |(annotator, judgements): (&str, Vec<&Judgement>)| {
        let mut task = Object::new();
        task.insert("text".to_owned(), record.text.clone().into());
        match judgements.iter().find(|judgement| judgement.span.is_none()) {
            Some(judgement) => task.insert("label".to_owned(), judgement.stance.clone().into()),
            None => task.insert("spans".to_owned(), judgements.into_iter().filter_map(span).collect()),
        };
        task.insert("meta".to_owned(), record.named(&["id", "document", "target"]).into());
        task.insert("answer".to_owned(), "accept".into());
        task.insert("_annotator_id".to_owned(), annotator.into());
        Value::Object(task)
    };
    record.by_annotator().into_iter().map(task).collect()
}

fn span(judgement: &Judgement) -> Option<Value> {
    let span = judgement.span?;
    Some(json!({ "start": span.start, "end": span.end, "label": judgement.stance }))
}
