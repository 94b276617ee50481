use std::path::Path;

use anyhow::{Result, bail};
use standpoint_labels::{LabelError, LabelFile, Scheme};

use crate::console::say;

/// Reads a file of hand labels, of a scheme where it is known, and says on standard error what answers in it are no labels, and who gave them where several people did.
pub(crate) fn read(file: &Path, scheme: Option<&Scheme>) -> Result<LabelFile, LabelError> {
    let found = standpoint_labels::read(file, scheme)?;
    found.skipped_notice().iter().for_each(say);
    let annotators = found.annotators();
    if annotators.len() > 1 {
        let name = file.display();
        say(format_args!("{name}: labels of {} annotators: {}", annotators.len(), listed(&found)));
    }
    Ok(found)
}

/// Leaves out the labels of all other annotators, and says how many these were.
pub(crate) fn keep(found: &mut LabelFile, annotator: &str) -> Result<()> {
    let name = found.file.display();
    if !found.annotators().contains_key(annotator) {
        bail!("{name}: no label is by `{annotator}`; its annotators are {}", listed(found));
    }
    let before = found.labels.len();
    found.labels.retain(|label| label.annotator == annotator);
    say(format_args!("{}: {} label(s) of other annotators are left out", name, before - found.labels.len()));
    Ok(())
}

fn listed(found: &LabelFile) -> String {
    let each = found.annotators().into_iter().map(|(name, count)| format!("{name} ({count})"));
    each.collect::<Vec<_>>().join(", ")
}
