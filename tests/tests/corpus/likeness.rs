//! No passage is another's copy, or that of a text that is kept for measuring.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use standpoint_corpus::{Unit, segment};
use standpoint_tests::in_workspace;

use super::{ALL, Passage, documents, none_of, passages, tweets};

/// Words in a row that are compared.
const WINDOW: usize = 5;
/// Words from which on a sentence is taken to be somebody's own; shorter ones ("Introduction", "Thank you.") come back in any collection.
const SENTENCE: usize = 6;
/// The same for tweets, whose slogans and thanks are longer ("Women's rights are human rights", "Thank you for the follow, @user").
const SENTENCE_OF_TWEET: usize = 7;
const SIMILARITY: f64 = 0.5;

/// Words in lower case, without punctuation.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The runs of five words in a text; a shorter text is one run.
fn runs(text: &str) -> BTreeSet<String> {
    let words = words(text);
    words.windows(WINDOW.min(words.len()).max(1)).map(|run| run.join(" ")).collect()
}

/// The pairs of passages, earlier first, that share a run, with how many they share.
fn shared_runs(runs: &[BTreeSet<String>]) -> BTreeMap<(usize, usize), usize> {
    let mut holders: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut shared = BTreeMap::new();
    for (passage, of_passage) in runs.iter().enumerate() {
        for run in of_passage {
            let of_run = holders.entry(run).or_default();
            for &earlier in &*of_run {
                *shared.entry((earlier, passage)).or_default() += 1;
            }
            of_run.push(passage);
        }
    }
    shared
}

#[test]
fn no_passage_stands_twice() {
    let passages: Vec<Passage> = passages(ALL).into_iter().filter(|passage| passage.words() >= SENTENCE).collect();
    let mut seen: HashMap<Vec<String>, &Passage> = HashMap::new();
    let twice: Vec<(&Passage, &Passage)> =
        passages.iter().filter_map(|passage| Some((passage, seen.insert(words(&passage.text), passage)?))).collect();
    none_of(&twice.iter().map(|(a, b)| format!("{} and {}: {:?}", a.place(), b.place(), a.text)).collect::<Vec<_>>());
}

#[test]
fn only_pairs_are_nearly_alike() {
    let passages: Vec<Passage> = passages(ALL).into_iter().filter(|passage| passage.words() >= SENTENCE).collect();
    let runs: Vec<BTreeSet<String>> = passages.iter().map(|passage| runs(&passage.text)).collect();
    let mut failures = Vec::new();
    for ((a, b), shared) in shared_runs(&runs) {
        let similarity = shared as f64 / (runs[a].len() + runs[b].len() - shared) as f64;
        let (a, b) = (&passages[a], &passages[b]);
        let is_pair = a.group == b.group && a.document != b.document;
        if similarity >= SIMILARITY && !is_pair {
            failures.push(format!("{similarity:.2} {}: {:?}\n     {}: {:?}", a.place(), a.text, b.place(), b.text));
        }
    }
    none_of(&failures);
}

/// The sentences of the corpus and of the tweets that are long enough, each under its first words.
fn sentences() -> HashMap<Vec<String>, Vec<(String, Vec<String>)>> {
    let mut sentences: HashMap<_, Vec<_>> = HashMap::new();
    let documents = documents(ALL).into_iter().map(|(id, document)| (id, document.text, SENTENCE));
    let tweets = tweets::texts().into_iter().map(|(place, text)| (place, text, SENTENCE_OF_TWEET));
    for (place, text, fewest) in documents.chain(tweets) {
        let of_text = segment(&text, Unit::Sentence).into_iter().map(|sentence| words(&sentence.text));
        for sentence in of_text.filter(|sentence| sentence.len() >= fewest) {
            sentences.entry(sentence[..SENTENCE].to_vec()).or_default().push((place.clone(), sentence));
        }
    }
    sentences
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let paths = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn no_sentence_is_that_of_a_text_kept_for_measuring() {
    let shared = in_workspace("../shared/data");
    if !shared.is_dir() {
        #[allow(clippy::print_stderr, reason = "whoever runs the tests should see that one checked nothing")]
        {
            eprintln!("skipped: there is no {}", shared.display());
        }
        return;
    }
    let sentences = sentences();
    let mut failures = Vec::new();
    for file in files(&shared) {
        let found = words(&String::from_utf8_lossy(&std::fs::read(&file).unwrap()));
        for (at, start) in found.windows(SENTENCE).enumerate() {
            let candidates = sentences.get(start).into_iter().flatten();
            let copied = candidates.filter(|(_, sentence)| found[at..].starts_with(sentence));
            failures.extend(copied.map(|(id, sentence)| format!("{id}, {}: {}", file.display(), sentence.join(" "))));
        }
    }
    none_of(&failures);
}
