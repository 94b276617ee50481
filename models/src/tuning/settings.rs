//! How an encoder is tuned.

use std::path::PathBuf;

use super::error::TuneError;

const SHARE: &str = "from 0 to below 1";

/// How much each stance's examples count in the loss.
#[derive(Clone, Debug, PartialEq)]
pub enum ClassWeights {
    /// All alike.
    Equal,
    /// So that the examples of each stance count as much together: texts / (stances × texts of the stance).
    Balanced,
    /// As given, one positive number a stance.
    Given(Vec<f32>),
}

/// By which figure of the texts held out the best epoch is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// The largest macro-F1.
    MacroF1,
    /// The smallest log loss.
    LogLoss,
}

/// How the encoder learns, before the head does, that texts of one stance are alike (see the module `contrast`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contrastive {
    /// Passes over the training texts; 0 leaves this phase out.
    pub epochs: usize,
    /// The highest learning rate of the encoder's topmost layer in this phase, above 0. It rises and falls, and becomes
    /// less from layer to layer, as in the epochs that follow.
    pub learning_rate: f64,
    /// What similarities are divided by, above 0: the smaller, the more the nearest texts count.
    pub temperature: f64,
}

/// How an encoder is tuned. The defaults are those of Devlin et al. (arXiv:1810.04805) but for the head, which starts
/// from zero and learns on embeddings of length 1, and so needs a larger rate.
#[derive(Clone, Debug, PartialEq)]
pub struct TuneSettings {
    /// The phase before the epochs.
    pub contrastive: Contrastive,
    /// Passes over the training texts, at least 1.
    pub epochs: usize,
    /// Texts a step, at least 1.
    pub batch: usize,
    /// The highest learning rate of the encoder's topmost layer, above 0.
    pub learning_rate: f64,
    /// What the rate is multiplied by from each layer to the one below and from the lowest to the embeddings; above 0, at
    /// most 1 (Howard & Ruder, arXiv:1801.06146, call it discriminative fine-tuning).
    pub layer_decay: f64,
    /// The highest learning rate of the head, above 0.
    pub head_learning_rate: f64,
    /// Decoupled weight decay of matrices; biases and layer norms have none. From 0 to below 1.
    pub weight_decay: f64,
    /// The share of the steps in which the rates rise from 0; they fall to 0 in the rest. From 0 to below 1.
    pub warm_up: f64,
    /// The largest norm of all gradients together; larger ones are scaled down to it. Above 0.
    pub clip: f64,
    /// Dropout of the embeddings and of what attention and feed-forward parts give; from 0 to below 1.
    pub hidden_dropout: f32,
    /// Dropout of attention weights; from 0 to below 1.
    pub attention_dropout: f32,
    /// The share of each target that is spread evenly over all stances; from 0 to below 1.
    pub label_smoothing: f32,
    /// How much each stance's examples count.
    pub class_weights: ClassWeights,
    /// None: everything learns. Otherwise the embeddings and this many of the lowest layers stay as they are, and run
    /// without dropout.
    pub frozen_layers: Option<usize>,
    /// One group in so many is held out to choose the best epoch; 0 holds out none and keeps the last epoch, 1 is refused.
    pub hold_out_one_in: usize,
    /// Whether groups that are alike, as the encoder sees them before it is tuned, are held out together: the texts held out are then about
    /// other things than those learnt from (see [`crate::topics()`]).
    pub hold_out_topics: bool,
    /// From 0 to below 1. 0 keeps the weights after an epoch's last step; otherwise the average over all steps so far is
    /// measured and kept instead, to which the weights after each step count this many times less than after the next.
    pub averaging: f64,
    /// How the best epoch is chosen.
    pub selection: Selection,
    /// Tuning stops after this many epochs in a row that were not the best so far; none runs all.
    pub patience: Option<usize>,
    /// Runs from the same start with other orders of the texts and other dropout, at least 1; the weights that each would keep are
    /// averaged (Wortsman et al., arXiv:2203.05482, call it a soup).
    pub runs: usize,
    /// Where everything random comes from.
    pub seed: u64,
    /// The most bytes that the outputs of frozen layers may take; above, they are computed again for each batch. Has no
    /// part in the result.
    pub kept_bytes: usize,
    /// The folder in which the state after each epoch is kept, and from which an interrupted run goes on. Has no part in
    /// the result.
    pub checkpoints: Option<PathBuf>,
}

impl Default for TuneSettings {
    fn default() -> Self {
        Self {
            contrastive: Contrastive { epochs: 0, learning_rate: 5e-5, temperature: 0.1 },
            epochs: 4,
            batch: 16,
            learning_rate: 5e-5,
            layer_decay: 1.0,
            head_learning_rate: 1e-2,
            weight_decay: 0.01,
            warm_up: 0.1,
            clip: 1.0,
            hidden_dropout: 0.1,
            attention_dropout: 0.1,
            label_smoothing: 0.0,
            class_weights: ClassWeights::Balanced,
            frozen_layers: None,
            hold_out_one_in: 10,
            hold_out_topics: false,
            averaging: 0.0,
            selection: Selection::MacroF1,
            patience: None,
            runs: 1,
            seed: 0,
            kept_bytes: 512 << 20,
            checkpoints: None,
        }
    }
}

impl TuneSettings {
    /// Checks every setting against its range, for a model of `layers` layers and a scheme of `stances` stances.
    ///
    /// # Errors
    /// Names the first setting that is out of range.
    pub fn check(&self, layers: usize, stances: usize) -> Result<(), TuneError> {
        let positive = |x: f64| x.is_finite() && x > 0.0;
        let share = |x: f64| (0.0..1.0).contains(&x);
        let given = |weights: &[f32]| weights.len() == stances && weights.iter().all(|w| positive(f64::from(*w)));
        let weights = !matches!(&self.class_weights, ClassWeights::Given(weights) if !given(weights));
        let most = format!("at most the model's {layers} layers");
        let one_weight_each = format!("one positive number for each of the {stances} stances");
        let Contrastive { learning_rate: contrastive_rate, temperature, .. } = self.contrastive;
        let rules: [(bool, &str, &dyn std::fmt::Debug, &str); 18] = [
            (positive(contrastive_rate), "contrastive.learning_rate", &contrastive_rate, "above 0"),
            (positive(temperature), "contrastive.temperature", &temperature, "above 0"),
            (self.epochs > 0, "epochs", &self.epochs, "at least 1"),
            (self.runs > 0, "runs", &self.runs, "at least 1"),
            (self.batch > 0, "batch", &self.batch, "at least 1"),
            (positive(self.learning_rate), "learning_rate", &self.learning_rate, "above 0"),
            (
                positive(self.layer_decay) && self.layer_decay <= 1.0,
                "layer_decay",
                &self.layer_decay,
                "above 0, at most 1",
            ),
            (positive(self.head_learning_rate), "head_learning_rate", &self.head_learning_rate, "above 0"),
            (share(self.weight_decay), "weight_decay", &self.weight_decay, SHARE),
            (share(self.warm_up), "warm_up", &self.warm_up, SHARE),
            (positive(self.clip), "clip", &self.clip, "above 0"),
            (share(self.hidden_dropout.into()), "hidden_dropout", &self.hidden_dropout, SHARE),
            (share(self.attention_dropout.into()), "attention_dropout", &self.attention_dropout, SHARE),
            (share(self.label_smoothing.into()), "label_smoothing", &self.label_smoothing, SHARE),
            (weights, "class_weights", &self.class_weights, &one_weight_each),
            (self.frozen_layers.is_none_or(|frozen| frozen <= layers), "frozen_layers", &self.frozen_layers, &most),
            (share(self.averaging), "averaging", &self.averaging, SHARE),
            (self.hold_out_one_in != 1, "hold_out_one_in", &self.hold_out_one_in, "0, or 2 and more"),
        ];
        rules.into_iter().try_for_each(
            |(holds, setting, found, expected)| {
                if holds { Ok(()) } else { Err(TuneError::setting(setting, found, expected)) }
            },
        )
    }

    /// The settings of the phase before the epochs. Its random draws are others than those of the epochs.
    pub(super) fn of_contrastive(&self) -> Self {
        let Contrastive { epochs, learning_rate, .. } = self.contrastive;
        Self { epochs, learning_rate, seed: !self.seed, ..self.clone() }
    }

    /// The settings as text, without those that have no part in the result.
    pub(super) fn fingerprint(&self) -> String {
        format!("{:?}", Self { kept_bytes: 0, checkpoints: None, runs: 1, ..self.clone() })
    }
}
