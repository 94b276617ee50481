//! Abbreviations written with a full stop, from general knowledge of English.

use std::{collections::HashMap, sync::LazyLock};

use Abbreviation::{Final, Inner, Leading, Numbered};

/// What an abbreviation says about its full stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Abbreviation {
    /// Something always follows ("Dr. Ahmed", "e.g. this"): never the end.
    Leading,
    /// An abbreviation before a number only ("No. 5", "art. 3"); elsewhere a plain word ("No. I disagree.").
    Numbered,
    /// May be followed by a name ("Acme Inc. Chairman Jones"): the end before a usual first word only ("Acme Inc. It grew.").
    Inner,
    /// Followed by a small letter inside a sentence ("etc.", "5 p.m."): the end before any other capital than a date's.
    Final,
}

/// Groups of abbreviations. One that begins with a capital here does so in text: in small letters it is a word ("he sat.").
const GROUPS: &[(Abbreviation, &str)] = &[
    // Titles and ranks.
    (Leading, "mr messrs mrs ms mx dr drs prof sgt capt cpl lt cmdr msgr supt Hon Insp Det Pvt Fr Amb Cllr"),
    (Leading, "Rev Rep Reps Sen Sens Gov Govs Gen Col Maj Adm Brig Pres Mt Ft"),
    // First names.
    (Leading, "Geo Wm Chas Thos Jas"),
    // Links between two parts of one sentence.
    (Leading, "vs e.g eg i.e cf viz approx incl esp resp a.k.a p.s n.b"),
    // Parts of a work or a law.
    (Numbered, "no nos nr p pp pg pgs sec secs sect art arts fig figs vol vols ch chap chaps cap para paras"),
    (Numbered, "par eq eqs ex exs sched cl pt pts ver ed eds ref reg regs tbl app annex l ll n nn s ss c ca circa q"),
    // Documents of parliaments and international bodies.
    (Numbered, "Res Prop Doc Docs Cm Cmnd"),
    // Addresses and telephone numbers.
    (Numbered, "tel ph ext rm apt bldg ste box"),
    // Companies, offices and organisations.
    (Inner, "co cos inc ltd corp bros plc pty llc llp dept depts govt gov't univ assn assoc inst intl int'l"),
    (Inner, "natl nat'l Sup Dist Div Mfg Min Comm Dep asst mgr sec'y"),
    // Streets and places.
    (Inner, "ave blvd rd hwy pkwy St Sts Ln Ct Pl Sq Mts Is Pk"),
    // States of the USA and provinces of Canada in their long form.
    (Inner, "Ala Ariz Ark Calif Colo Conn Fla Ga Ill Ind Kan Ky Md Mich Minn Miss Mo Mont Neb Nev Okla"),
    (Inner, "Ont Ore Pa Penn Que Tenn Tex Va Vt Wash Wis Wyo"),
    // Months and weekdays.
    (Inner, "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun"),
    // After names, and degrees.
    (Inner, "jr esq Sr ph.d phd m.d b.sc m.sc b.a m.a ll.b ll.m m.phil d.phil b.ed"),
    // Measures.
    (Final, "hr hrs mins yr yrs wk wks mos oz lb lbs ft sq cu qt avg est"),
    // Notes and references.
    (Final, "misc transl repr orig cont contd abbr anon al ibid op.cit loc.cit obs ff seq"),
    // Ends of enumerations and times.
    (Final, "etc a.m p.m b.c a.d b.c.e c.e"),
];

static ABBREVIATIONS: LazyLock<HashMap<&'static str, Abbreviation>> =
    LazyLock::new(|| GROUPS.iter().flat_map(|&(kind, words)| words.split(' ').map(move |word| (word, kind))).collect());

/// The abbreviation that `word` (without its last full stop) is, if any; "JAN" counts as "Jan".
pub(super) fn lookup(word: &str) -> Option<Abbreviation> {
    let small = word.to_lowercase();
    let capitalised = || {
        let first = word.chars().next().filter(|c| c.is_uppercase())?;
        ABBREVIATIONS.get(format!("{first}{}", small.get(first.len_utf8()..)?).as_str())
    };
    capitalised().or_else(|| ABBREVIATIONS.get(small.as_str())).copied()
}
