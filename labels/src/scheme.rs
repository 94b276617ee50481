use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Target;

/// A set of stances, in the order of a prediction's probabilities. Any set of two or more works; nothing else in the code knows their names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// Short name in lower case, for files and reports.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Where the rules for labellers are written, relative to the scheme's file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codebook: Option<String>,
    /// The stances, in order.
    #[serde(rename = "stance")]
    pub stances: Vec<Stance>,
    /// What the stances may be towards, where that differs from text to text; empty where every text is about the same.
    #[serde(rename = "target", default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
}

/// One stance of a scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stance {
    /// What label files and column names call it: lower-case letters, digits and underscores.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// One sentence that says what a text of this stance does.
    pub definition: String,
    /// Sentences that follow from a text of this stance and not from others, for labelling without hand labels: see
    /// [`Stance::hypotheses_on`]. May be empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hypotheses: Vec<String>,
}

/// Why a scheme file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemeError {
    /// Not TOML, or a field is missing or unknown; the message names the line.
    #[error("the scheme is not valid: {0}")]
    Syntax(#[from] toml::de::Error),
    /// Fewer than two stances.
    #[error("scheme `{scheme}` has {found} stance(s); a scheme needs at least two [[stance]] tables")]
    TooFew {
        /// The scheme's id.
        scheme: String,
        /// Number of stances found.
        found: usize,
    },
    /// An id that cannot be a column name, or that stands twice.
    #[error("scheme `{scheme}`: {of} id `{id}` {problem}")]
    Id {
        /// The scheme's id.
        scheme: String,
        /// What has the id: a stance or a target.
        of: &'static str,
        /// The id found.
        id: String,
        /// What is wrong with it and what to write.
        problem: &'static str,
    },
}

impl Scheme {
    /// Reads a scheme from TOML.
    ///
    /// # Errors
    /// When the text is not a scheme, has fewer than two stances, or an id is malformed or stands twice.
    pub fn parse(toml: &str) -> Result<Self, SchemeError> {
        let scheme: Self = toml::from_str(toml)?;
        scheme.check()?;
        Ok(scheme)
    }

    /// The scheme of the project: decriminalisation, Nordic model, undecided.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "the file is compiled in and a test parses it")]
    pub fn sex_work_law() -> Self {
        Self::parse(include_str!("../schemes/sex-work-law.toml")).expect("the scheme compiled in is valid")
    }

    /// The position of the stance called `id` in the scheme's order.
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        self.stances.iter().position(|stance| stance.id == id)
    }

    /// The ids of all stances, in order.
    #[must_use]
    pub fn ids(&self) -> Vec<&str> {
        self.stances.iter().map(|stance| stance.id.as_str()).collect()
    }

    fn check(&self) -> Result<(), SchemeError> {
        if self.stances.len() < 2 {
            return Err(SchemeError::TooFew { scheme: self.id.clone(), found: self.stances.len() });
        }
        self.check_ids("stance", self.stances.iter().map(|stance| &stance.id))?;
        self.check_ids("target", self.targets.iter().map(|target| &target.id))
    }

    fn check_ids<'a>(&self, of: &'static str, ids: impl Iterator<Item = &'a String>) -> Result<(), SchemeError> {
        let mut seen = BTreeSet::new();
        for id in ids {
            let problem = if id.is_empty() || !id.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_')) {
                "is not made of lower-case letters, digits and underscores; rename it"
            } else if !seen.insert(id) {
                "stands twice; rename one"
            } else {
                continue;
            };
            return Err(SchemeError::Id { scheme: self.id.clone(), of, id: id.clone(), problem });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Scheme;

    #[test]
    fn the_default_scheme_has_three_stances_in_order() {
        assert_eq!(Scheme::sex_work_law().ids(), ["decriminalisation", "nordic_model", "undecided"]);
    }

    #[test]
    fn the_default_scheme_has_hypotheses_for_every_stance() {
        let hypotheses: Vec<Vec<String>> =
            Scheme::sex_work_law().stances.into_iter().map(|stance| stance.hypotheses).collect();
        assert!(hypotheses.iter().all(|of_stance| of_stance.len() == hypotheses[0].len() && of_stance.len() > 1));
    }

    #[test]
    fn any_other_set_of_stances_is_a_scheme() {
        let toml = "id='s'\nname='S'\n[[stance]]\nid='favour'\nname='F'\ndefinition=''\n[[stance]]\nid='against'\nname='A'\ndefinition=''\n";
        assert_eq!(Scheme::parse(toml).map(|scheme| scheme.position("against")).ok(), Some(Some(1)));
    }

    #[test]
    fn targets_are_written_where_there_are_any() {
        let stance = |id: &str| format!("[[stance]]\nid = \"{id}\"\nname = \"\"\ndefinition = \"\"\n\n");
        let without = format!("id = \"s\"\nname = \"S\"\n\n{}{}", stance("one"), stance("two"));
        let with = format!("{without}[[target]]\nid = \"lamps\"\nname = \"Street lamps\"\n");
        for toml in [without.trim_end(), with.trim_end()] {
            let written = Scheme::parse(toml).map(|scheme| toml::to_string(&scheme).unwrap_or_default());
            assert_eq!(written.as_deref().map(str::trim_end).ok(), Some(toml));
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let stance = |id: &str| format!("[[stance]]\nid='{id}'\nname=''\ndefinition=''\n");
        let target = |id: &str| format!("[[target]]\nid='{id}'\nname=''\n");
        let both = stance("one") + &stance("two");
        let cases = [
            (stance("one"), "1 stance(s)"),
            (stance("one") + &stance("one"), "`one` stands twice"),
            (stance("one") + &stance("Two words"), "stance id `Two words` is not made of"),
            (both.clone() + &target("lamps") + &target("lamps"), "target id `lamps` stands twice"),
            (both + &target(""), "target id `` is not made of"),
            ("colour='red'\n".to_owned(), "unknown field `colour`"),
        ];
        for (stances, expected) in cases {
            let found = Scheme::parse(&format!("id='s'\nname='S'\n{stances}")).map_err(|error| error.to_string());
            assert!(found.as_ref().is_err_and(|message| message.contains(expected)), "{expected}: {found:?}");
        }
    }
}
