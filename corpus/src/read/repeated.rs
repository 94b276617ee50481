use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

/// The ids that are remembered at most, a hash each: memory must not grow with the dump.
const REMEMBERED: usize = 1 << 18;

/// Documents of a [`super::Corpus`] that are called as an earlier one, known as far as it was read.
///
/// What is said of a document by its id could then be of any of them. Only ids that are among the first 262,144 are found again.
#[derive(Debug, Clone, Default)]
pub struct RepeatedIds(Arc<Mutex<Found>>);

#[derive(Debug, Default)]
struct Found {
    seen: HashSet<u64>,
    first: Option<String>,
    count: usize,
}

impl RepeatedIds {
    pub(super) fn note(&self, file: &str, row: u64, id: &str) {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        let hash = hasher.finish();
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if found.seen.contains(&hash) {
            found.count += 1;
            found.first.get_or_insert_with(|| format!("{file}: row {row}: an earlier document is called `{id}` too"));
        } else if found.seen.len() < REMEMBERED {
            found.seen.insert(hash);
        }
    }

    /// Names the first that repeats an id, with file and row, and says how many do and what to do; `None` when none does.
    #[must_use]
    pub fn notice(&self) -> Option<String> {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let first = found.first.as_ref()?;
        Some(format!(
            "{first}; in all {} row(s) repeat an id, and hand labels that name it could mean either; give every row its own, or name \
             another column with --id-column",
            found.count
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::{REMEMBERED, RepeatedIds};

    #[test]
    fn the_first_is_named_and_all_are_counted() {
        let repeated = RepeatedIds::default();
        for (row, id) in (1..).zip(["a", "b", "a", "c", "b"]) {
            repeated.note("in.csv", row, id);
        }
        let notice = repeated.notice().unwrap_or_default();
        assert!(
            notice.starts_with("in.csv: row 3: an earlier document is called `a` too; in all 2 row(s)"),
            "{notice}"
        );
    }

    #[test]
    fn no_more_ids_are_remembered_than_fit() {
        let repeated = RepeatedIds::default();
        (0..=REMEMBERED).for_each(|id| repeated.note("in.csv", 1, &id.to_string()));
        assert_eq!(repeated.notice(), None);
        repeated.note("in.csv", 1, &REMEMBERED.to_string());
        assert_eq!(repeated.notice(), None);
        repeated.note("in.csv", 1, "0");
        assert!(repeated.notice().is_some());
    }
}
