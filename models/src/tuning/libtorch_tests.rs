//! The gradients of the whole model against libtorch's autograd, through rust-bert's network with the same weights.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

use rust_bert::bert::{BertConfig, BertEmbeddings, BertModel};
use serde_json::Value;
use tch::nn::VarStore;
use tch::{Device, Kind, Reduction, Tensor, no_grad};

use super::batch::Objective;
use super::dropout::Dropout;
use super::reference_tests::{LABELS, Tiny, differences, folder, loss};
use super::source::WEIGHTS;
use crate::encoder::activation::Activation;
use crate::encoder::pooling::Pooling;
use crate::encoder::weights::Weights;

/// The model with its head, in libtorch.
struct Libtorch {
    variables: VarStore,
    model: BertModel<BertEmbeddings>,
    weight: Tensor,
    bias: Tensor,
}

impl Libtorch {
    fn new(tiny: &Tiny, activation: &str) -> Self {
        let mut config: Value = serde_json::from_slice(&folder().read("config.json").unwrap()).unwrap();
        config["hidden_act"] = activation.into();
        let config: BertConfig = serde_json::from_value(config).unwrap();
        let variables = VarStore::new(Device::Cpu);
        let model = BertModel::new_with_optional_pooler(variables.root(), &config, false);
        let folder = folder();
        let content = folder.read(WEIGHTS).unwrap();
        let stored = Weights::open(WEIGHTS.to_owned(), &content).unwrap();
        let mut named: Vec<(String, Tensor)> = variables.variables().into_iter().collect();
        named.sort_by(|a, b| a.0.cmp(&b.0));
        for (name, mut variable) in named {
            let shape: Vec<usize> = variable.size().into_iter().map(|size| size.try_into().unwrap()).collect();
            let values = Tensor::from_slice(&stored.read(&name, &shape).unwrap()).view_as(&variable);
            no_grad(|| variable.copy_(&values));
        }
        let (head, place) = (&tiny.weights.head, variables.root() / "head");
        let (bias, weight) = (Tensor::from_slice(&head.bias), Tensor::from_slice(&head.weight).view((3, -1)));
        Self { weight: place.var_copy("weight", &weight), bias: place.var_copy("bias", &bias), model, variables }
    }

    /// The loss of all texts, each taken through the network by itself.
    fn loss(&self, tiny: &Tiny, pooling: Pooling, normalise: bool) -> Tensor {
        let embedded: Vec<Tensor> = (0..tiny.examples.passages.len())
            .map(|passage| {
                let vector = pool(&self.tokens(tiny, passage), pooling);
                if normalise { &vector / vector.norm() } else { vector }
            })
            .collect();
        let logits = Tensor::stack(&embedded, 0).matmul(&self.weight.tr()) + &self.bias;
        let labels = Tensor::from_slice(&LABELS.map(|label| i64::try_from(label).unwrap()));
        let class_weights = Tensor::from_slice(&[1.0_f32, 0.5, 2.0]);
        logits.cross_entropy_loss(&labels, Some(class_weights), Reduction::Mean, -100, 0.1)
    }

    /// The token vectors of a passage, [tokens, hidden].
    fn tokens(&self, tiny: &Tiny, passage: usize) -> Tensor {
        let row = |values: Vec<i64>| Tensor::from_slice(&values).unsqueeze(0);
        let tokens = &tiny.examples.passages[passage];
        let ids = row(tokens.ids.iter().map(|&place| i64::from(tiny.examples.words[place as usize])).collect());
        let types = row(tokens.types.iter().map(|&kind| i64::from(kind)).collect());
        let mask = Tensor::ones_like(&ids);
        let run = self.model.forward_t(Some(&ids), Some(&mask), Some(&types), None, None, None, None, false);
        run.unwrap().hidden_state.squeeze_dim(0)
    }

    fn gradient(&self, name: &str) -> Vec<f32> {
        let gradient = self.variables.variables()[name].grad();
        Vec::try_from(gradient.to_kind(Kind::Float).contiguous().view(-1)).unwrap()
    }
}

fn pool(tokens: &Tensor, pooling: Pooling) -> Tensor {
    let count = tokens.size()[0];
    match pooling {
        Pooling::Mean => tokens.mean_dim(0, false, Kind::Float),
        Pooling::Cls => tokens.get(0),
        Pooling::Max => tokens.amax(0, false),
        Pooling::MeanSqrtLen => tokens.mean_dim(0, false, Kind::Float) * (count as f64).sqrt(),
        Pooling::WeightedMean => {
            let places = Tensor::arange_start(1, count + 1, (Kind::Float, Device::Cpu));
            places.matmul(tokens) / places.sum(Kind::Float)
        }
        Pooling::LastToken => tokens.get(count - 1),
    }
}

#[test]
fn all_gradients_agree_with_libtorch() {
    let cases = [
        (Pooling::Mean, false, Activation::Gelu, "gelu"),
        (Pooling::Mean, true, Activation::Gelu, "gelu"),
        (Pooling::Cls, true, Activation::Relu, "relu"),
        (Pooling::Max, false, Activation::GeluNew, "gelu_new"),
        (Pooling::MeanSqrtLen, true, Activation::Gelu, "gelu"),
        (Pooling::WeightedMean, false, Activation::Gelu, "gelu"),
        (Pooling::LastToken, false, Activation::Gelu, "gelu"),
    ];
    for (pooling, normalise, activation, name) in cases {
        let case = format!("{pooling:?}, normalised: {normalise}, {name}");
        let tiny = Tiny::new(pooling, normalise, activation);
        let (found_loss, found) = tiny.gradients(&Objective::Stances(&loss()), None, Dropout::OFF);
        let libtorch = Libtorch::new(&tiny, name);
        let exact = libtorch.loss(&tiny, pooling, normalise);
        exact.backward();
        assert!((found_loss - exact.double_value(&[])).abs() < 1e-5, "{case}: {found_loss} for {exact:?}");
        assert_eq!(differences(&tiny, &found, &case, |name| libtorch.gradient(name)), Vec::<String>::new());
    }
}
