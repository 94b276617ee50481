use serde::{Deserialize, Serialize};

use crate::{HandLabel, Scheme, Spellings, Stance};

/// What stands for the target's name in a hypothesis.
const PLACE: &str = "{target}";

/// Something that stances are towards, where a scheme's stances can be towards several things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// What label files call it: lower-case letters, digits and underscores.
    pub id: String,
    /// Name for people, and for encoders, which read it before the text.
    pub name: String,
}

impl Scheme {
    /// The target that a file means, however it spells it: see [`Spellings`]. None where the scheme has no targets, whatever the file says.
    ///
    /// # Errors
    /// When the scheme has targets and the file names none, or none of these; says which there are.
    pub fn target(&self, spelling: Option<&str>) -> Result<Option<&Target>, String> {
        if self.targets.is_empty() {
            return Ok(None);
        }
        let named = spelling.map(str::trim).filter(|spelling| !spelling.is_empty());
        let spelling = named.ok_or_else(|| format!("there is no target; write one of {}", self.listed_targets()))?;
        let spellings = Spellings::of(self.targets.iter().map(|target| (target.id.as_str(), target.name.as_str())));
        let unknown = || format!("`{spelling}` is no target of the scheme; write one of {}", self.listed_targets());
        spellings.find(spelling).map(|at| Some(&self.targets[at])).ok_or_else(unknown)
    }

    /// The label with the ids of its stance and its target.
    ///
    /// # Errors
    /// When the scheme has no such stance, or has targets and the label has none of them.
    pub fn resolve(&self, label: HandLabel) -> Result<HandLabel, String> {
        let target = self.target(label.target.as_deref())?.map(|target| target.id.clone());
        Ok(HandLabel { stance: self.id_of(&label.stance)?, target: target.or(label.target), ..label })
    }

    fn listed_targets(&self) -> String {
        self.targets.iter().map(|Target { id, name }| format!("{id} ({name})")).collect::<Vec<_>>().join(", ")
    }
}

impl Stance {
    /// The hypotheses of a text about a target: its name stands where they say `{target}`.
    #[must_use]
    pub fn hypotheses_on(&self, target: Option<&Target>) -> Vec<String> {
        let on = |hypothesis: &String| match target {
            Some(target) => hypothesis.replace(PLACE, &target.name),
            None => hypothesis.clone(),
        };
        self.hypotheses.iter().map(on).collect()
    }
}

/// Whether two spellings may be of one target: what a file does not say may be any.
pub(crate) fn may_be_same(first: Option<&str>, second: Option<&str>) -> bool {
    first.zip(second).is_none_or(|(first, second)| Spellings::same(first, second))
}

#[cfg(test)]
mod tests {
    use super::{Target, may_be_same};
    use crate::Scheme;

    fn scheme() -> Scheme {
        let target = |id: &str, name: &str| Target { id: id.to_owned(), name: name.to_owned() };
        let targets = vec![target("market", "The night market"), target("lamps", "Street lamps")];
        Scheme { targets, ..Scheme::sex_work_law() }
    }

    #[test]
    fn targets_are_found_however_they_are_spelt() {
        struct Case {
            spelling: Option<&'static str>,
            expected: Result<&'static str, &'static str>,
        }
        let cases = [
            Case { spelling: Some("lamps"), expected: Ok("lamps") },
            Case { spelling: Some(" the Night-market "), expected: Ok("market") },
            Case { spelling: Some("1"), expected: Ok("lamps") },
            Case {
                spelling: Some("river"),
                expected: Err(
                    "`river` is no target of the scheme; write one of market (The night market), lamps (Street lamps)",
                ),
            },
            Case {
                spelling: Some(" "),
                expected: Err("there is no target; write one of market (The night market), lamps (Street lamps)"),
            },
            Case {
                spelling: None,
                expected: Err("there is no target; write one of market (The night market), lamps (Street lamps)"),
            },
        ];
        for Case { spelling, expected } in cases {
            let scheme = scheme();
            let found = scheme.target(spelling).map(|target| target.map_or("", |target| target.id.as_str()));
            assert_eq!(found, expected.map_err(str::to_owned), "{spelling:?}");
        }
    }

    #[test]
    fn a_scheme_without_targets_asks_for_none() {
        assert_eq!(Scheme::sex_work_law().target(Some("river")), Ok(None));
        assert_eq!(Scheme::sex_work_law().target(None), Ok(None));
    }

    #[test]
    fn hypotheses_are_on_a_target() {
        let mut stance = Scheme::sex_work_law().stances.swap_remove(0);
        stance.hypotheses = vec!["The author wants {target}.".to_owned()];
        assert_eq!(stance.hypotheses_on(scheme().targets.first()), ["The author wants The night market."]);
        assert_eq!(stance.hypotheses_on(None), stance.hypotheses);
    }

    #[test]
    fn what_is_not_said_may_be_any_target() {
        assert!(may_be_same(Some("Night market"), Some("night_market")));
        assert!(may_be_same(None, Some("lamps")) && may_be_same(None, None));
        assert!(!may_be_same(Some("market"), Some("lamps")));
    }
}
