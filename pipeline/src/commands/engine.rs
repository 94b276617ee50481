//! What runs the networks: plain Rust, or libtorch where the program was built with the feature `rust-bert`.

use std::path::Path;

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use standpoint_labels::Scheme;
use standpoint_models::{BertEncoder, Encoder, Folder, Labeller};

/// Which engine runs the encoder, and where.
#[derive(Debug, Clone, Args)]
pub(crate) struct EngineOptions {
    /// What runs the encoder
    #[arg(long, value_enum, default_value_t = Engine::Plain)]
    engine: Engine,
    #[command(flatten)]
    device: DeviceOption,
}

/// Where libtorch computes.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
pub(crate) struct DeviceOption {
    /// Where libtorch computes: cpu, or cuda:N [default: cpu]
    #[arg(long, value_name = "DEVICE")]
    device: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// Plain Rust, on the processor: encoders of the BERT family
    Plain,
    /// libtorch: many architectures, and CUDA; needs a build with the feature rust-bert
    RustBert,
}

impl EngineOptions {
    /// The encoder in a folder.
    pub(crate) fn load(&self, folder: &Folder) -> Result<Box<dyn Encoder>> {
        if self.engine == Engine::RustBert {
            return libtorch::encoder(folder, self.device.name());
        }
        self.device.refuse_without("--engine rust-bert")?;
        Ok(Box::new(BertEncoder::load(folder)?))
    }
}

impl DeviceOption {
    fn name(&self) -> &str {
        self.device.as_deref().unwrap_or("cpu")
    }

    /// Refuses a device where libtorch is not used.
    pub(crate) fn refuse_without(&self, option: &str) -> Result<()> {
        ensure!(self.device.is_none(), "--device goes with {option}; anything else runs on the processor");
        Ok(())
    }

    /// What labels with the model of natural language inference in a folder.
    pub(crate) fn zero_shot(&self, folder: &Path, scheme: Scheme) -> Result<Box<dyn Labeller>> {
        libtorch::zero_shot(&Folder::disk(folder), scheme, self.name())
    }
}

#[cfg(feature = "rust-bert")]
mod libtorch {
    use anyhow::Result;
    use standpoint_labels::Scheme;
    use standpoint_models::libtorch::{Entailment, LibtorchEncoder, ZeroShot};
    use standpoint_models::{Encoder, Folder, Labeller};

    pub(super) fn encoder(folder: &Folder, device: &str) -> Result<Box<dyn Encoder>> {
        Ok(Box::new(LibtorchEncoder::load(folder, device.parse()?)?))
    }

    pub(super) fn zero_shot(folder: &Folder, scheme: Scheme, device: &str) -> Result<Box<dyn Labeller>> {
        Ok(Box::new(ZeroShot::new(scheme, Entailment::load(folder, device.parse()?)?)?))
    }
}

#[cfg(not(feature = "rust-bert"))]
mod libtorch {
    use anyhow::{Result, bail};
    use standpoint_labels::Scheme;
    use standpoint_models::{Encoder, Folder, Labeller};

    const REMEDY: &str = "this program was built without libtorch; prepare it with models/libtorch.sh and build again with \
        --features rust-bert, as README.md says";

    pub(super) fn encoder(_: &Folder, _: &str) -> Result<Box<dyn Encoder>> {
        bail!("--engine rust-bert: {REMEDY}")
    }

    pub(super) fn zero_shot(_: &Folder, _: Scheme, _: &str) -> Result<Box<dyn Labeller>> {
        bail!("--zero-shot: {REMEDY}")
    }
}
