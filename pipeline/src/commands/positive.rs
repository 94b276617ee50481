use anyhow::{Context, Result};
use clap::Args;

/// The stances of `SemEval`'s measure.
#[derive(Debug, Args)]
pub(crate) struct Positive {
    /// Stances whose mean F1 is wanted too, separated by commas (`SemEval`'s measure)
    #[arg(long, value_name = "STANCE", value_delimiter = ',')]
    positive: Vec<String>,
}

impl Positive {
    /// The positions of the stances asked for among all.
    pub(crate) fn positions(&self, stances: &[String]) -> Result<Vec<usize>> {
        let position = |name: &String| {
            stances.iter().position(|stance| stance == name).with_context(|| {
                format!("--positive {name}: there is no such stance; the stances are {}", stances.join(", "))
            })
        };
        self.positive.iter().map(position).collect()
    }
}
