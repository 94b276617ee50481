//! Takes the prose out of HTML.
//!
//! The parser is `html2text`'s; its renderer is made for screens: it folds lines, and panics on some spans of table cells.

use std::collections::HashMap;

use html2text::{Comment, Document, Handle};

/// How many elements that must be closed may be open at a time. Browsers stop at 512; the parser's time grows with the
/// number of tags times the depth.
const DEPTH_LIMIT: usize = 2000;

/// Elements whose content is not the document's prose: `nav` and `footer` hold the links and notices of every page of a site.
const LEFT_OUT: [&str; 11] =
    ["head", "script", "style", "template", "noscript", "iframe", "object", "svg", "math", "nav", "footer"];

/// Elements that are a paragraph of their own, or a group of them.
const PARAGRAPHS: [&str; 22] = [
    "article",
    "aside",
    "blockquote",
    "dl",
    "fieldset",
    "figure",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "ul",
];

/// Elements that stand on lines of their own.
const LINES: [&str; 16] = [
    "address",
    "br",
    "caption",
    "dd",
    "details",
    "div",
    "dt",
    "figcaption",
    "legend",
    "li",
    "option",
    "summary",
    "td",
    "textarea",
    "th",
    "tr",
];

/// The text of an HTML document as a reader sees it: no markup, no scripts, no addresses of links, no navigation and no footer. A paragraph is parted
/// from the next by an empty line; list items and table cells stand on lines of their own.
///
/// # Errors
/// When the elements are nested too deep, or the parser gives up.
pub(super) fn prose(html: &str) -> Result<String, String> {
    let depth = depth(html);
    if depth > DEPTH_LIMIT {
        return Err(format!(
            "{depth} elements are left open, and at most {DEPTH_LIMIT} are read; save the page as text"
        ));
    }
    let page = html2text::config::plain().parse_html(html.as_bytes());
    let page = page.map_err(|error| format!("the HTML cannot be read: {error}; save the page as text"))?;
    let mut prose = Prose::default();
    let mut steps = vec![Step::Enter(page.document.clone())];
    while let Some(step) = steps.pop() {
        match step {
            Step::Enter(node) => prose.enter(&node, &mut steps),
            Step::Leave(name) => prose.leave(&name),
        }
    }
    Ok(prose.text)
}

/// What is still to be done on the way through the tree, which may be deeper than the stack.
enum Step {
    Enter(Handle),
    /// Leave an element of this name.
    Leave(String),
}

/// What parts two words, the stronger the greater.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
    Paragraph,
}

impl Gap {
    fn around(element: &str) -> Self {
        match element {
            name if PARAGRAPHS.contains(&name) => Self::Paragraph,
            name if LINES.contains(&name) => Self::Line,
            _ => Self::None,
        }
    }
}

#[derive(Default)]
struct Prose {
    text: String,
    /// The gap before the next word.
    gap: Gap,
    /// How many `pre` elements are open.
    preformatted: usize,
}

impl Prose {
    fn enter(&mut self, node: &Handle, steps: &mut Vec<Step>) {
        if let Some(name) = node.element_name() {
            if LEFT_OUT.contains(&name.as_str()) {
                return;
            }
            self.gap = self.gap.max(Gap::around(&name));
            self.preformatted += usize::from(name == "pre");
            steps.push(Step::Leave(name));
        } else if let Some(contents) = contents(node) {
            self.write(&contents);
        }
        steps.extend(node.children.borrow().iter().rev().cloned().map(Step::Enter));
    }

    fn leave(&mut self, name: &str) {
        self.gap = self.gap.max(Gap::around(name));
        self.preformatted -= usize::from(name == "pre");
    }

    fn write(&mut self, contents: &str) {
        for letter in contents.chars() {
            if letter.is_ascii_whitespace() && self.preformatted == 0 {
                self.gap = self.gap.max(Gap::Space);
                continue;
            }
            if !self.text.is_empty() {
                self.text.push_str(["", " ", "\n", "\n\n"][self.gap as usize]);
            }
            self.gap = Gap::None;
            self.text.push(letter);
        }
    }
}

/// The contents of a text node. `html2text` has no name for these, and shows them only as HTML, with four characters
/// escaped; that of a document type or an instruction begins with a tag, which escaped text cannot.
fn contents(node: &Handle) -> Option<String> {
    if matches!(node.data, Document | Comment { .. }) {
        return None;
    }
    let mut html = Vec::new();
    node.serialize(&mut html).ok()?;
    let html = String::from_utf8(html).ok().filter(|html| !html.starts_with('<'))?;
    if !html.contains('&') {
        return Some(html);
    }
    Some(html.replace("&nbsp;", "\u{A0}").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

/// How many elements are open at the end or at the worst, roughly, of those that HTML does not close by itself.
fn depth(html: &str) -> usize {
    const SELF_CLOSING: [&str; 30] = [
        "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html", "img", "input",
        "li", "link", "meta", "option", "p", "param", "rp", "rt", "source", "tbody", "td", "tfoot", "th", "thead",
        "tr", "wbr",
    ];
    let mut open: HashMap<String, usize> = HashMap::new();
    let (mut depth, mut deepest) = (0_usize, 0);
    for tag in html.split('<').skip(1) {
        let (closes, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).take(16).collect();
        let name = name.to_ascii_lowercase();
        if name.is_empty() || SELF_CLOSING.contains(&name.as_str()) {
            continue;
        }
        let count = open.entry(name).or_default();
        if !closes {
            *count += 1;
            depth += 1;
            deepest = deepest.max(depth);
        } else if *count > 0 {
            *count -= 1;
            depth -= 1;
        }
    }
    deepest
}
