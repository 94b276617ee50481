//! Networks that rust-bert builds and libtorch runs: many architectures, on the CPU or on CUDA.
//!
//! The feature `rust-bert` compiles this; `models/libtorch.sh` and README.md say how libtorch comes onto the machine.
//! [`LibtorchEncoder`] stands behind the same seam as the plain encoder, [`Entailment`] asks models of natural language
//! inference, and [`ZeroShot`] labels with them. Tokens, pooling and settings are read by the same code as for the plain
//! encoder; rust-bert has only the network itself.
//!
//! Texts are taken together only where they have the same number of tokens, so that no padding takes part: rust-bert does
//! not mask it in every architecture. Where sums are taken in another order, libtorch rounds otherwise; a text's vector
//! therefore depends on what stands beside it, and on the number of threads, by some 1e-6.

mod architecture;
mod batch;
mod classifiers;
mod config;
mod deberta_v2;
mod device;
mod encoder;
mod encoders;
mod entailment;
mod error;
mod network;
mod zero_shot;

pub use device::Device;
pub use encoder::LibtorchEncoder;
pub use entailment::{Entailed, Entailment};
pub use error::Error;
pub use zero_shot::ZeroShot;
