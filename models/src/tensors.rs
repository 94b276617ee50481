//! The numbers of a bundle, in safetensors files.

use std::collections::BTreeMap;

use ndarray::Array2;
use safetensors::tensor::{Dtype, SafeTensorError, SafeTensors, TensorView};

/// A tensor to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

/// Tensors by name.
pub type Tensors = BTreeMap<&'static str, Tensor>;

impl Tensor {
    /// Of 32-bit floating-point numbers, row by row.
    pub(crate) fn floats<'a>(shape: &[usize], values: impl IntoIterator<Item = &'a f32>) -> Self {
        let bytes = values.into_iter().flat_map(|value| value.to_le_bytes()).collect();
        Self { dtype: Dtype::F32, shape: shape.to_vec(), bytes }
    }

    /// One row of unsigned 32-bit integers.
    pub(crate) fn integers(values: &[u32]) -> Self {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        Self { dtype: Dtype::U32, shape: vec![values.len()], bytes }
    }
}

/// The content of a safetensors file; the same tensors give the same bytes.
pub(crate) fn to_bytes(tensors: &Tensors) -> Result<Vec<u8>, SafeTensorError> {
    let mut views = Vec::new();
    for (name, Tensor { dtype, shape, bytes }) in tensors {
        views.push((*name, TensorView::new(*dtype, shape.clone(), bytes)?));
    }
    safetensors::serialize(views, None)
}

/// A safetensors file being read. Errors are what was found and what was expected.
pub(crate) struct TensorFile<'a>(SafeTensors<'a>);

impl<'a> TensorFile<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, String> {
        SafeTensors::deserialize(bytes).map(Self).map_err(|error| error.to_string())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.tensor(name).is_ok()
    }

    /// The length of a tensor's first dimension; 0 where there is none.
    pub(crate) fn rows(&self, name: &str) -> usize {
        self.0.tensor(name).ok().and_then(|tensor| tensor.shape().first().copied()).unwrap_or(0)
    }

    /// The floating-point numbers of a tensor of this shape; those of 64 bits are rounded.
    #[expect(clippy::cast_possible_truncation, reason = "weights are kept in f32")]
    pub(crate) fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
        let (dtype, data) = self.tensor(name, shape, &[Dtype::F32, Dtype::F64])?;
        Ok(match dtype {
            Dtype::F64 => data.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes) as f32).collect(),
            _ => data.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect(),
        })
    }

    /// As [`TensorFile::floats`], of a matrix.
    pub(crate) fn matrix(&self, name: &str, shape: (usize, usize)) -> Result<Array2<f32>, String> {
        let values = self.floats(name, &[shape.0, shape.1])?;
        Array2::from_shape_vec(shape, values).map_err(|error| error.to_string())
    }

    /// The unsigned 32-bit integers of a tensor of one row.
    pub(crate) fn integers(&self, name: &str, count: usize) -> Result<Vec<u32>, String> {
        let (_, data) = self.tensor(name, &[count], &[Dtype::U32])?;
        Ok(data.as_chunks().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect())
    }

    fn tensor(&self, name: &str, shape: &[usize], dtypes: &[Dtype]) -> Result<(Dtype, &[u8]), String> {
        let tensor = self.0.tensor(name).map_err(|error| error.to_string())?;
        if dtypes.contains(&tensor.dtype()) && tensor.shape() == shape {
            return Ok((tensor.dtype(), tensor.data()));
        }
        let (found, of) = (tensor.dtype(), tensor.shape());
        Err(format!("tensor `{name}` is {found:?} {of:?}, expected {:?} {shape:?}", dtypes[0]))
    }
}
