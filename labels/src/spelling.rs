use std::collections::HashMap;

use crate::Scheme;

/// Which stance (or target) a file means, however it spells it: by its id, by its name, or by its position in the scheme's order from 0.
///
/// Capitals, blanks, hyphens and underscores make no difference, and a position may be written as pandas writes whole numbers (`2.0`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spellings {
    folded: HashMap<String, usize>,
    count: usize,
}

impl Spellings {
    /// The spellings of stances that are known by their ids only.
    pub fn of_ids<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        Self::of(ids.into_iter().map(|id| (id, id)))
    }

    /// The spellings of pairs of id and name. An id goes before another stance's name.
    pub(crate) fn of<'a>(stances: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let stances: Vec<_> = stances.into_iter().collect();
        let mut folded: HashMap<String, usize> = stances.iter().map(|(id, _)| *id).map(fold).zip(0..).collect();
        for (at, (_, name)) in stances.iter().enumerate() {
            folded.entry(fold(name)).or_insert(at);
        }
        Self { folded, count: stances.len() }
    }

    /// The position of the stance meant, if there is one.
    #[must_use]
    pub fn find(&self, spelling: &str) -> Option<usize> {
        self.folded.get(&fold(spelling)).copied().or_else(|| class_index(spelling).filter(|&at| at < self.count))
    }

    /// Whether two spellings differ by capitals, blanks, hyphens and underscores at most.
    pub(crate) fn same(first: &str, second: &str) -> bool {
        fold(first) == fold(second)
    }
}

impl Scheme {
    /// The ways in which files may name the stances.
    #[must_use]
    pub fn spellings(&self) -> Spellings {
        Spellings::of(self.stances.iter().map(|stance| (stance.id.as_str(), stance.name.as_str())))
    }

    /// The id of the stance that a file means.
    ///
    /// # Errors
    /// When there is none; names those that there are.
    pub fn id_of(&self, spelling: &str) -> Result<String, String> {
        let found = self.spellings().find(spelling).map(|at| self.stances[at].id.clone());
        found.ok_or_else(|| self.unknown(spelling))
    }

    /// Says that a file means none of the stances, and how it can call each.
    #[must_use]
    pub fn unknown(&self, spelling: &str) -> String {
        let names: Vec<&str> = self.stances.iter().map(|stance| stance.name.as_str()).collect();
        format!(
            "`{spelling}` is no stance of the scheme ({}), nor the name of one ({})",
            self.ids().join(", "),
            names.join(", ")
        )
    }
}

/// The number that stands for a class, if the text is one.
#[must_use]
pub fn class_index(spelling: &str) -> Option<usize> {
    let digits = spelling.trim();
    digits.strip_suffix(".0").unwrap_or(digits).parse().ok()
}

fn fold(spelling: &str) -> String {
    let same = |letter: char| if letter.is_whitespace() || letter == '-' { '_' } else { letter };
    spelling.trim().to_lowercase().chars().map(same).collect()
}

#[cfg(test)]
mod tests {
    use super::Spellings;
    use crate::Scheme;

    #[test]
    fn stances_are_found_however_they_are_spelt() {
        let spellings = Scheme::sex_work_law().spellings();
        let cases = [
            ("nordic_model", Some(1)),
            (" Nordic model ", Some(1)),
            ("NORDIC-MODEL", Some(1)),
            ("Decriminalisation", Some(0)),
            ("0", Some(0)),
            ("2.0", Some(2)),
            ("3", None),
            ("-1", None),
            ("1.5", None),
            ("nordic", None),
            ("", None),
        ];
        for (spelling, expected) in cases {
            assert_eq!(spellings.find(spelling), expected, "{spelling:?}");
        }
    }

    #[test]
    fn a_stance_called_by_a_number_is_found_by_its_name() {
        assert_eq!(Spellings::of_ids(["1", "0"]).find("1"), Some(0));
    }
}
