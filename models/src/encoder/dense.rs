//! The module Dense of sentence-transformers: a linear layer with an activation behind the pooling.

use serde::Deserialize;

use super::activation::Activation;
use super::error::LoadError;
use super::linear::Linear;
use super::maths::exp;
use super::matrix::Matrix;
use super::settings::Settings;
use super::weights::Weights;
use crate::folder::Folder;

pub(super) const WEIGHTS: &str = "model.safetensors";

/// f(x Wᵀ + b) for the vector x of a text.
#[derive(Debug)]
pub(super) struct Dense {
    linear: Linear,
    function: Function,
}

/// An activation, by the name of its class in `PyTorch`.
#[derive(Clone, Copy, Debug, Deserialize)]
enum Function {
    #[serde(rename = "torch.nn.modules.linear.Identity")]
    Identity,
    #[serde(rename = "torch.nn.modules.activation.Tanh")]
    Tanh,
    #[serde(rename = "torch.nn.modules.activation.Sigmoid")]
    Sigmoid,
    #[serde(rename = "torch.nn.modules.activation.ReLU")]
    Relu,
    #[serde(rename = "torch.nn.modules.activation.GELU")]
    Gelu,
}

impl Dense {
    /// Reads the module in a folder, for vectors of length `inputs`; gives it with the length of its own vectors.
    pub(super) fn read(folder: &Folder, inputs: usize) -> Result<(Self, usize), LoadError> {
        let mut settings = Settings::read(folder, "config.json")?;
        let (found, outputs) = (settings.size("in_features")?, settings.size("out_features")?);
        if found != inputs {
            let expected = format!("{inputs}, the length of the vectors that the module before gives");
            return Err(settings.refusal("in_features", &found, &expected));
        }
        let bias = settings.take("bias", "true or false")?.unwrap_or(true);
        let (name, expected) =
            ("activation_function", "Identity, Tanh, Sigmoid, ReLU or GELU, with their modules in torch.nn");
        let function = settings.take(name, expected)?;
        let function = function.ok_or_else(|| settings.refusal(name, &"not set", expected))?;
        settings.finish()?;
        let content = folder.read(WEIGHTS)?;
        let weights = Weights::open_as_named(format!("{folder}/{WEIGHTS}"), &content)?;
        let layer = "linear".to_owned();
        let linear = if bias {
            Linear::read(&weights, &[layer], outputs, inputs)?
        } else {
            Linear::read_without_bias(&weights, &layer, outputs, inputs)?
        };
        Ok((Self { linear, function }, outputs))
    }

    /// The vector that the module makes of another.
    pub(super) fn apply(&self, vector: Vec<f32>) -> Vec<f32> {
        let inputs = vector.len();
        let mut outputs = self.linear.apply(&Matrix::new(vector, inputs));
        self.function.apply(outputs.values_mut());
        outputs.row(0).to_vec()
    }
}

impl Function {
    fn apply(self, values: &mut [f32]) {
        match self {
            Self::Identity => {}
            Self::Tanh => values.iter_mut().for_each(|x| *x = 1.0 - 2.0 / (exp(2.0 * *x) + 1.0)),
            Self::Sigmoid => values.iter_mut().for_each(|x| *x = 1.0 / (1.0 + exp(-*x))),
            Self::Relu => Activation::Relu.apply(values),
            Self::Gelu => Activation::Gelu.apply(values),
        }
    }
}
