//! The parameters of the encoder and its head, and whatever else there is one of for each: gradients, moments.

/// A linear layer's weights [outputs, inputs] and bias [outputs].
#[derive(Clone, Debug)]
pub(super) struct Dense<T> {
    pub(super) weight: T,
    pub(super) bias: T,
}

/// A layer norm's scale and shift, [hidden] each.
#[derive(Clone, Debug)]
pub(super) struct Norm<T> {
    pub(super) scale: T,
    pub(super) shift: T,
}

/// One layer of the transformer.
#[derive(Clone, Debug)]
pub(super) struct Layer<T> {
    /// Query, key and value, their outputs one after the other.
    pub(super) attention: Dense<T>,
    pub(super) attention_output: Dense<T>,
    pub(super) attention_norm: Norm<T>,
    pub(super) intermediate: Dense<T>,
    pub(super) output: Dense<T>,
    pub(super) output_norm: Norm<T>,
}

/// The tables that tokens are looked up in, [rows, hidden] each, and the norm of their sum.
#[derive(Clone, Debug)]
pub(super) struct Tables<T> {
    /// One row for each word piece that occurs in the texts.
    pub(super) words: T,
    pub(super) positions: T,
    pub(super) types: T,
    pub(super) norm: Norm<T>,
}

/// One T for each tensor of the encoder and its head.
#[derive(Clone, Debug)]
pub(super) struct Parameters<T> {
    pub(super) tables: Tables<T>,
    pub(super) layers: Vec<Layer<T>>,
    pub(super) head: Dense<T>,
}

/// Writes `as_ref`, `as_mut` and `map`, as `Option` has them, for a struct of leaves (of type T) and branches.
macro_rules! mappable {
    ($name:ident, leaves: $($leaf:ident)*, branches: $($branch:ident)*) => {
        impl<T> $name<T> {
            pub(super) fn as_ref(&self) -> $name<&T> {
                $name { $($leaf: &self.$leaf,)* $($branch: self.$branch.as_ref(),)* }
            }

            pub(super) fn as_mut(&mut self) -> $name<&mut T> {
                $name { $($leaf: &mut self.$leaf,)* $($branch: self.$branch.as_mut(),)* }
            }

            /// Visits the tensors in the order in which the fields are declared.
            pub(super) fn map<U>(self, f: &mut impl FnMut(T) -> U) -> $name<U> {
                $name { $($leaf: f(self.$leaf),)* $($branch: self.$branch.map(f),)* }
            }
        }
    };
}

mappable!(Dense, leaves: weight bias, branches:);
mappable!(Norm, leaves: scale shift, branches:);
mappable!(Layer, leaves:, branches: attention attention_output attention_norm intermediate output output_norm);
mappable!(Tables, leaves: words positions types, branches: norm);

impl<T> Parameters<T> {
    pub(super) fn as_ref(&self) -> Parameters<&T> {
        Parameters {
            tables: self.tables.as_ref(),
            layers: self.layers.iter().map(Layer::as_ref).collect(),
            head: self.head.as_ref(),
        }
    }

    pub(super) fn as_mut(&mut self) -> Parameters<&mut T> {
        Parameters {
            tables: self.tables.as_mut(),
            layers: self.layers.iter_mut().map(Layer::as_mut).collect(),
            head: self.head.as_mut(),
        }
    }

    /// Visits the tensors from the bottom up: tables, layers, head.
    pub(super) fn map<U>(self, f: &mut impl FnMut(T) -> U) -> Parameters<U> {
        Parameters {
            tables: self.tables.map(f),
            layers: self.layers.into_iter().map(|layer| layer.map(f)).collect(),
            head: self.head.map(f),
        }
    }

    /// One U for each tensor, made of what is in its place here; an error of `f` ends the visit.
    pub(super) fn try_map<U: Default, E>(self, mut f: impl FnMut(T) -> Result<U, E>) -> Result<Parameters<U>, E> {
        let mut outcome = Ok(());
        let mapped = self.map(&mut |part| match outcome {
            Ok(()) => f(part).unwrap_or_else(|error| {
                outcome = Err(error);
                U::default()
            }),
            Err(_) => U::default(),
        });
        outcome.map(|()| mapped)
    }

    /// All tensors in the order of `map`.
    pub(super) fn into_list(self) -> Vec<T> {
        let mut list = Vec::new();
        self.map(&mut |part| list.push(part));
        list
    }
}

impl Parameters<Vec<f32>> {
    /// Zeros in the same shape.
    pub(super) fn zeros_like(&self) -> Self {
        self.as_ref().map(&mut |values| vec![0.0; values.len()])
    }
}
