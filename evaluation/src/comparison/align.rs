use std::collections::{BTreeMap, BTreeSet};

use super::Named;

/// Keeps of every set the examples whose label (by its row) has a prediction in all sets, sorted by that row, so that sets can be compared
/// label by label. Documents are named as in the first set.
#[must_use]
pub fn align(sets: &[Named]) -> Vec<Named> {
    let rows = |set: &Named| set.examples.iter().map(|example| example.row).collect::<BTreeSet<_>>();
    let shared = sets.iter().map(rows).reduce(|one, other| &one & &other).unwrap_or_default();
    let documents: BTreeMap<u64, &str> = sets
        .first()
        .map(|set| set.examples.iter().map(|example| (example.row, example.document.as_str())).collect())
        .unwrap_or_default();
    let kept = |set: &Named| {
        let mut examples: Vec<_> =
            set.examples.iter().filter(|example| shared.contains(&example.row)).cloned().collect();
        examples.sort_by_key(|example| example.row);
        for example in &mut examples {
            if let Some(&document) = documents.get(&example.row) {
                document.clone_into(&mut example.document);
            }
        }
        Named { name: set.name.clone(), examples }
    };
    sets.iter().map(kept).collect()
}
