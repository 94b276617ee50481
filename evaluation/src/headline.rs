use crate::Tally;

/// A figure that reports lead with, each with its interval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Headline {
    /// Mean F1 of the stances.
    MacroF1,
    /// Share of labels predicted right.
    Accuracy,
    /// Mean recall of the stances.
    BalancedAccuracy,
    /// Matthews correlation.
    Matthews,
    /// Cohen's kappa.
    Kappa,
    /// Mean F1 of the stances at these positions.
    NamedF1(Vec<usize>),
    /// Mean log loss.
    LogLoss,
    /// Mean Brier score.
    Brier,
    /// Expected calibration error.
    CalibrationError,
}

impl Headline {
    /// All of them in the order of reports; F over the `named` stances only when there are any.
    #[must_use]
    pub fn all(named: &[usize]) -> Vec<Self> {
        let named = (!named.is_empty()).then(|| Self::NamedF1(named.to_vec()));
        let of_stances = [Self::MacroF1, Self::Accuracy, Self::BalancedAccuracy, Self::Matthews, Self::Kappa];
        let of_probabilities = [Self::LogLoss, Self::Brier, Self::CalibrationError];
        of_stances.into_iter().chain(named).chain(of_probabilities).collect()
    }

    /// The figure of a tally, or `None` where it is undefined; [`Headline::undefined`] says why.
    #[must_use]
    pub fn of(&self, tally: &Tally) -> Option<f64> {
        match self {
            Self::MacroF1 => tally.confusion.macro_f1(),
            Self::Accuracy => tally.confusion.accuracy(),
            Self::BalancedAccuracy => tally.confusion.balanced_accuracy(),
            Self::Matthews => tally.confusion.matthews(),
            Self::Kappa => tally.confusion.kappa(),
            Self::NamedF1(named) => tally.confusion.named_f1(named),
            Self::LogLoss => tally.losses.log_loss(),
            Self::Brier => tally.losses.brier(),
            Self::CalibrationError => tally.reliability.error(),
        }
    }

    /// What machines call it.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::MacroF1 => "macro_f1",
            Self::Accuracy => "accuracy",
            Self::BalancedAccuracy => "balanced_accuracy",
            Self::Matthews => "matthews",
            Self::Kappa => "kappa",
            Self::NamedF1(_) => "named_f1",
            Self::LogLoss => "log_loss",
            Self::Brier => "brier",
            Self::CalibrationError => "calibration_error",
        }
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::MacroF1 => "macro-F1",
            Self::Accuracy => "accuracy",
            Self::BalancedAccuracy => "balanced accuracy",
            Self::Matthews => "Matthews correlation",
            Self::Kappa => "Cohen's kappa",
            Self::NamedF1(_) => "F over named stances",
            Self::LogLoss => "log loss",
            Self::Brier => "Brier score",
            Self::CalibrationError => "calibration error",
        }
    }

    /// What it measures, in a sentence for the reader of a report.
    #[must_use]
    pub fn meaning(&self) -> &'static str {
        match self {
            Self::MacroF1 => "Mean F1 of the stances that are labelled or predicted; every stance counts the same.",
            Self::Accuracy => "Share of the labels that were predicted right.",
            Self::BalancedAccuracy => "Mean recall of the stances that have labels.",
            Self::Matthews => "Correlation of labels and predictions, from -1 to 1; 0 is chance.",
            Self::Kappa => "Agreement beyond chance, at most 1; 0 is chance.",
            Self::NamedF1(_) => "Mean F1 of the stances named with --positive, the measure of SemEval's stance tasks.",
            Self::LogLoss => "Mean of minus the natural logarithm of the hand label's probability; lower is better.",
            Self::Brier => {
                "Mean over labels of the summed squared errors of the probabilities, 0 to 2; lower is better."
            }
            Self::CalibrationError => {
                "Mean distance between confidence and accuracy over ten bins of equal width; lower is better. Few labels make it too high."
            }
        }
    }

    /// Whether more is better; of losses and errors less is.
    #[must_use]
    pub fn higher_is_better(&self) -> bool {
        !matches!(self, Self::LogLoss | Self::Brier | Self::CalibrationError)
    }

    /// Why [`Headline::of`] is `None`.
    #[must_use]
    pub fn undefined(&self) -> &'static str {
        match self {
            Self::MacroF1 | Self::Accuracy | Self::BalancedAccuracy | Self::NamedF1(_) => "there are no labels",
            Self::Matthews => "the labels, or the predictions, are all of one stance",
            Self::Kappa => "labels and predictions are all of the same stance",
            Self::LogLoss | Self::Brier => "the predictions have no probabilities",
            Self::CalibrationError => "the predictions have no confidence",
        }
    }
}
