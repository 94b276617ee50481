//! Files of predictions as a table with the columns that `standpoint label` writes.

use std::collections::BTreeSet;
use std::path::Path;

use super::columns::TARGET_COLUMN;
use super::positions::Positions;
use super::record::{Judgement, Record, Who};
use super::table::Table;
use super::{Content, Format};
use crate::formats::json::Object;
use crate::{LabelError, Place};

/// Reads a file of predictions, or standard input (`-`), whatever its format: a table as it is, a labelling tool's file as a table with the columns `document`, `id`,
/// `start`, `end`, `text`, `stance`, `confidence` and, where every prediction has them, one `p_<stance>` a stance, and `target` where any has one.
///
/// What counts in a tool's file is what a model said (predictions, suggestions), or, where no model said anything, what people did.
///
/// # Errors
/// When the file cannot be read, is not text, or is malformed JSON.
pub fn read_predictions(file: &Path) -> Result<Table, LabelError> {
    let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(match Content::of(file)? {
        Content::Table(table) => table,
        Content::Records(format, objects) => of_records(&read_all(format, objects), &name),
    })
}

type Read = (u64, Result<Record, String>);

fn read_all(format: &Format, objects: Vec<Result<Object, String>>) -> Vec<Read> {
    let read = |object: Result<Object, String>| object.and_then(|object| (format.read)(&object));
    (1..).zip(objects.into_iter().map(read)).collect()
}

fn of_records(records: &[Read], name: &str) -> Table {
    let judgements =
        || records.iter().filter_map(|(_, record)| record.as_ref().ok()).flat_map(|record| &record.judgements);
    let of_model = judgements().any(|judgement| judgement.who == Who::Model);
    let counts = |judgement: &Judgement| (judgement.who == Who::Model) == of_model;
    let stances = scored(judgements().filter(|judgement| counts(judgement)));
    let own = ["document", "id", "start", "end", "text", "stance", "confidence"].map(str::to_owned);
    let of_target = |(_, record): &Read| record.as_ref().is_ok_and(|record| record.target.is_some());
    let has_targets = records.iter().any(of_target).then(|| TARGET_COLUMN.to_owned());
    let probabilities = stances.iter().map(|stance| format!("p_{stance}"));
    let header = own.into_iter().chain(probabilities).chain(has_targets.clone()).collect();
    let mut rows = Vec::new();
    for (row, record) in records {
        match record {
            Err(reason) => rows.push((*row, Err(reason.clone()))),
            Ok(record) => {
                let positions = Positions::new(&record.text);
                let counted = record.judgements.iter().filter(|judgement| counts(judgement));
                rows.extend(record.problems.iter().map(|reason| (*row, Err(reason.clone()))));
                rows.extend(counted.map(|judgement| {
                    let place = record.place(judgement.span, &positions, &format!("{name}:{row}"));
                    let target = has_targets.as_ref().map(|_| record.target.clone().unwrap_or_default());
                    (*row, Ok(cells(place, judgement, &stances).into_iter().chain(target).collect()))
                }));
            }
        }
    }
    Table { header, rows }
}

/// The stances that every judgement scores, if there are two or more; a score of one stance is only a confidence.
fn scored<'a>(judgements: impl Iterator<Item = &'a Judgement>) -> Vec<String> {
    let mut sets =
        judgements.map(|judgement| judgement.scores.iter().map(|(stance, _)| stance).collect::<BTreeSet<_>>());
    let first = sets.next().unwrap_or_default();
    let all = first.len() > 1 && sets.all(|set| set == first);
    first.into_iter().filter(|_| all).cloned().collect()
}

fn cells(place: Place, judgement: &Judgement, stances: &[String]) -> Vec<String> {
    let score = |stance: &String| {
        let found = judgement.scores.iter().find(|(scored, _)| scored == stance);
        found.map(|(_, score)| score.to_string()).unwrap_or_default()
    };
    let [document, id, start, end, text] = match place {
        Place::Text { text, id, document } => {
            [document.unwrap_or_default(), id.unwrap_or_default(), String::new(), String::new(), text]
        }
        Place::Span { document, span } => {
            [document, String::new(), span.start.to_string(), span.end.to_string(), String::new()]
        }
    };
    let own = [document, id, start, end, text, judgement.stance.clone(), score(&judgement.stance)];
    own.into_iter().chain(stances.iter().map(score)).collect()
}
