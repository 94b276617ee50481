//! Words that say something about where sentences begin, from general knowledge of English.

use std::{collections::HashSet, sync::LazyLock};

type Words = LazyLock<HashSet<&'static str>>;

/// The words of `lines`, which are in small letters and parted by spaces.
fn words(lines: &[&'static str]) -> HashSet<&'static str> {
    lines.iter().flat_map(|line| line.split(' ')).collect()
}

/// Whether sentences often begin with `word`, while names rarely do.
pub(super) fn is_starter(word: &str) -> bool {
    STARTERS.contains(word.to_lowercase().replace('’', "'").as_str())
}

/// Whether `word` is a usual subject in small letters; unlike other first words these seldom follow an abbreviation.
pub(super) fn is_subject(word: &str) -> bool {
    ["i", "im", "i'm", "he", "she", "it", "its", "it's", "we", "you", "they", "this", "there", "these"].contains(&word)
}

/// Whether `word`, after a date or a time of day, carries it on ("5 p.m. Monday", "9 a.m. GMT").
pub(super) fn carries_date(word: &str) -> bool {
    DATES.contains(word.to_lowercase().as_str())
}

/// Whether `word` reports speech ("'Stop!' Mary said").
pub(super) fn reports_speech(word: &str) -> bool {
    REPORTING.contains(word)
}

/// Whether `word` joins on to what stands before it and so, in small letters, begins no sentence ("Oh! and bring some").
pub(super) fn joins(word: &str) -> bool {
    ["and", "or", "nor", "of", "by", "to", "for", "with", "from", "in", "on", "at", "as", "than"].contains(&word)
}

/// Whether `word` takes a single letter after it, which then is no initial ("plan B", "vitamin C").
pub(super) fn takes_letter(word: &str) -> bool {
    LETTERED.contains(word.to_lowercase().as_str())
}

/// Whether `word` is a name that an exclamation mark belongs to.
pub(super) fn ends_exclaiming(word: &str) -> bool {
    ["Yahoo", "Jeopardy"].contains(&word)
}

/// Whether `word` ends the names of hosts or files ("example.com", "notes.txt").
pub(super) fn ends_name(word: &str) -> bool {
    NAME_ENDINGS.contains(word.to_lowercase().as_str())
}

static STARTERS: Words = LazyLock::new(|| {
    words(&[
        // Pronouns.
        "i i'm i've i'll i'd he he's she she's it it's its we we're we've we'll you you're you've you'll they they're they've",
        "they'll there there's this that that's these those who what what's which nobody nothing everyone everything",
        "everybody someone something somebody anyone anything one",
        // Determiners and quantities.
        "the a an my your his her our their some any no every each all both many most much more several few another other",
        "others such either neither half",
        // Conjunctions.
        "and but or nor so yet because although though while whereas if unless until when whenever where wherever since",
        "whether once as than",
        // Prepositions.
        "in on at by for from to with without after before during under over about among between despite through within",
        "against according of",
        // Adverbs.
        "how why however therefore moreover furthermore nevertheless meanwhile then thus also still now here today yesterday",
        "tomorrow later soon never always often sometimes perhaps maybe indeed instead finally again just only even not yes",
        "well please thanks thank ok okay unfortunately actually recently similarly otherwise overall",
        // Verbs that open questions and requests.
        "is are was were do does did don't doesn't didn't isn't aren't has have had can can't could will won't would should",
        "let let's see note go come tell call look make take get try",
        // Usual subjects.
        "people women men workers police critics",
    ])
});

static DATES: Words = LazyLock::new(|| {
    words(&[
        // Days and months.
        "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun",
        "january february march april may june july august september october november december",
        "jan feb mar apr jun jul aug sep sept oct nov dec",
        // Time zones.
        "gmt utc bst cet cest est edt cst cdt mst mdt pst pdt et ct mt pt eastern central mountain pacific",
    ])
});

static REPORTING: Words = LazyLock::new(|| {
    words(&[
        "said says asked asks replied replies answered answers told wrote writes added cried cries shouted shouts",
        "exclaimed yelled screamed whispered demanded wondered",
    ])
});

static LETTERED: Words = LazyLock::new(|| {
    words(&[
        "plan vitamin hepatitis influenza option grade type group class category level team model point letter",
        "appendix annex exhibit part schedule",
    ])
});

static NAME_ENDINGS: Words = LazyLock::new(|| {
    words(&[
        // Domains.
        "com net org edu gov mil int info biz name pro mobi coop museum jobs travel asia app dev blog shop site online store",
        "tech news live today world page link club cloud space media top xyz art wiki zone",
        // Files.
        "txt pdf doc docx rtf odt xls xlsx csv tsv ppt pptx htm html xhtml xml json yaml yml toml php asp aspx jsp cgi css sql",
        "jpg jpeg png gif svg bmp tif tiff mp3 mp4 avi mov wav exe dll bat zip rar tar log tmp bak dat ini cfg conf java cpp",
        "hpp epub tex bib ics eml msg mdb lock",
    ])
});
