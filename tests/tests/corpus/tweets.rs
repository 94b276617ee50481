//! The synthetic tweets for the targets of SemEval-2016.

use std::collections::HashMap;

use standpoint_labels::{HandLabel, Place, Scheme};
use standpoint_tests::in_workspace;

use super::{labels, none_of};

fn tweets() -> Vec<HandLabel> {
    labels(&["tweets"], "synthetic.csv")
}

fn text(label: &HandLabel) -> &str {
    match &label.place {
        Place::Text { text, .. } => text,
        Place::Span { .. } => panic!("row {}: there is no corpus beside these labels", label.row),
    }
}

/// The texts, each with its place for messages.
pub(super) fn texts() -> Vec<(String, String)> {
    tweets().iter().map(|label| (format!("tweets row {}", label.row), text(label).to_owned())).collect()
}

#[test]
fn every_tweet_has_a_target_and_a_stance_of_the_scheme() {
    let toml = std::fs::read_to_string(in_workspace("labels/schemes/semeval-2016-stance.toml")).unwrap();
    let scheme = Scheme::parse(&toml).unwrap();
    let is_known = |label: &HandLabel| {
        let target = label.target.as_deref().unwrap_or_default();
        scheme.position(&label.stance).is_some() && scheme.targets.iter().any(|known| known.id == target)
    };
    let unknown: Vec<String> =
        tweets().iter().filter(|label| !is_known(label)).map(|label| format!("row {}", label.row)).collect();
    none_of(&unknown);
}

#[test]
fn no_tweet_stands_twice_under_a_target() {
    let tweets = tweets();
    let mut seen: HashMap<(Option<&str>, String), u64> = HashMap::new();
    let twice = tweets.iter().filter_map(|label| {
        let earlier = seen.insert((label.target.as_deref(), text(label).to_lowercase()), label.row)?;
        Some(format!("rows {earlier} and {}: {}", label.row, text(label)))
    });
    none_of(&twice.collect::<Vec<_>>());
}
