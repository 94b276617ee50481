use std::collections::BTreeSet;

use anyhow::{Result, bail};
use standpoint_labels::{HandLabel, Scheme, Spellings, class_index};

use super::predictions::Predictions;
use crate::commands::problems::say_first;

/// The stances of all files, which then call each by its id: those of the scheme or of the first columns `p_...`, in their order, or else all
/// that occur, sorted. Without a scheme, the project's own counts where the predictions are of it.
pub(super) fn of_all(
    sets: &mut [Predictions],
    labels: &mut [HandLabel],
    scheme: Option<&Scheme>,
) -> Result<Vec<String>> {
    if let Some(scheme) = scheme {
        rename(sets, labels, &scheme.spellings(), &ids(scheme));
        rename_targets(sets, labels, scheme);
    } else if let Some(scheme) = implied(sets, labels) {
        rename(sets, labels, &scheme.spellings(), &ids(&scheme));
    }
    let of_columns = sets.iter().map(|set| &set.probability_stances).find(|stances| !stances.is_empty()).cloned();
    if let Some(stances) = of_columns.or_else(|| scheme.map(ids)) {
        rename(sets, labels, &Spellings::of_ids(stances.iter().map(String::as_str)), &stances);
        sets.iter().try_for_each(|set| check(set, &stances))?;
        return Ok(stances);
    }
    occurring(sets, labels)
}

fn ids(scheme: &Scheme) -> Vec<String> {
    scheme.ids().into_iter().map(str::to_owned).collect()
}

/// The project's own scheme, where all stances of the predictions that are no mere numbers are its, and something is.
fn implied(sets: &[Predictions], labels: &[HandLabel]) -> Option<Scheme> {
    let scheme = Scheme::sex_work_law();
    let spellings = scheme.spellings();
    let predicted = sets.iter().flat_map(|set| set.rows.iter().map(|row| &row.stance).chain(&set.probability_stances));
    let mut named = predicted.filter(|stance| class_index(stance).is_none()).peekable();
    let is_one = |stance: &String| class_index(stance).is_none() && spellings.find(stance).is_some();
    let some = named.peek().is_some() || labels.iter().any(|label| is_one(&label.stance));
    (some && named.all(is_one)).then_some(scheme)
}

/// Calls every stance that is found by its id.
fn rename(sets: &mut [Predictions], labels: &mut [HandLabel], spellings: &Spellings, ids: &[String]) {
    let to_id = |stance: &mut String| {
        if let Some(at) = spellings.find(stance) {
            stance.clone_from(&ids[at]);
        }
    };
    for set in sets {
        set.probability_stances.iter_mut().for_each(to_id);
        set.rows.iter_mut().for_each(|row| to_id(&mut row.stance));
    }
    for label in labels {
        to_id(&mut label.stance);
    }
}

/// Calls every target that is found by its id.
fn rename_targets(sets: &mut [Predictions], labels: &mut [HandLabel], scheme: &Scheme) {
    let of_sets = sets.iter_mut().flat_map(|set| &mut set.rows).map(|row| &mut row.place.target);
    for target in of_sets.chain(labels.iter_mut().map(|label| &mut label.target)) {
        if let Ok(Some(found)) = scheme.target(target.as_deref()) {
            *target = Some(found.id.clone());
        }
    }
}

/// All stances that occur, sorted. No number stands for a stance here, since nothing says in which order they are counted.
fn occurring(sets: &mut [Predictions], labels: &mut [HandLabel]) -> Result<Vec<String>> {
    let predicted: BTreeSet<String> = sets.iter().flat_map(|set| &set.rows).map(|row| row.stance.clone()).collect();
    let spellings = Spellings::of_ids(predicted.iter().map(String::as_str));
    let ids: Vec<String> = predicted.iter().cloned().collect();
    let (_, named): (Vec<_>, Vec<_>) = labels.iter_mut().partition(|label| class_index(&label.stance).is_some());
    for label in named {
        if let Some(at) = spellings.find(&label.stance) {
            label.stance.clone_from(&ids[at]);
        }
    }
    let labelled: BTreeSet<String> = labels.iter().map(|label| label.stance.clone()).collect();
    if predicted.is_disjoint(&labelled) {
        bail!(
            "labels ({}) and predictions ({}) have no stance in common; are they of the same scheme?",
            listed(&labelled),
            listed(&predicted)
        );
    }
    Ok((&predicted | &labelled).into_iter().collect())
}

fn listed(stances: &BTreeSet<String>) -> String {
    stances.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// Whether a set of predictions is of these stances.
fn check(set: &Predictions, stances: &[String]) -> Result<()> {
    let file = set.file.display();
    let own: BTreeSet<&String> = set.probability_stances.iter().collect();
    if !own.is_empty() && own != stances.iter().collect() {
        bail!(
            "{file}: its probabilities are of {}, those of the first file of {}; only predictions of one scheme can be compared",
            set.probability_stances.join(", "),
            stances.join(", ")
        );
    }
    let problems: Vec<String> = set
        .rows
        .iter()
        .filter(|row| !stances.contains(&row.stance))
        .map(|row| format!("{file}: row {}: `{}` is none of {}", row.number, row.stance, stances.join(", ")))
        .collect();
    say_first(&problems);
    if !problems.is_empty() {
        bail!("{file}: {} row(s) have a stance that the others do not know", problems.len());
    }
    Ok(())
}
