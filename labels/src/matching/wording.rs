use standpoint_corpus::mend::mend;

/// The text of a label, white space counting once: as its file has it, and as `label` writes it, mended.
pub(super) struct Wording {
    read: String,
    mended: String,
}

/// How the text of a label lies to that of a prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Same,
    /// The label's text holds the prediction's.
    Covers,
    /// The prediction's text holds the label's.
    Within,
    Other,
}

/// The text with one space for all white space in a row: a segment is one line, however its text was wrapped.
pub(super) fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Wording {
    pub(super) fn of(text: &str) -> Self {
        Self { read: collapsed(text), mended: collapsed(&mend(text).text) }
    }

    /// The ways in which a prediction may have this text.
    pub(super) fn spellings(&self) -> [&str; 2] {
        [&self.read, &self.mended]
    }

    /// How it lies to a prediction's text, which is [`collapsed`].
    pub(super) fn to(&self, predicted: &str) -> Relation {
        let any = |relation: &dyn Fn(&str) -> bool| self.spellings().into_iter().any(relation);
        if any(&|own| own == predicted) {
            Relation::Same
        } else if any(&|own| own.contains(predicted)) {
            Relation::Covers
        } else if any(&|own| predicted.contains(own)) {
            Relation::Within
        } else {
            Relation::Other
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Relation, Wording};

    #[test]
    fn texts_lie_to_each_other_whatever_their_white_space() {
        let cases = [
            ("Punish the\nbuyers.", "Punish the buyers.", Relation::Same),
            ("It is a wide-\nspread view of the\nmatter.", "It is a widespread view of the matter.", Relation::Same),
            ("One.  Two.\n\nThree.", "Two. Three.", Relation::Covers),
            ("Two.", "One. Two.", Relation::Within),
            ("One.", "Two.", Relation::Other),
        ];
        for (label, predicted, expected) in cases {
            assert_eq!(Wording::of(label).to(predicted), expected, "{label:?}");
        }
    }
}
