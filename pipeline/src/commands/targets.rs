use anyhow::{Context as _, Result, anyhow, bail, ensure};
use clap::Args;
use standpoint_corpus::Document;
use standpoint_corpus::read::Corpus;
use standpoint_labels::formats::TARGET_COLUMN;
use standpoint_labels::{Scheme, Target};

/// What the stances of an input are towards, where the bundle's scheme has several targets.
#[derive(Debug, Clone, Args)]
pub(crate) struct TargetOptions {
    /// The column that says what each row's stance is towards, by a target's id or name [default: `target`, where the scheme has targets]
    #[arg(long, value_name = "COLUMN")]
    target_column: Option<String>,
    /// What the stances of all texts are towards, by the target's id or name; goes into a column `target`
    #[arg(long, conflicts_with = "target_column")]
    target: Option<String>,
}

/// Where the targets of documents come from.
#[derive(Debug, Clone)]
pub(crate) enum Targets {
    /// The scheme has none.
    None,
    /// All documents have the same.
    One(Target),
    /// This field names them.
    Column(usize, Scheme),
}

impl Targets {
    /// From what was asked and the input's columns other than text and id.
    pub(crate) fn new(options: &TargetOptions, scheme: &Scheme, columns: &[String]) -> Result<Self> {
        let asked =
            options.target.as_ref().map(|_| "--target").or(options.target_column.as_ref().map(|_| "--target-column"));
        if scheme.targets.is_empty() {
            ensure!(
                asked.is_none(),
                "{}: the scheme `{}` has no targets; leave it out",
                asked.unwrap_or_default(),
                scheme.id
            );
            return Ok(Self::None);
        }
        if let Some(spelling) = &options.target {
            let target = scheme.target(Some(spelling)).map_err(|reason| anyhow!("--target: {reason}"))?;
            return Ok(Self::One(target.context("the scheme has targets")?.clone()));
        }
        let name = options.target_column.as_deref().unwrap_or(TARGET_COLUMN);
        match columns.iter().position(|column| column == name) {
            Some(at) => Ok(Self::Column(at, scheme.clone())),
            None => bail!(
                "the scheme `{}` has several targets, and no column `{name}` beside text and id says which a text's stance is towards; name \
                 one with --target-column (there are: {}), or the target of all texts with --target",
                scheme.id,
                columns.join(", ")
            ),
        }
    }

    /// The target of a document.
    ///
    /// # Errors
    /// When its field names none; says which there are.
    pub(crate) fn of(&self, document: &Document) -> Result<Option<&Target>, String> {
        match self {
            Self::None => Ok(None),
            Self::One(target) => Ok(Some(target)),
            Self::Column(at, scheme) => scheme.target(Some(&document.fields[*at].text())),
        }
    }

    /// Passes over the documents that have no target.
    pub(crate) fn check(&self, corpus: Corpus) -> Corpus {
        match self {
            Self::Column(..) => {
                let targets = self.clone();
                corpus.checked(move |document| targets.of(document).map(|_| ()))
            }
            Self::None | Self::One(_) => corpus,
        }
    }

    /// The field that names the targets.
    pub(crate) fn field(&self) -> Option<usize> {
        if let Self::Column(at, _) = self { Some(*at) } else { None }
    }

    /// The id of the target that all documents have, which no column of the input says.
    pub(crate) fn of_all(&self) -> Option<&str> {
        if let Self::One(target) = self { Some(&target.id) } else { None }
    }
}
