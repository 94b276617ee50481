//! Tensors out of `model.safetensors`, by name.

use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::error::LoadError;
use super::matrix::Matrix;

/// What models with a task's head put before the names of the encoder's own tensors.
const PREFIXES: [&str; 3] = ["bert.", "roberta.", "distilbert."];
/// The parts of a layer, and what `DistilBERT` calls them.
const DISTILBERT: [(&str, &str); 9] = [
    ("encoder.layer.", "transformer.layer."),
    ("attention.self.query", "attention.q_lin"),
    ("attention.self.key", "attention.k_lin"),
    ("attention.self.value", "attention.v_lin"),
    ("attention.output.dense", "attention.out_lin"),
    ("attention.output.LayerNorm", "sa_layer_norm"),
    ("intermediate.dense", "ffn.lin1"),
    ("output.dense", "ffn.lin2"),
    ("output.LayerNorm", "output_layer_norm"),
];

/// The tensors of a model, as f32, whatever they are stored as: F32, F16, BF16, or I8 with one F32 scale a row in
/// a tensor `NAME.scale`. Names are BERT's, and go without the prefix that models with a task's head put before them.
pub(crate) struct Weights<'a> {
    file: String,
    prefix: &'static str,
    /// BERT's names for the parts of a layer and the file's, where these differ.
    parts: &'static [(&'static str, &'static str)],
    tensors: SafeTensors<'a>,
}

impl<'a> Weights<'a> {
    /// Opens the content of a safetensors file; `file` is its path, for messages.
    pub(crate) fn open(file: String, content: &'a [u8]) -> Result<Self, LoadError> {
        let mut weights = Self::open_as_named(file, content)?;
        let is_used = |prefix: &&str| weights.tensors.names().iter().any(|name| name.starts_with(prefix));
        weights.prefix = PREFIXES.into_iter().find(is_used).unwrap_or("");
        if weights.tensors.names().iter().any(|name| name.ends_with(".attention.q_lin.weight")) {
            weights.parts = &DISTILBERT;
        }
        Ok(weights)
    }

    /// As `open`, but every tensor goes by the name that it has in the file.
    pub(crate) fn open_as_named(file: String, content: &'a [u8]) -> Result<Self, LoadError> {
        match SafeTensors::deserialize(content) {
            Ok(tensors) => Ok(Self { file, prefix: "", parts: &[], tensors }),
            Err(source) => Err(LoadError::Safetensors { file, source }),
        }
    }

    /// Whether there is a tensor of this name.
    #[cfg(feature = "rust-bert")]
    pub(crate) fn has(&self, name: &str) -> bool {
        self.tensors.tensor(&self.full_name(name)).is_ok()
    }

    /// The tensor [rows, columns] of this name.
    pub(crate) fn matrix(&self, name: &str, rows: usize, columns: usize) -> Result<Matrix, LoadError> {
        Ok(Matrix::new(self.read(name, &[rows, columns])?, columns))
    }

    /// The tensor [length] of this name.
    pub(crate) fn vector(&self, name: &str, length: usize) -> Result<Vec<f32>, LoadError> {
        self.read(name, &[length])
    }

    /// The names of all tensors that belong to the encoder itself, sorted: neither the pooler or a task's head, nor the
    /// scales of other tensors.
    pub(crate) fn names(&self) -> Vec<String> {
        let usual = |name: &str| self.parts.iter().fold(name.to_owned(), |name, (usual, own)| name.replace(own, usual));
        let own = |name: &String| name.starts_with("embeddings.") || name.starts_with("encoder.");
        let besides = |name: &String| name.split('.').next_back() == Some("scale") || name == "embeddings.position_ids";
        let names = self.tensors.names().into_iter().filter_map(|name| name.strip_prefix(self.prefix)).map(usual);
        let mut names: Vec<String> = names.filter(own).filter(|name| !besides(name)).collect();
        names.sort_unstable();
        names
    }

    /// The name that a tensor has in the file.
    pub(crate) fn full_name(&self, name: &str) -> String {
        self.prefix.to_owned() + &self.name_in_architecture(name)
    }

    /// The same without the prefix.
    pub(crate) fn name_in_architecture(&self, name: &str) -> String {
        self.parts.iter().fold(name.to_owned(), |name, (usual, own)| name.replace(usual, own))
    }

    /// The shape of a tensor.
    pub(crate) fn shape(&self, name: &str) -> Result<Vec<usize>, LoadError> {
        Ok(self.view(name, &[])?.shape().to_vec())
    }

    /// The values of a tensor in row order, if it has the shape expected.
    pub(crate) fn read(&self, name: &str, expected: &[usize]) -> Result<Vec<f32>, LoadError> {
        let view = self.view(name, expected)?;
        if view.shape() != expected {
            return Err(LoadError::Shape {
                file: self.file.clone(),
                tensor: name.to_owned(),
                found: view.shape().to_vec(),
                expected: expected.to_vec(),
            });
        }
        let values = match view.dtype() {
            Dtype::I8 => self.dequantise(name, &view)?,
            _ => floats(&view).ok_or_else(|| self.storage(name, &view))?,
        };
        if values.iter().all(|value| value.is_finite()) {
            return Ok(values);
        }
        Err(LoadError::NotFinite { file: self.file.clone(), tensor: name.to_owned() })
    }

    fn dequantise(&self, name: &str, view: &TensorView<'_>) -> Result<Vec<f32>, LoadError> {
        let [rows, columns] = *view.shape() else { return Err(self.storage(name, view)) };
        let scales = self.vector(&format!("{name}.scale"), rows)?;
        let rows = view.data().chunks_exact(columns.max(1)).zip(&scales);
        Ok(rows.flat_map(|(row, scale)| row.iter().map(move |byte| f32::from(byte.cast_signed()) * scale)).collect())
    }

    fn view(&self, name: &str, expected: &[usize]) -> Result<TensorView<'a>, LoadError> {
        self.tensors.tensor(&self.full_name(name)).map_err(|_| LoadError::MissingTensor {
            file: self.file.clone(),
            tensor: name.to_owned(),
            expected: expected.to_vec(),
        })
    }

    fn storage(&self, name: &str, view: &TensorView<'_>) -> LoadError {
        LoadError::Storage { file: self.file.clone(), tensor: name.to_owned(), found: format!("{:?}", view.dtype()) }
    }
}

/// Values stored as floats of any kind; none where they are stored as something else.
fn floats(view: &TensorView<'_>) -> Option<Vec<f32>> {
    let halves = || view.data().as_chunks::<2>().0.iter().map(|bytes| u16::from_le_bytes(*bytes));
    match view.dtype() {
        Dtype::F32 => Some(view.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()),
        Dtype::F16 => Some(halves().map(half).collect()),
        Dtype::BF16 => Some(halves().map(|bits| f32::from_bits(u32::from(bits) << 16)).collect()),
        _ => None,
    }
}

/// An IEEE 754 half precision number: its fields, moved to where f32 has them, read 2^112 times too small; an exponent
/// of all ones stands for infinities and NaN in both.
fn half(bits: u16) -> f32 {
    let sign = u32::from(bits & 0x8000) << 16;
    let magnitude = u32::from(bits & 0x7fff) << 13;
    if bits & 0x7c00 == 0x7c00 {
        return f32::from_bits(sign | 0x7f80_0000 | magnitude);
    }
    let scaled = f32::from_bits(magnitude) * f32::from_bits((127 + 112) << 23);
    f32::from_bits(sign | scaled.to_bits())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn file(tensors: &[(&str, Dtype, &[usize], &[u8])]) -> Vec<u8> {
        let views = tensors
            .iter()
            .map(|(name, kind, shape, data)| (*name, TensorView::new(*kind, shape.to_vec(), data).unwrap()));
        safetensors::serialize(views, None).unwrap()
    }

    fn bytes(values: &[f32]) -> Vec<u8> {
        values.iter().flat_map(|value| value.to_le_bytes()).collect()
    }

    #[test]
    fn every_kind_of_storage_reads_as_f32() {
        let scales = bytes(&[0.5, 2.0]);
        let content = file(&[
            ("bert.f32", Dtype::F32, &[2], &bytes(&[1.5, -2.0])),
            ("bert.f16", Dtype::F16, &[4], &[0x00, 0x3e, 0x00, 0xc0, 0x01, 0x00, 0xff, 0x7b]),
            ("bert.bf16", Dtype::BF16, &[2], &[0xc0, 0x3f, 0x00, 0xc0]),
            ("bert.i8", Dtype::I8, &[2, 2], &[2, 0xff, 127, 0x81]),
            ("bert.i8.scale", Dtype::F32, &[2], &scales),
        ]);
        let weights = Weights::open("w".to_owned(), &content).unwrap();
        assert_eq!(weights.vector("f32", 2).unwrap(), [1.5, -2.0]);
        assert_eq!(weights.vector("f16", 4).unwrap(), [1.5, -2.0, 2.0_f32.powi(-24), 65504.0]);
        assert_eq!(weights.vector("bf16", 2).unwrap(), [1.5, -2.0]);
        assert_eq!(weights.matrix("i8", 2, 2).unwrap().values(), [1.0, -0.5, 254.0, -254.0]);
        assert!(half(0x7c00).is_infinite() && half(0x7e00).is_nan() && half(0x8000).is_sign_negative());
    }

    #[test]
    fn errors_name_the_tensor_and_what_was_expected() {
        struct Case {
            tensor: &'static str,
            shape: &'static [usize],
            says: &'static [&'static str],
        }
        let content = file(&[
            ("wrong", Dtype::F32, &[2, 1], &bytes(&[1.0, 2.0])),
            ("whole", Dtype::I64, &[1], &[0; 8]),
            ("nan", Dtype::F32, &[1], &bytes(&[f32::NAN])),
            ("bare", Dtype::I8, &[1, 1], &[1]),
            ("flat", Dtype::I8, &[2], &[1, 1]),
        ]);
        let weights = Weights::open("w.safetensors".to_owned(), &content).unwrap();
        let cases = [
            Case { tensor: "gone", shape: &[3, 4], says: &["no tensor `gone`", "[3, 4]"] },
            Case { tensor: "wrong", shape: &[1, 2], says: &["`wrong`", "[2, 1]", "[1, 2]"] },
            Case { tensor: "whole", shape: &[1], says: &["`whole`", "I64"] },
            Case { tensor: "nan", shape: &[1], says: &["`nan`", "not finite"] },
            Case { tensor: "bare", shape: &[1, 1], says: &["`bare.scale`"] },
            Case { tensor: "flat", shape: &[2], says: &["`flat`", "I8"] },
        ];
        let wrong = |case: &Case| {
            let message = weights.read(case.tensor, case.shape).unwrap_err().to_string();
            let silent = case.says.iter().any(|part| !message.contains(part));
            (silent || !message.contains("w.safetensors")).then(|| format!("{}: {message}", case.tensor))
        };
        assert_eq!(cases.iter().filter_map(wrong).collect::<Vec<_>>(), Vec::<String>::new());
        assert!(matches!(Weights::open(String::new(), b"junk"), Err(LoadError::Safetensors { .. })));
    }
}
