//! How well annotators agree: Krippendorff's alpha, Cohen's kappa, agreement a stance, and what they disagree on.

use std::collections::{BTreeMap, BTreeSet};

use crate::{HandLabel, Place};

/// Who gave which stance to what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ratings {
    /// Annotators, sorted.
    pub annotators: Vec<String>,
    /// Stances that occur, sorted.
    pub stances: Vec<String>,
    /// Everything judged, sorted by place and target.
    pub units: Vec<Unit>,
}

/// One text or span with what each annotator said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// What was judged.
    pub place: Place,
    /// What the stances are towards, where the labels say so.
    pub target: Option<String>,
    /// One entry an annotator, in their order: the stance's position, or `None` where the annotator did not judge.
    pub ratings: Vec<Option<usize>>,
}

/// Two labels, by their positions, in which an annotator gave the same text two stances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("labels {first} and {second} are of the same text and annotator, and give it two stances; keep one of the two")]
pub struct Contradiction {
    /// The label that came first.
    pub first: usize,
    /// The one that contradicts it.
    pub second: usize,
}

impl Ratings {
    /// Brings labels together by what they judge.
    ///
    /// # Errors
    /// When an annotator gave the same text two stances.
    pub fn collect(labels: &[HandLabel]) -> Result<Self, Contradiction> {
        let annotators: Vec<String> =
            labels.iter().map(|label| label.annotator.clone()).collect::<BTreeSet<_>>().into_iter().collect();
        let stances: Vec<String> =
            labels.iter().map(|label| label.stance.clone()).collect::<BTreeSet<_>>().into_iter().collect();
        let mut units: BTreeMap<(Place, Option<String>), Vec<Option<usize>>> = BTreeMap::new();
        for (second, label) in labels.iter().enumerate() {
            let ratings = units.entry(what_was_judged(label)).or_insert_with(|| vec![None; annotators.len()]);
            let stance = stances.binary_search(&label.stance).ok();
            let rating = annotators.binary_search(&label.annotator).ok().map(|at| &mut ratings[at]);
            match rating {
                Some(Some(first)) if Some(*first) != stance => {
                    let is_same = |other: &HandLabel| {
                        other.annotator == label.annotator && what_was_judged(other) == what_was_judged(label)
                    };
                    let first = labels.iter().position(is_same).unwrap_or(second);
                    return Err(Contradiction { first, second });
                }
                Some(rating) => *rating = stance,
                None => {}
            }
        }
        let units = units.into_iter().map(|((place, target), ratings)| Unit { place, target, ratings }).collect();
        Ok(Self { annotators, stances, units })
    }

    /// The units that two or more annotators judged.
    pub fn shared(&self) -> impl Iterator<Item = &Unit> {
        self.units.iter().filter(|unit| unit.ratings.iter().flatten().count() > 1)
    }

    /// The units whose annotators did not all say the same.
    pub fn disagreements(&self) -> impl Iterator<Item = &Unit> {
        self.shared().filter(|unit| unit.ratings.iter().flatten().collect::<BTreeSet<_>>().len() > 1)
    }

    /// How often annotator `first` said the row's stance of `units` while annotator `second` said the column's: counts, `[stances][stances]`.
    #[must_use]
    pub fn confusion<'a>(
        &self,
        units: impl IntoIterator<Item = &'a Unit>,
        first: usize,
        second: usize,
    ) -> Vec<Vec<usize>> {
        let mut counts = vec![vec![0; self.stances.len()]; self.stances.len()];
        for unit in units {
            if let (Some(row), Some(column)) = (unit.ratings[first], unit.ratings[second]) {
                counts[row][column] += 1;
            }
        }
        counts
    }
}

/// A self-contained text is the same text whatever its annotators call it.
fn what_was_judged(label: &HandLabel) -> (Place, Option<String>) {
    let place = match &label.place {
        Place::Text { text, .. } => Place::Text { text: text.clone(), id: None, document: None },
        Place::Span { .. } => label.place.clone(),
    };
    (place, label.target.clone())
}

/// Coincidences of stances within units, `[stances][stances]`: each ordered pair of ratings of a unit with `m` ratings counts 1/(m - 1).
///
/// Source: Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C.
fn coincidences<'a>(units: impl IntoIterator<Item = &'a Unit>, stances: usize) -> Vec<Vec<f64>> {
    let mut counts = vec![vec![0.0; stances]; stances];
    for unit in units {
        let given: Vec<usize> = unit.ratings.iter().flatten().copied().collect();
        let pairs = (0..given.len()).flat_map(|i| (0..given.len()).filter(move |&j| j != i).map(move |j| (i, j)));
        for (i, j) in pairs {
            counts[given[i]][given[j]] += 1.0 / (given.len() - 1) as f64;
        }
    }
    counts
}

/// Krippendorff's alpha for nominal data with missing ratings: 1 - observed disagreement / disagreement expected by chance.
///
/// `None` when fewer than two stances occur in units with two or more ratings: chance agreement is then complete and alpha undefined.
#[must_use]
pub fn krippendorff_alpha<'a>(units: impl IntoIterator<Item = &'a Unit>, stances: usize) -> Option<f64> {
    let counts = coincidences(units, stances);
    let totals: Vec<f64> = counts.iter().map(|row| row.iter().sum()).collect();
    let total: f64 = totals.iter().sum();
    let observed = total - (0..stances).map(|stance| counts[stance][stance]).sum::<f64>();
    let expected = (total * total - totals.iter().map(|n| n * n).sum::<f64>()) / (total - 1.0);
    (expected > 0.0).then(|| 1.0 - observed / expected)
}

/// Agreement on one stance: of the pairs in which one annotator gave it, the share in which the other did too. `None` when nobody gave it.
///
/// Source: specific agreement, Fleiss, Levin and Paik, "Statistical Methods for Rates and Proportions" (2003), section 18.1.
#[must_use]
pub fn agreement_on<'a>(units: impl IntoIterator<Item = &'a Unit>, stances: usize, stance: usize) -> Option<f64> {
    let row = coincidences(units, stances).swap_remove(stance);
    let total: f64 = row.iter().sum();
    (total > 0.0).then(|| row[stance] / total)
}

/// Cohen's kappa of a confusion of counts: (observed - chance agreement) / (1 - chance agreement). `None` when chance agreement is complete.
///
/// Source: Cohen, "A coefficient of agreement for nominal scales" (1960).
#[must_use]
pub fn cohen_kappa(confusion: &[Vec<usize>]) -> Option<f64> {
    let total: usize = confusion.iter().flatten().sum();
    let share = |count: usize| count as f64 / total as f64;
    let observed: f64 = (0..confusion.len()).map(|at| share(confusion[at][at])).sum();
    let row = |at: usize| confusion[at].iter().sum::<usize>();
    let column = |at: usize| confusion.iter().map(|counts| counts[at]).sum::<usize>();
    let chance: f64 = (0..confusion.len()).map(|at| share(row(at)) * share(column(at))).sum();
    (total > 0 && chance < 1.0).then(|| (observed - chance) / (1.0 - chance))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Contradiction, Ratings, Unit, agreement_on, cohen_kappa, krippendorff_alpha};
    use crate::{HandLabel, Place};

    /// Units from one line an annotator: a digit is a stance, a full stop a missing rating.
    fn units(lines: &[&str]) -> Vec<Unit> {
        let rating = |line: &str, at: usize| line.chars().nth(at).unwrap().to_digit(10).map(|digit| digit as usize);
        let place = |at: usize| Place::Text { text: at.to_string(), id: None, document: None };
        (0..lines[0].len())
            .map(|at| Unit {
                place: place(at),
                target: None,
                ratings: lines.iter().map(|line| rating(line, at)).collect(),
            })
            .collect()
    }

    #[test]
    fn alpha_is_that_of_published_examples() {
        let cases: [(&str, &[&str], f64); 3] = [
            ("Krippendorff 2011: binary, two observers", &["0100000000", "1110010100"], 0.095),
            (
                "Krippendorff 2011: nominal, four observers, missing ratings",
                &["123321412...", "1233224125.3", ".3332342251.", "12332441251."],
                0.743,
            ),
            (
                "Wikipedia: nominal, three coders, missing ratings",
                &[".....34121133.3", "1.213343.......", "..21344.21133.4"],
                0.691,
            ),
        ];
        for (source, lines, expected) in cases {
            let alpha = krippendorff_alpha(&units(lines), 6).unwrap();
            assert!((alpha - expected).abs() < 5e-4, "{source}: {alpha}, published {expected}");
        }
    }

    #[test]
    fn kappa_is_that_of_published_examples() {
        let cases = [
            ("Cohen 1960, table 1", vec![vec![88, 14, 18], vec![10, 40, 10], vec![2, 6, 12]], 0.492),
            ("Wikipedia: fifty grant proposals", vec![vec![20, 5], vec![10, 15]], 0.4),
        ];
        for (source, confusion, expected) in cases {
            let kappa = cohen_kappa(&confusion).unwrap();
            assert!((kappa - expected).abs() < 5e-4, "{source}: {kappa}, published {expected}");
        }
    }

    #[test]
    fn agreement_without_variation_is_undefined_rather_than_perfect() {
        let same = units(&["000", "000"]);
        assert_eq!(krippendorff_alpha(&same, 1), None);
        assert_eq!(cohen_kappa(&[vec![3]]), None);
        assert_eq!(cohen_kappa(&[vec![0, 0], vec![0, 0]]), None);
        assert_eq!(agreement_on(&same, 2, 1), None);
    }

    #[test]
    fn agreement_on_a_stance_is_the_share_of_its_pairs() {
        // Stance 1 is given five times; in two units both gave it: 4 of its 5 ratings are met by the other's.
        assert_eq!(agreement_on(&units(&["1101", "1100"]), 2, 1), Some(0.8));
    }

    fn label(text: &str, annotator: &str, stance: &str) -> HandLabel {
        let place = Place::Text { text: text.to_owned(), id: None, document: None };
        HandLabel {
            place,
            target: None,
            stance: stance.to_owned(),
            weight: None,
            annotator: annotator.to_owned(),
            row: 1,
        }
    }

    #[test]
    fn ratings_meet_by_what_they_judge() {
        let other = HandLabel { target: Some("lamps".to_owned()), ..label("x", "ann", "yes") };
        let labels = [
            label("x", "ben", "yes"),
            label("x", "ann", "no"),
            label("y", "ann", "no"),
            label("x", "ben", "yes"),
            other,
        ];
        let ratings = Ratings::collect(&labels).unwrap();
        assert_eq!(ratings.annotators, ["ann", "ben"]);
        assert_eq!((ratings.units.len(), ratings.shared().count(), ratings.disagreements().count()), (3, 1, 1));
        assert_eq!(ratings.confusion(&ratings.units, 0, 1), [[0, 1], [0, 0]]);
    }

    #[test]
    fn an_annotator_cannot_say_two_things_of_one_text() {
        let labels =
            [label("y", "ann", "no"), label("x", "ann", "yes"), label("x", "ben", "no"), label("x", "ann", "no")];
        assert_eq!(Ratings::collect(&labels), Err(Contradiction { first: 1, second: 3 }));
    }
}
