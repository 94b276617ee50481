//! Sentences of our own invention for every rule, and what holds of any text.

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation as _;

use super::split;

/// The rule tried, and a text in which `|` stands wherever a sentence ends, and nowhere else.
struct Case(&'static str, &'static str);

#[rustfmt::skip]
const CASES: &[Case] = &[
    // Plain ends.
    Case("no mark at all", "The bill passed"),
    Case("full stops", "The bill passed.| Nobody was surprised.| We went home."),
    Case("last mark missing", "The bill passed.| Nobody was surprised"),
    Case("question", "Who voted for it?| Nobody says."),
    Case("runs of marks", "Really?!| Stop it!!!| Why???| Fine."),
    Case("spaced marks", "Why ? ?| Nobody knows . . .| Then she left ."),
    Case("colon and semicolon", "Two things matter: Safety first; Money second.| That is all."),
    Case("digit first", "It began in May.| 40 members came."),
    Case("year last", "It passed in 1999.| Nobody cared.| That was in 2004.| 12 years went by."),
    Case("newline", "The bill\npassed.|\nNobody was\nsurprised."),
    Case("surrounding white space", "  The bill passed.|  Nobody\u{a0}was surprised.  \n"),
    Case("other scripts", "法律通过了。|没有人惊讶！|Это закон.| Он старый."),
    // Abbreviations.
    Case("titles", "Dr. Ahmed met Mrs. Olsen and Sen. Pratt.| They spoke with Rep. Lund."),
    Case("titles in small letters", "we asked mr. hansen about it.| he laughed."),
    Case("ranks", "Lt. Gov. Hale and Col. Brandt came late."),
    Case("title that reads as a word", "She called our rep.| He was out."),
    Case("company before a name", "He left Nordlys Inc. Chairman Ole Berg in March."),
    Case("company last", "He left Nordlys Inc.| The rest stayed.| He joined Falk & Co.| In May he left."),
    Case("company before a small letter", "Nordlys Ltd. of Bergen bought Berg & Co. for nothing."),
    Case("company before a comma", "Falk Corp., Berg Bros., and others sued."),
    Case("company before a bracket", "Nordlys Plc. (\"the Company\") paid."),
    Case("department", "The Dept. of Labour replied to the Dept. Head."),
    Case("months and weekdays", "On Tue. Jan. 5 we met.| On Sept. 12 we split."),
    Case("month last", "We start in Oct.| The rest follows."),
    Case("weekday that reads as a word", "Down she sat.| Nobody spoke.| Up came the sun.| Birds sang."),
    Case("street", "It stands on Elm St. West, by Oak Ave. North."),
    Case("street last", "It stands on Elm St.| There is a garden."),
    Case("saint and mount", "They moved from St. Olav to Mt. Fuji."),
    Case("state", "She grew up in Macon, Ga., and in Nashville, Tenn.| She moved later."),
    Case("number", "Bus No. 7 is late.| See Nos. 8 and 9."),
    Case("no is a word", "Did it help?| No.| It did harm.| No.| Nobody gained."),
    Case("page", "See p. 55 and pp. 60 to 62 of it.| Then skip to p. 90."),
    Case("section and article", "Under Sec. 3.2 and art. 14 it is lawful.| See Fig. 4 and para. 9."),
    Case("case of letters", "It is 6 ft. tall in Ft. Worth since JAN. 5 in the cos. of Ms. Lie."),
    Case("documents", "Under Prop. 12 and Res. 1325 the Sup. Ct. must act."),
    Case("Roman numeral", "Read Vol. II and ch. IV first."),
    Case("art is a word", "They love art.| Nothing else counts."),
    Case("links", "It is Hall vs. Berg, i.e. a quarrel, e.g. Over land; cf. Berg."),
    Case("case law", "In Lund v. Norway the court agreed."),
    Case("etc. inside", "Rent, food, etc. are dear."),
    Case("etc. last", "We paid rent, food, etc.| Everyone did."),
    Case("et al.", "Falk et al. found none.| So did Berg et al.| Critics disagree."),
    Case("approx. and est.", "It cost approx. 500 crowns, est. 2010 prices."),
    Case("measures", "It weighs 5 lbs. without the box.| It runs 6 ft.| Nobody lifts it."),
    Case("unlisted abbreviation", "The mgmt. team met the dpt. 4 delegates."),
    // Initials, acronyms, numbers.
    Case("initials", "J. K. Fjeld and Petra M. Skov met W.H.S. Krog."),
    Case("initials that are abbreviations too", "J. Q. Okafor met C. P. Lund.| Read Q. 5 and l. 9 first."),
    Case("initial at the start", "A. Lindqvist wrote it.| B. Moe read it."),
    Case("pronoun I", "She left, and so did I.| We never met again."),
    Case("letter as a name", "We need plan B.| Everything else failed.| Eat vitamin C.| It helps."),
    Case("acronyms inside", "The U.S. Senate and U.K. courts differ from N.Z. law."),
    Case("acronym before a small letter", "She left the U.S. for good."),
    Case("acronym last", "She left the U.S.| It was over."),
    Case("degree and generation", "Ole Berg Jr. has a Ph.D. from Oslo.| His father was Ole Berg Sr.| He died."),
    Case("postscript", "P.S. I miss you.| Write soon."),
    Case("decimals", "It rose by 3.14 percent to $2.50.| Then it fell by .5 points."),
    Case("times", "We met at 5 a.m. on Monday and at 7 p.m. Friday."),
    Case("time last", "We met at 5 p.m.| Police came at 6 a.m.| She fled."),
    Case("time zone", "It airs at 9 p.m. GMT tonight."),
    // Lists.
    Case("numbered items", "1. First pay them.| 2. Then listen.| 3. Go home."),
    Case("numbered items without marks", "Demands: money\n|1. Pay them |2. Listen to them |3. Go home"),
    Case("items by letter", "(a) Pay them.| (b) Listen.| iv. Go home.| II. Rest."),
    Case("section number", "3.2. Scope of the law.| 3.3. Fines."),
    Case("first item of a later list", "7. Pay them.| 8. Listen."),
    Case("number that is an answer", "How many?| 25.| Not more."),
    Case("number at a line's start", "They met in\n1987.| She was\n25.| He was older."),
    Case("bullets", "Demands\n|• Pay them\n|• Listen\n|- Go home"),
    Case("dash in running text", "The law\n- an old one\n- was repealed."),
    // Ellipses.
    Case("ellipsis as a comma", "I think... maybe not… but who knows .. really"),
    Case("ellipsis before a capital", "It was too late...| They left…| Nobody cried."),
    Case("ellipsis first", "...and then they left.| …but Not for good."),
    Case("omission", "The law [...] Bans nothing."),
    Case("ellipsis glued on", "Wait...what...The end."),
    Case("ellipsis before a number", "It took ... 5 years."),
    // Quotes and brackets.
    Case("speech goes on", "'No!' she said.| \"Why?\" he asked.| “Go.” was the answer."),
    Case("speaker named", "\"No!\" Mary said.| “Why?” Ole Berg asked."),
    Case("quote last", "He said, \"We won.\"| Nobody cheered.| She said, ‘We lost.’| True."),
    Case("quote first", "Nobody cheered.| \"We lost,\" he said.| “Really?”| «Yes.»| It was."),
    Case("nested quotes", "She said, “He cried, ‘Stop!’ and fell.”| I left."),
    Case("nested quotes last", "“He cried, ‘Stop!’”| I left."),
    Case("quoted title inside", "The song \"Why?\" is old."),
    Case("bracketed sentence", "Nobody came. |(It rained.)| We ate alone."),
    Case("bracketed aside", "The law (what a mess!) was passed (see p. 3).| It failed."),
    Case("two sentences in brackets", "We ate. |(It rained.| Hard.)| Then we slept."),
    Case("mark alone in brackets", "The law (?) Passed in (!) May."),
    Case("label", "Telephone:? 555 100"),
    Case("exclaiming name", "The Yahoo! Answers page."),
    Case("exclamation before a small letter", "Oh! and bring money."),
    // Addresses and missing spaces.
    Case("addresses", "See www.example.org/a.Html?b=C.D and https://example.com/?Q=What!Now today."),
    Case("e-mail", "Write to ole.Berg@example.org or Ole.Berg@example.org now."),
    Case("file and domain names", "Open notes.txt on example.com with version 2.Beta of node.js today."),
    Case("address last", "Write to ole@example.org.| He answers."),
    Case("missing space before a capital", "It ended.|The law failed.|Nobody cried.|I did."),
    Case("missing space before a small letter", "They live in Bergen.|high rents are usual."),
    Case("missing space after other marks", "Is it so?|Yes!|No way."),
    Case("missing space before a bracket", "It ended.|(Nobody cried.)| Fine."),
    Case("code", "Call System.Out.print or Foo.Bar(x) there."),
    // Comments.
    Case("no capitals", "i think so.| they dont care.| so there!| and why?| no idea"),
    Case("no capitals, abbreviations", "i paid rent, food etc. and left the u.s. for good.| so did i.| they stayed."),
    Case("single sentence in small letters", "They lie.| nobody believes them."),
    Case("emoticon", "We won! :)| They lost. :-( <3| So what?| Fine"),
    Case("emoticon is no colon", "Note this.| :The rest is noise."),
    Case("emoji", "We won! 🎉🎉| They lost.👍🏽| So what ❗️| Fine."),
    Case("mention, tag, asterisk, dash", "I agree.| @berg is right.| #law matters.| *Sigh* it hurts.| - Not me.| – Me."),
    Case("emphasis", "**It ended.**| Nobody cried."),
    Case("brand in small letters", "We love it.| iPhones are dear."),
    Case("separator", "The end.| *****"),
    // Footnotes.
    Case("footnote digits", "It ended.2| Nobody cried.14| Fine."),
    Case("footnote in brackets", "It ended.[3]| Nobody cried.¹²| Fine."),
    Case("section is no footnote", "See sec.2 Above."),
];

#[test]
fn splits_where_the_rules_say() {
    let failure = |Case(rule, marked): &Case| {
        let text = marked.replace('|', "");
        let found: Vec<&str> = split(&text).into_iter().map(|sentence| &text[sentence]).collect();
        let expected: Vec<&str> = marked.split('|').map(str::trim).collect();
        (found != expected).then(|| format!("{rule}:\n  found    {found:?}\n  expected {expected:?}"))
    };
    let failures: Vec<String> = CASES.iter().filter_map(failure).collect();
    assert!(failures.is_empty(), "{} of {} cases fail\n{}", failures.len(), CASES.len(), failures.join("\n"));
}

#[test]
fn nothing_but_white_space_has_no_sentences() {
    assert_eq!(split(""), []);
    assert_eq!(split(" \n\t\u{a0}"), []);
}

/// Each takes well under a second; a quadratic scan would take a minute.
#[test]
fn takes_linear_time() {
    let units = [
        ".",
        "a",
        "a.",
        "). ",
        " .",
        ".\n",
        "\n",
        "!)",
        "Ab.Cd",
        "1. ",
        "? ? ",
        "! :) ",
        ". \u{301}",
        "🇬🇧",
        "e.g. U.S. ",
        "x.👍🏽",
    ];
    for unit in units {
        let text = " ".repeat(200_000) + &unit.repeat(400_000 / unit.len());
        assert_eq!(split(&text).is_empty(), unit.trim().is_empty(), "{unit:?}");
    }
}

/// Text made of what the rules look at.
fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        prop::sample::select(vec![
            ".",
            "...",
            "…",
            "?",
            "!",
            "。",
            "\"",
            "'",
            "”",
            "“",
            ")",
            "(",
            "[1]",
            "²",
            " ",
            "\n",
            "\r\n",
            "\u{a0}",
            "\u{301}",
            "\u{200d}",
            "\u{fe0f}",
            "\u{600}",
            "🇬🇧",
            "👩\u{200d}🔬",
            ":)",
            "•",
            "- ",
            "1",
            "22",
            "I",
            "U.S",
            "Mr",
            "No",
            "etc",
            "Then",
            "and",
            "law",
            "example.com",
        ])
        .prop_map(String::from),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn covers_all_but_white_space_in_order(text in text()) {
        let mut at = 0;
        for sentence in split(&text) {
            prop_assert!(at <= sentence.start && sentence.start < sentence.end);
            prop_assert!(text[at..sentence.start].chars().all(char::is_whitespace));
            at = sentence.end;
        }
        prop_assert!(text[at..].chars().all(char::is_whitespace));
    }

    #[test]
    fn cuts_no_grapheme_cluster(text in text()) {
        let clusters: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
        for sentence in split(&text) {
            prop_assert!(clusters.contains(&sentence.start) && clusters.contains(&sentence.end));
        }
    }

    #[test]
    fn sentences_have_no_white_space_around_them(text in "[a-cA-C.?! \n\"()]{0,40}") {
        for sentence in split(&text) {
            prop_assert_eq!(text[sentence.clone()].trim(), &text[sentence]);
        }
    }
}
