//! `DeBERTa` in its second and third versions.
//!
//! rust-bert has it too, but 0.23 takes the relations of positions from the wrong rows, does not take the root of their
//! scale and rounds the width of their buckets; so this network is built here, of the same parts.
//!
//! Source: He, Liu, Gao and Chen, "`DeBERTa`: Decoding-enhanced BERT with Disentangled Attention" (2021), section 3; He, Gao and
//! Chen, "`DeBERTaV3`" (2023).

use rust_bert::Activation;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tch::nn::{
    Embedding, EmbeddingConfig, LayerNorm, LayerNormConfig, Linear, LinearConfig, Module, Path, embedding, layer_norm,
    linear,
};
use tch::{Kind, Tensor};

use super::architecture::Forward;
use super::batch::{Batch, size};
use super::error::Error;
use crate::encoder::settings::Settings;

#[derive(Deserialize, Serialize)]
struct Config {
    vocab_size: i64,
    hidden_size: i64,
    intermediate_size: i64,
    num_attention_heads: i64,
    num_hidden_layers: i64,
    max_position_embeddings: i64,
    type_vocab_size: i64,
    layer_norm_eps: f64,
    hidden_act: Activation,
    pooler_hidden_act: Option<Activation>,
    /// Whether words enter with their absolute positions.
    position_biased_input: Option<bool>,
    relative_attention: Option<bool>,
    max_relative_positions: Option<i64>,
    position_buckets: Option<i64>,
    share_att_key: Option<bool>,
    /// `c2p` and `p2c`, in a list or with bars between.
    pos_att_type: Option<Value>,
    norm_rel_ebd: Option<String>,
}

impl Config {
    fn relates(&self, kind: &str) -> bool {
        let relative = self.relative_attention.unwrap_or(false);
        relative && self.pos_att_type.as_ref().is_some_and(|kinds| kinds.to_string().contains(kind))
    }

    /// Distances between tokens are known up to this one.
    fn farthest(&self) -> i64 {
        self.max_relative_positions.filter(|&positions| positions > 0).unwrap_or(self.max_position_embeddings)
    }

    fn buckets(&self) -> Option<i64> {
        self.position_buckets.filter(|&buckets| buckets > 0)
    }

    /// Half the rows of the table of distances.
    fn span(&self) -> i64 {
        self.buckets().unwrap_or(self.farthest())
    }

    fn norm(&self, path: Path<'_>) -> LayerNorm {
        layer_norm(
            path,
            vec![self.hidden_size],
            LayerNormConfig { eps: self.layer_norm_eps, ..LayerNormConfig::default() },
        )
    }

    fn square(&self, path: Path<'_>) -> Linear {
        linear(path, self.hidden_size, self.hidden_size, LinearConfig::default())
    }
}

/// The network that gives token vectors.
pub(super) fn encoder(path: &Path<'_>, settings: &mut Settings) -> Result<Forward, Error> {
    let model = Model::new(path, settings.take_all()?);
    Ok(Box::new(move |batch| Ok(model.forward(batch))))
}

/// The network with a head on its first token.
pub(super) fn classifier(path: &Path<'_>, settings: &mut Settings) -> Result<Forward, Error> {
    let labels = settings
        .clone()
        .take("id2label", "an object of names")?
        .map_or(0, |labels: Value| labels.as_object().map_or(0, serde_json::Map::len));
    let model = Model::new(&(path / "deberta"), settings.take_all()?);
    let activation = model.config.pooler_hidden_act.unwrap_or(Activation::gelu).get_function();
    let pooler = model.config.square(path / "pooler" / "dense");
    let head = linear(path / "classifier", model.config.hidden_size, size(labels), LinearConfig::default());
    Ok(Box::new(move |batch| {
        let first = model.forward(batch).select(1, 0).apply(&pooler);
        Ok(activation.get_fn()(&first).apply(&head))
    }))
}

struct Model {
    words: Embedding,
    positions: Option<Embedding>,
    types: Option<Embedding>,
    norm: LayerNorm,
    /// What stands for each distance, from the farthest before to the farthest after.
    distances: Option<Embedding>,
    distances_norm: Option<LayerNorm>,
    layers: Vec<Layer>,
    config: Config,
}

impl Model {
    fn new(path: &Path<'_>, config: Config) -> Self {
        let (entry, encoder) = (path / "embeddings", path / "encoder");
        let table = |name: &str, rows| embedding(&entry / name, rows, config.hidden_size, EmbeddingConfig::default());
        let relative = config.relative_attention.unwrap_or(false);
        let positions = config.position_biased_input.unwrap_or(true);
        let distances = || {
            embedding(&encoder / "rel_embeddings", 2 * config.span(), config.hidden_size, EmbeddingConfig::default())
        };
        Self {
            words: table("word_embeddings", config.vocab_size),
            positions: positions.then(|| table("position_embeddings", config.max_position_embeddings)),
            types: (config.type_vocab_size > 0).then(|| table("token_type_embeddings", config.type_vocab_size)),
            norm: config.norm(&entry / "LayerNorm"),
            distances: relative.then(distances),
            distances_norm: config.norm_rel_ebd.as_ref().map(|_| config.norm(&encoder / "LayerNorm")),
            layers: (0..config.num_hidden_layers).map(|at| Layer::new(&(&encoder / "layer" / at), &config)).collect(),
            config,
        }
    }

    /// The token vectors [texts, tokens, hidden] of texts without padding.
    fn forward(&self, batch: &Batch) -> Tensor {
        let tokens = batch.ids.size()[1];
        let places = Tensor::arange(tokens, (Kind::Int64, batch.ids.device()));
        let mut hidden = batch.ids.apply(&self.words);
        if let Some(table) = &self.positions {
            hidden += places.unsqueeze(0).apply(table);
        }
        if let (Some(table), Some(types)) = (&self.types, &batch.types) {
            hidden += types.apply(table);
        }
        let mut hidden = hidden.apply(&self.norm);
        let distances = self.distances.as_ref().map(|table| match &self.distances_norm {
            Some(norm) => table.ws.apply(norm).unsqueeze(0),
            None => table.ws.unsqueeze(0),
        });
        let relations =
            distances.map(|vectors| Relations { vectors, rows: self.rows(&places), span: self.config.span() });
        for layer in &self.layers {
            hidden = layer.forward(&hidden, relations.as_ref());
        }
        hidden
    }

    /// How far each token [tokens, tokens] stands after each other one; far ones in buckets that widen with the distance.
    fn rows(&self, places: &Tensor) -> Tensor {
        let exact = places.unsqueeze(1) - places.unsqueeze(0);
        let Some(buckets) = self.config.buckets() else { return exact };
        let middle = buckets / 2;
        let far = exact.abs().clamp_min(middle).to_kind(Kind::Float) / middle as f64;
        let widest = Tensor::from((self.config.farthest() - 1) as f32 / middle as f32).log().to_device(places.device());
        let bucket = (far.log() / widest * (middle - 1) as f64).ceil() + middle as f64;
        let signed = (bucket * exact.sign()).to_kind(Kind::Int64);
        exact.where_self(&exact.abs().le(middle), &signed)
    }
}

/// What attention knows of the distances between tokens.
struct Relations {
    /// [1, 2 spans, hidden]
    vectors: Tensor,
    /// Distances [tokens, tokens], in buckets or not.
    rows: Tensor,
    span: i64,
}

impl Relations {
    /// The row of the table for each pair of tokens, or for the pair the other way round.
    fn index(&self, sign: i64) -> Tensor {
        (&self.rows * sign + self.span).clamp(0, 2 * self.span - 1)
    }
}

struct Layer {
    heads: i64,
    query: Linear,
    key: Linear,
    value: Linear,
    /// What makes keys of distances, where content looks at positions.
    distance_key: Option<Linear>,
    /// What makes queries of distances, where positions look at content.
    distance_query: Option<Linear>,
    content_to_position: bool,
    position_to_content: bool,
    attention: (Linear, LayerNorm),
    intermediate: Linear,
    activation: Activation,
    output: (Linear, LayerNorm),
}

impl Layer {
    fn new(path: &Path<'_>, config: &Config) -> Self {
        let (own, after, output) = (path / "attention" / "self", path / "attention" / "output", path / "output");
        let (content_to_position, position_to_content) = (config.relates("c2p"), config.relates("p2c"));
        let apart = !config.share_att_key.unwrap_or(false);
        Self {
            heads: config.num_attention_heads,
            query: config.square(&own / "query_proj"),
            key: config.square(&own / "key_proj"),
            value: config.square(&own / "value_proj"),
            distance_key: (apart && content_to_position).then(|| config.square(&own / "pos_key_proj")),
            distance_query: (apart && position_to_content).then(|| config.square(&own / "pos_query_proj")),
            content_to_position,
            position_to_content,
            attention: (config.square(&after / "dense"), config.norm(&after / "LayerNorm")),
            intermediate: linear(
                path / "intermediate" / "dense",
                config.hidden_size,
                config.intermediate_size,
                LinearConfig::default(),
            ),
            activation: config.hidden_act,
            output: (
                linear(&output / "dense", config.intermediate_size, config.hidden_size, LinearConfig::default()),
                config.norm(&output / "LayerNorm"),
            ),
        }
    }

    fn forward(&self, hidden: &Tensor, relations: Option<&Relations>) -> Tensor {
        let attended = self.attend(hidden, relations).apply(&self.attention.0) + hidden;
        let attended = attended.apply(&self.attention.1);
        let inner = self.activation.get_function().get_fn()(&attended.apply(&self.intermediate));
        (inner.apply(&self.output.0) + attended).apply(&self.output.1)
    }

    /// Disentangled attention: each token looks at the others for what they are and for where they stand.
    fn attend(&self, hidden: &Tensor, relations: Option<&Relations>) -> Tensor {
        let (query, key) = (self.split(&self.query, hidden), self.split(&self.key, hidden));
        let mut scores = query.matmul(&key.transpose(-1, -2));
        if let Some(relations) = relations {
            let gather = |scores: Tensor, sign| {
                let [texts, heads, tokens, _] = <[i64; 4]>::try_from(scores.size()).unwrap_or_default();
                scores.gather(-1, &relations.index(sign).expand([texts, heads, tokens, tokens], true), false)
            };
            if self.content_to_position {
                let keys = self.split(self.distance_key.as_ref().unwrap_or(&self.key), &relations.vectors);
                scores += gather(query.matmul(&keys.transpose(-1, -2)), 1);
            }
            if self.position_to_content {
                let queries = self.split(self.distance_query.as_ref().unwrap_or(&self.query), &relations.vectors);
                scores += gather(key.matmul(&queries.transpose(-1, -2)), -1).transpose(-1, -2);
            }
        }
        let kinds = 1 + i64::from(self.content_to_position) + i64::from(self.position_to_content);
        let width = query.size().last().copied().unwrap_or(1);
        let shares = (scores / ((width * kinds) as f64).sqrt()).softmax(-1, Kind::Float);
        shares.matmul(&self.split(&self.value, hidden)).transpose(1, 2).flatten(2, 3)
    }

    /// Vectors [texts, rows, hidden] through a product, as [texts, heads, rows, hidden / heads].
    fn split(&self, product: &Linear, vectors: &Tensor) -> Tensor {
        let size = vectors.size();
        product.forward(vectors).view([size[0], size[1], self.heads, -1]).transpose(1, 2)
    }
}
