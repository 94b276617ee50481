//! What a web page carries besides its text: buttons, links, bylines of comments, notices.

use super::{lines::Line, shape};

/// Whole lines that are buttons or labels, in small letters and without punctuation.
const BUTTONS: [&str; 70] = [
    "about us",
    "accept all",
    "accept cookies",
    "add a comment",
    "add comment",
    "add your comment",
    "add your voice",
    "advertisement",
    "all comments",
    "back to top",
    "best comments",
    "comment",
    "comments are closed",
    "comments",
    "contact us",
    "continue reading",
    "cookie policy",
    "cookie settings",
    "copy link",
    "delete",
    "donate now",
    "donate",
    "download pdf",
    "edit",
    "email this",
    "email",
    "flag as inappropriate",
    "flag",
    "follow us",
    "follow",
    "join the conversation",
    "join the discussion",
    "leave a comment",
    "leave a reply",
    "like",
    "load more comments",
    "load more",
    "log in to comment",
    "log in to post comments",
    "log in",
    "main menu",
    "most read",
    "newest first",
    "oldest first",
    "permalink",
    "post a comment",
    "print this page",
    "print",
    "privacy policy",
    "read more",
    "recommended",
    "related articles",
    "related content",
    "reply",
    "report abuse",
    "report",
    "see more",
    "share on facebook",
    "share on twitter",
    "share this",
    "share",
    "show more",
    "sign in",
    "sign up",
    "subscribe",
    "terms and conditions",
    "terms of service",
    "terms of use",
    "tweet",
    "view all comments",
];
/// More of them, whose first words suffice: the rest names a place or a person.
const BUTTON_BEGINNINGS: [&str; 28] = [
    "click here",
    "continue reading",
    "filed under",
    "follow us on",
    "join our mailing list",
    "learn more",
    "leave a comment",
    "log in or register",
    "log in to",
    "login to",
    "posted by",
    "posted in",
    "posted on",
    "published by",
    "read more",
    "reply to",
    "share on",
    "share this",
    "sign up for",
    "sign up to",
    "skip to",
    "submitted by",
    "subscribe to",
    "tagged",
    "tags:",
    "this page intentionally left blank",
    "this page is intentionally left blank",
    "view original",
];
/// How notices about cookies begin, whatever their length.
const NOTICES: [&str; 9] = [
    "by continuing to browse",
    "by continuing to use",
    "by using this site",
    "by using this website",
    "this site uses cookies",
    "this website uses cookies",
    "we and our partners use cookies",
    "we use cookies",
    "your privacy choices",
];
/// Longest line taken for a button with a name in it, in characters.
const LONGEST_BUTTON: usize = 80;

/// Which lines belong to the web page and not to the text.
pub(super) fn mark(lines: &[Line<'_>]) -> Vec<bool> {
    let stands_apart = |index: usize| lines[index].gap > 0 || !shape::starts_lower(lines[index].text) || index == 0;
    (0..lines.len())
        .map(|index| stands_apart(index) && (is_page_part(lines[index].text) || is_byline(lines, index)))
        .collect()
}

fn is_page_part(text: &str) -> bool {
    is_link(text) || is_button(text) || is_action_row(text) || is_time_stamp(text)
}

/// A comment's writer: a short line right above the time, or one line with both ("Ada · 3 hours ago").
fn is_byline(lines: &[Line<'_>], index: usize) -> bool {
    let text = lines[index].text;
    let name = |text: &str| text.len() <= 40 && text.split_whitespace().count() <= 4 && !shape::ends_sentence(text);
    let stamped = lines.get(index + 1).is_some_and(|next| next.gap == 0 && is_time_stamp(next.text));
    let both =
        text.rsplit_once(['•', '·', '|']).is_some_and(|(writer, time)| name(writer) && is_time_stamp(time.trim()));
    both || (stamped && name(text))
}

/// Nothing but addresses, or a label like "Source:" before them.
fn is_link(text: &str) -> bool {
    let labels = ["source", "sources", "link", "links", "see", "via", "website", "web", "more", "info", "url", "and"];
    let label = |word: &str| labels.contains(&word.trim_end_matches(':').to_lowercase().as_str());
    let blank = |word: &str| !word.contains(char::is_alphanumeric);
    let mut words = text.split_whitespace();
    words.clone().any(shape::is_address) && words.all(|word| shape::is_address(word) || blank(word) || label(word))
}

fn is_button(text: &str) -> bool {
    if text.len() > LONGEST_BUTTON {
        return false;
    }
    let name = text.trim_end_matches("...").trim_matches(|edge: char| " :…»›>→▼+|·•".contains(edge)).to_lowercase();
    let sentence = text.ends_with(['.', '!', '?']) && !text.ends_with("...");
    let named =
        |beginning: &str| name.strip_prefix(beginning).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    BUTTONS.contains(&name.as_str()) || (!sentence && BUTTON_BEGINNINGS.iter().any(|beginning| named(beginning)))
}

/// "Like · Reply · 3h", "12 likes | Share"
fn is_action_row(text: &str) -> bool {
    let actions = [
        "like",
        "likes",
        "reply",
        "replies",
        "share",
        "shares",
        "report",
        "edited",
        "follow",
        "retweet",
        "retweets",
        "comment",
        "comments",
        "permalink",
        "save",
        "upvote",
        "downvote",
        "edit",
        "delete",
        "flag",
        "points",
        "point",
        "votes",
        "vote",
    ];
    let action = |word: &str| actions.contains(&word);
    let lower = text.to_lowercase();
    let mut words = lower
        .split(|letter: char| letter.is_whitespace() || "·•|,()-–".contains(letter))
        .filter(|word| !word.is_empty());
    text.len() <= LONGEST_BUTTON
        && words.clone().any(action)
        && words.clone().count() >= 2
        && words.all(|word| action(word) || is_duration(word))
}

/// "3", "3h", "ago", "yesterday"
fn is_duration(word: &str) -> bool {
    let unit = word.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let units = [
        "",
        "s",
        "m",
        "h",
        "d",
        "w",
        "y",
        "mo",
        "k",
        "min",
        "mins",
        "minute",
        "minutes",
        "hr",
        "hrs",
        "hour",
        "hours",
        "day",
        "days",
        "week",
        "weeks",
        "month",
        "months",
        "year",
        "years",
        "ago",
        "yesterday",
        "now",
        "just",
    ];
    units.contains(&unit)
}

/// "March 21, 2014 at 3:45 pm", "3 hours ago": a date alone may be a letter's, with a time of day it is a stamp.
fn is_time_stamp(text: &str) -> bool {
    if text.len() > 60 || text.ends_with('.') {
        return false;
    }
    let lower = text.to_lowercase();
    let mut words =
        lower.split(|letter: char| letter.is_whitespace() || ",-/".contains(letter)).filter(|word| !word.is_empty());
    let clock = |word: &str| {
        word.split_once(':')
            .is_some_and(|(hour, rest)| is_number(hour) && rest.starts_with(|digit: char| digit.is_ascii_digit()))
    };
    let timed = words.clone().any(clock)
        || (lower.ends_with(" ago") && lower.starts_with(|digit: char| digit.is_ascii_digit()));
    timed && words.all(|word| clock(word) || is_duration(word) || is_date_word(word))
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_date_word(word: &str) -> bool {
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let other =
        ["at", "on", "am", "pm", "a.m.", "p.m.", "gmt", "utc", "est", "edt", "pst", "pdt", "cet", "bst", "|", "·", "•"];
    let ordinal = word.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h']);
    let named = |name: &str| word.starts_with(name) && word.len() <= 9;
    is_number(ordinal)
        || other.contains(&word)
        || months.iter().any(|name| named(name))
        || days.iter().any(|name| named(name))
}

/// Whether a whole block is a notice about cookies.
pub(super) fn is_notice(block: &str) -> bool {
    let beginning: String = block.chars().take(40).flat_map(char::to_lowercase).collect();
    block.len() <= 1_000 && NOTICES.iter().any(|notice| beginning.starts_with(notice))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_parts() {
        let yes = [
            "Learn More:",
            "Read more...",
            "Add your voice",
            "Share this",
            "Click here to sign our letter",
            "Reply",
            "Posted by Ada on 3 May 2015",
            "Like · Reply · 3h",
            "12 likes | Share",
            "http://a.org/b...",
            "(http://a.org/b... )",
            "Source: www.a.org",
            "May 3, 2015 at 4:12 pm",
            "3 hours ago",
            "Comments",
            "Tags: law, work",
        ];
        let no = [
            "I like it",
            "Share the street with us",
            "We read more.",
            "No comment.",
            "May 2015",
            "See the law",
            "Comments are welcome here",
            "Reported by nobody",
            "They share. Like us",
            "Learn more by asking those concerned.",
            "a report",
        ];
        let wrong: Vec<_> =
            yes.iter().filter(|text| !is_page_part(text)).chain(no.iter().filter(|text| is_page_part(text))).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn bylines() {
        let lines =
            super::super::lines::split("Ada Bo says:\nMay 3, 2015 at 4:12 pm\nI say so.\nCy · 3 hours ago\nMay 2015");
        assert_eq!(mark(&lines), [true, true, false, true, false]);
    }

    #[test]
    fn notices() {
        assert!(is_notice("We use cookies to make this site work. Accept all?"));
        assert!(!is_notice("We used cookies as bait."));
    }
}
