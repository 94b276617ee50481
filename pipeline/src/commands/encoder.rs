//! Which encoder, and what it is told before every text.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use serde::{Deserialize, Serialize};
use standpoint_models::encoder::with_prefix;
use standpoint_models::{Bundle, Folder};

#[derive(Debug, Clone, Args, Serialize, Deserialize)]
pub(crate) struct EncoderChoice {
    /// An encoder in Hugging Face layout [default: that of the bundle compiled in]
    #[arg(long, value_name = "DIR")]
    encoder: Option<PathBuf>,
    /// Put before every text what the encoder was trained with, such as "query: " for E5 [default: the default prompt that the
    /// encoder's folder names, if it does]
    #[arg(long, value_name = "TEXT")]
    prefix: Option<String>,
}

impl EncoderChoice {
    /// The encoder's folder; none for the one compiled in.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.encoder.as_deref()
    }

    /// The encoder's folder, with the prefix in it.
    pub(crate) fn folder(&self) -> Result<Folder> {
        let folder = self.encoder.as_ref().map_or_else(Bundle::built_in_encoder, |folder| Ok(Folder::disk(folder)))?;
        Ok(match &self.prefix {
            Some(prefix) => with_prefix(&folder, prefix)?,
            None => folder,
        })
    }
}
