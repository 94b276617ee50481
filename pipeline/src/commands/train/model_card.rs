use std::fmt::Write as _;

use standpoint_evaluation::Confusion;
use standpoint_labels::Scheme;
use standpoint_models::train::Trained;

use super::super::examples::LabelledTexts;

/// What a model card is written from.
pub(crate) struct Facts<'a> {
    pub(crate) scheme: &'a Scheme,
    pub(crate) texts: &'a LabelledTexts,
    pub(crate) trained: &'a Trained,
    pub(crate) account: &'a str,
}

/// The text of `MODEL_CARD.md`: what is true of every bundle, and what this training found.
pub(crate) fn write(facts: &Facts<'_>) -> String {
    let mut stances = String::new();
    for stance in &facts.scheme.stances {
        let _ = writeln!(stances, "- `{}` ({}): {}", stance.id, stance.name, stance.definition);
    }
    if !facts.scheme.targets.is_empty() {
        let targets: Vec<String> =
            facts.scheme.targets.iter().map(|target| format!("`{}` ({})", target.id, target.name)).collect();
        let _ = writeln!(
            stances,
            "\nStances are towards {}; no text is judged without one of these targets.",
            targets.join(", ")
        );
    }
    include_str!("model_card.md")
        .replace("{scheme}", &facts.scheme.name)
        .replace("{stances}", stances.trim_end())
        .replace("{classifier}", &facts.trained.tried[facts.trained.chosen].name)
        .replace("{account}", facts.account)
        .replace("{texts}", &facts.texts.texts.len().to_string())
        .replace("{review}", &format!("{:.3}", facts.trained.calibration.review_below))
}

/// How well texts are predicted that the classifier did not learn from, and how much of them would be marked for review.
pub(crate) fn scores(trained: &Trained, texts: &LabelledTexts, scheme: &Scheme) -> String {
    let Trained { calibration, unseen, .. } = trained;
    let predictions = calibration.predictions(&unseen.logits, &unseen.lengths(&texts.passages(), &texts.documents));
    let labels: Vec<usize> = unseen.texts.iter().map(|&text| texts.labels[text]).collect();
    let confusion = |sure_only: bool| {
        let kept = predictions.iter().zip(&labels).filter(|(prediction, _)| !(sure_only && prediction.review));
        Confusion::count(scheme.stances.len(), kept.map(|(prediction, &label)| (label, prediction.stance())))
    };
    let (all, sure) = (confusion(false), confusion(true));
    let shown = |value: Option<f64>| value.map_or("n/a".to_owned(), |value| format!("{value:.3}"));
    format!(
        "{} texts it did not learn from: macro-F1 {}, accuracy {}; without what is marked for review ({:.1} % of texts): accuracy {}",
        labels.len(),
        shown(all.macro_f1()),
        shown(all.accuracy()),
        100.0 * (1.0 - sure.total() as f64 / all.total() as f64),
        shown(sure.accuracy()),
    )
}
