use std::collections::BTreeSet;

use anyhow::{Result, bail};
use standpoint_labels::HandLabel;

use super::predictions::Predictions;
use super::problems::say_first;

/// The stances of all files: those of the first columns `p_...` in their order, or, where no file has such columns, all that occur, sorted.
pub(super) fn of_all(sets: &[Predictions], labels: &[HandLabel]) -> Result<Vec<String>> {
    let of_columns = sets.iter().map(|set| &set.probability_stances).find(|stances| !stances.is_empty());
    if let Some(stances) = of_columns {
        sets.iter().try_for_each(|set| check(set, stances))?;
        return Ok(stances.clone());
    }
    let predicted: BTreeSet<&str> = sets.iter().flat_map(|set| &set.rows).map(|row| row.stance.as_str()).collect();
    let labelled: BTreeSet<&str> = labels.iter().map(|label| label.stance.as_str()).collect();
    if predicted.is_disjoint(&labelled) {
        bail!(
            "labels ({}) and predictions ({}) have no stance in common; are they of the same scheme?",
            listed(&labelled),
            listed(&predicted)
        );
    }
    Ok((&predicted | &labelled).into_iter().map(str::to_owned).collect())
}

fn listed(stances: &BTreeSet<&str>) -> String {
    stances.iter().copied().collect::<Vec<_>>().join(", ")
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
    let problems: Vec<String> = (1..)
        .zip(&set.rows)
        .filter(|(_, row)| !stances.contains(&row.stance))
        .map(|(at, row): (u64, _)| format!("{file}: row {at}: `{}` is none of {}", row.stance, stances.join(", ")))
        .collect();
    say_first(&problems);
    if !problems.is_empty() {
        bail!("{file}: {} row(s) have a stance that the others do not know", problems.len());
    }
    Ok(())
}
