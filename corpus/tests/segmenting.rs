//! Segmenting whole documents: damage as extraction makes it, and any text at all.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use standpoint_corpus::{Segment, Unit, mend, segment};
use unicode_segmentation::UnicodeSegmentation;

struct Case {
    name: &'static str,
    text: &'static str,
    /// First and last word of each passage.
    passages: &'static [(&'static str, &'static str)],
}

fn ends(text: &str) -> Vec<(String, String)> {
    let word = |word: Option<&str>| word.unwrap_or_default().to_owned();
    segment(text, Unit::Passage)
        .iter()
        .map(|segment| (word(segment.text.split(' ').next()), word(segment.text.rsplit(' ').next())))
        .collect()
}

#[test]
fn damaged_documents() {
    let cases = [
        Case {
            name: "running headers, page numbers and a paragraph across pages",
            text: "Lights in the Harbour 1\n\nWhen the lamps along the harbour went out one by one nobody\nasked who had put them out, and \
                   those who had lit them were\n\u{c}Lights in the Harbour 2\n\nnot there to say. It was late.\nWhoever came by on the next \
                   morning found the quay swept clean\nand nothing left to see.\n\u{c}Lights in the Harbour 3\n\nThe town went on with what it \
                   had always done, which was to\nsell fish to those who came for fish.\n\n3\n",
            passages: &[("When", "late."), ("Whoever", "see."), ("The", "fish.")],
        },
        Case {
            name: "double spacing",
            text: "A glued heading about lamps\n\nWhen the lamps along the harbour went out one by one nobody\n\nasked who had put them out, \
                   and those who had lit them were\n\nnot there to say.1\n\nWhoever came by on the next morning found the quay swept clean\n\n\
                   of cross-\n\ncountry carts and of decora-\n\ntions.\n\n\u{f0b7} lamps with their wicks and with the oil that had been left in\n\n\
                   them\n\n\u{f0b7} carts",
            passages: &[("A", "lamps"), ("When", "say."), ("Whoever", "decorations."), ("•", "them"), ("•", "carts")],
        },
        Case {
            name: "a web thread",
            text: "Lamps out\nPosted by Ada on 3 May 2015\n\nNobody asked who had put the lamps out.\n\nLike · Reply · 3h\n\nI for one never liked \
                   them.\n\n...\n\nRead more\nhttp://lamps.example.org/all\n",
            passages: &[("Lamps", "out"), ("Nobody", "out."), ("I", "...")],
        },
        Case {
            name: "a report's heading, quotation and speaker",
            text: "THOSE WHO LIT\nTHE LAMPS\nWhen the lamps along the harbour went out one by one nobody\nasked who had put them out. One who \
                   had lit them told us:\n\n“We were sent home early on that day and\nnobody said why we were to go.”\nAda, who lit lamps for ten \
                   years\n\nWe asked others as well, and what they told us was very much\nthe same.",
            passages: &[("THOSE", "LAMPS"), ("When", "years"), ("We", "same.")],
        },
        Case {
            name: "an address and verse",
            text: "Lamps Ltd\n1 Quay Street\nHarbourtown\n\nThe lamps are out on the quay tonight,\nThe carts are gone and so is the light,\nNobody \
                   asks us.",
            passages: &[("Lamps", "Harbourtown"), ("The", "us.")],
        },
        Case {
            name: "references",
            text: "The lamps went out.\n\nReferences\n\nBo, A. (2011) Lamps and Quays. Turku: Nobody.\n\nDee, C. (2012) Carts, vol. 2.\n",
            passages: &[("The", "out.")],
        },
    ];
    let failures: Vec<_> = cases
        .iter()
        .filter_map(|case| {
            let found = ends(case.text);
            let same =
                found.iter().map(|(first, last)| (first.as_str(), last.as_str())).eq(case.passages.iter().copied());
            (!same).then_some((case.name, found))
        })
        .collect();
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn short_comments_come_through_unharmed() {
    let comments = [
        "I agree with every word of this.",
        "no",
        "Read more",
        "https://lamps.example.org/all",
        "12",
        "...",
        "- what she said",
        "1. Lamps 2. Carts",
        "WHY WAS NOBODY ASKED???",
        "See section 3.3 of the 2014 act; COVID-19.",
        "“Ask them.” – Ada",
        "It costs £5.50, or 20 m² of lamps.2 nobody cares",
        "© me",
        "@ada #lamps 👩‍💻🏽 e\u{301}t\u{e9}",
    ];
    let harmed: Vec<_> = comments
        .iter()
        .filter(|comment| {
            let segments = segment(comment, Unit::Passage);
            segments.len() != 1 || segments[0].text != **comment || segments[0].span.len() != comment.chars().count()
        })
        .collect();
    assert!(harmed.is_empty(), "{harmed:#?}");
}

#[test]
fn blank_documents_have_no_segments() {
    for text in ["", " \n\t\u{c}", "\0\0\u{feff}"] {
        assert_eq!(segment(text, Unit::Passage), []);
    }
}

#[test]
fn no_passage_is_too_long_and_none_is_a_tiny_tail() {
    let sentence = "Nobody asked who had put the lamps out, nor who had lit them in the first place, long ago. ";
    let texts = [
        sentence.repeat(12),
        "a".repeat(2_100),
        format!("{}b.", "so it was and ".repeat(80)),
        "e\u{301}".repeat(1_200),
    ];
    for text in &texts {
        let lengths: Vec<_> = segment(text, Unit::Passage).iter().map(|segment| segment.text.chars().count()).collect();
        assert!(
            lengths.iter().all(|length| (300..=standpoint_corpus::passage::LONGEST).contains(length)),
            "{lengths:?}"
        );
    }
}

/// Pieces of text and of damage.
fn fragment() -> impl Strategy<Value = String> {
    let pieces = [
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "\u{c}",
        " ",
        "  ",
        "\t",
        "-\n",
        "\u{ad}",
        "\u{ad}\n",
        "\u{a0}",
        "\u{200b}",
        "\0",
        "\u{f0b7} ",
        "• ",
        "1. ",
        "(b) ",
        "3",
        "Page 3 of 4",
        "\nReply\n",
        "http://a.org",
        "References",
        "\n\n© Nobody\n",
        "WHO ASKED",
        "Who asked?",
        "word",
        "Word",
        "decrimi",
        "nalisation",
        "it ends.",
        "it ends.2 ",
        ":",
        ",",
        "“",
        "”",
        "...",
        "e\u{301}",
        " \u{301}",
        "👩\u{200d}💻",
        "🇫🇮",
        "🇫",
        "\u{600}",
        "ﬁ",
        "we use cookies",
        "Ada Bo",
        "\n-----\n",
        "a line that is as long as lines in wrapped text will be\n",
    ];
    prop_oneof![6 => proptest::sample::select(pieces.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,12}", 1 => any::<char>().prop_map(String::from)]
}

fn document() -> impl Strategy<Value = String> {
    proptest::collection::vec(fragment(), 0..60).prop_map(|pieces| pieces.concat())
}

fn is_well_formed(text: &str, segments: &[Segment]) -> Result<(), TestCaseError> {
    let boundaries: std::collections::BTreeSet<usize> =
        text.grapheme_indices(true).map(|(at, _)| text[..at].chars().count()).chain([text.chars().count()]).collect();
    let mut taken = 0;
    for Segment { span, text } in segments {
        prop_assert!(!text.trim().is_empty());
        prop_assert!(taken <= span.start && span.start < span.end, "{span:?} after {taken}");
        prop_assert!(boundaries.contains(&span.start) && boundaries.contains(&span.end), "{span:?} cuts a cluster");
        taken = span.end;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn spans_ascend_within_any_text(text in document()) {
        is_well_formed(&text, &segment(&text, Unit::Passage))?;
        is_well_formed(&text, &segment(&text, Unit::Sentence))?;
    }

    #[test]
    fn blocks_cover_the_mended_text(text in document()) {
        let mended = mend::mend(&text);
        let blocks: Vec<&str> = mended.blocks.iter().map(|block| &mended.text[block.range.clone()]).collect();
        prop_assert_eq!(blocks.join("\n"), mended.text);
    }

    /// Too few lines for headers that repeat, and no letters of page numbers and buttons.
    #[test]
    fn text_without_furniture_is_covered(
        words in proptest::collection::vec("([A-H]?[a-hé]{1,9}[.,:?]?[ \n]{1,3}){1,3}", 1..6)
    ) {
        let text = words.concat();
        let mut covered = vec![false; text.chars().count()];
        for Segment { span, .. } in segment(&text, Unit::Passage) {
            covered[span.start..span.end].fill(true);
        }
        let missed: String = text.chars().zip(covered).filter(|(letter, covered)| !covered && !letter.is_whitespace()).map(|(letter, _)| letter).collect();
        prop_assert_eq!(missed, "");
    }
}
