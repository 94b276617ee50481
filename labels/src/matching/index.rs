use std::cell::LazyCell;
use std::collections::HashMap;
use std::path::Path;

use standpoint_corpus::Span;

use super::wording::{Relation, Wording, collapsed};
use super::{Met, Predicted, Taken, Unmatched};
use crate::formats::shortened;
use crate::target::may_be_same;
use crate::{HandLabel, Place};

/// Predictions by what labels may find them by.
pub(super) struct Index<'a> {
    predictions: &'a [Predicted],
    /// The predictions' texts with white space collapsed, where they are not empty.
    texts: Vec<Option<String>>,
    by_text: HashMap<String, Vec<usize>>,
    by_document: HashMap<&'a str, Vec<usize>>,
    /// By the name of the document without the folders in it.
    by_file_name: HashMap<&'a str, Vec<usize>>,
    /// Whether documents are called the same in the labels' column `document`: it may also hold what several documents belong to.
    same_documents: bool,
    /// The labels' file, as given.
    path: String,
    file_name: String,
}

impl<'a> Index<'a> {
    pub(super) fn of(predictions: &'a [Predicted], labels: &[HandLabel], file: &Path) -> Self {
        let texts: Vec<Option<String>> = predictions.iter().map(text).collect();
        let (mut by_text, mut by_document, mut by_file_name) = (HashMap::new(), HashMap::new(), HashMap::new());
        for (at, (prediction, text)) in predictions.iter().zip(&texts).enumerate() {
            let document = prediction.document.as_str();
            let file_name = document.rsplit(['/', '\\']).next().unwrap_or(document);
            by_document.entry(document).or_insert_with(Vec::new).push(at);
            by_file_name.entry(file_name).or_insert_with(Vec::new).push(at);
            if let Some(text) = text {
                by_text.entry(text.clone()).or_insert_with(Vec::new).push(at);
            }
        }
        let is_predicted = |label: &HandLabel| document(label).is_some_and(|name| by_document.contains_key(name));
        let same_documents = labels.iter().any(is_predicted);
        let path = file.display().to_string();
        let file_name = file.file_name().map_or_else(|| path.clone(), |name| name.to_string_lossy().into_owned());
        Self { predictions, texts, by_text, by_document, by_file_name, same_documents, path, file_name }
    }

    /// What a label meets that names a document, or why it meets nothing of it; `None` where only its text can tell.
    pub(super) fn by_name<'l>(&self, label: &'l HandLabel, taken: &mut Taken<'l>) -> Option<Result<Met, Unmatched>> {
        let (text, id, document) = match &label.place {
            Place::Span { document, span } => return Some(self.overlapping(label, document, *span, taken)),
            Place::Text { text, id, document } => (text, id.as_deref(), document.as_deref()),
        };
        // Mending takes time, and most labels without a name need it only once they go by their text.
        let wording = LazyCell::new(|| Wording::of(text));
        for name in [id, document].into_iter().flatten() {
            let own = self.towards_its_target(label, self.by_document.get(name));
            if !own.is_empty() {
                return Some(self.of_document(name, &own, &wording, label, taken));
            }
        }
        // A file's name and a row are no name that anybody gave: where the texts differ, they say nothing.
        let own = if id.is_none() { self.of_row(label) } else { Vec::new() };
        if own.is_empty() { None } else { self.of_document("", &own, &wording, label, taken).ok().map(Ok) }
    }

    /// What a label meets by its text alone.
    pub(super) fn by_text<'l>(&self, label: &'l HandLabel, taken: &mut Taken<'l>) -> Result<Met, Unmatched> {
        let Place::Text { text, id, document } = &label.place else { return Err(Unmatched::Text) };
        if let Some(document) = document.as_ref().filter(|_| self.same_documents) {
            return Err(Unmatched::Document { document: document.clone() });
        }
        let wording = Wording::of(text);
        let found = wording.spellings().map(|text| self.towards_its_target(label, self.by_text.get(text)));
        let met = found.iter().find_map(|candidates| taken.next(label, candidates));
        met.ok_or_else(|| match id {
            Some(id) => Unmatched::Name { id: id.clone() },
            None if self.by_text.is_empty() => Unmatched::NoTexts { document: format!("{}:{}", self.path, label.row) },
            None => Unmatched::Text,
        })
    }

    /// What a label meets among the predictions of the document that it names.
    fn of_document<'l>(
        &self,
        name: &str,
        own: &[usize],
        wording: &Wording,
        label: &'l HandLabel,
        taken: &mut Taken<'l>,
    ) -> Result<Met, Unmatched> {
        let to = |at: usize| self.texts[at].as_ref().map(|text| wording.to(text));
        let related: Vec<(usize, Option<Relation>)> = own.iter().map(|&at| (at, to(at))).collect();
        let of =
            |wanted| related.iter().filter(|found| found.1 == Some(wanted)).map(|found| found.0).collect::<Vec<_>>();
        let met = taken.next(label, &of(Relation::Same)).or_else(|| taken.next(label, &of(Relation::Within)));
        if let Some(met) = met {
            return Ok(met);
        }
        if let [(only, relation)] = related[..] {
            let known = self.texts[only].as_ref().filter(|_| relation == Some(Relation::Other));
            let other = known.map(|text| Unmatched::OtherText { document: name.to_owned(), found: shortened(text) });
            return other.map_or_else(|| Ok(taken.all(label, vec![only])), Err);
        }
        // Several predictions of a whole document say each its own: only segments make up a text.
        let is_part = |at: usize| self.predictions[at].span.is_some_and(|span| !span.is_empty());
        let fits = |&(at, relation): &(usize, Option<Relation>)| relation != Some(Relation::Other) && is_part(at);
        let parts: Vec<usize> = related.iter().filter(|found| fits(found)).map(|found| found.0).collect();
        if parts.is_empty() {
            return Err(Unmatched::Unclear { document: name.to_owned(), count: own.len() });
        }
        Ok(taken.all(label, parts))
    }

    /// The predictions of the document without an id that stands in the label's row, which is called as the file and the row.
    fn of_row(&self, label: &HandLabel) -> Vec<usize> {
        let whole = self.by_document.get(format!("{}:{}", self.path, label.row).as_str());
        let of_name = || self.by_file_name.get(format!("{}:{}", self.file_name, label.row).as_str());
        let own = self.towards_its_target(label, whole.or_else(of_name));
        let is_one = own.iter().all(|&at| self.predictions[at].document == self.predictions[own[0]].document);
        if is_one { own } else { Vec::new() }
    }

    fn overlapping<'l>(
        &self,
        label: &'l HandLabel,
        document: &str,
        span: Span,
        taken: &mut Taken<'l>,
    ) -> Result<Met, Unmatched> {
        let own = self.towards_its_target(label, self.by_document.get(document));
        let ends = own.iter().map(|&at| self.predictions[at].span.map(|span| span.end));
        // A prediction of the whole document ends where the text does, wherever that is.
        let end = ends.collect::<Option<Vec<_>>>().and_then(|ends| ends.into_iter().max());
        let document = document.to_owned();
        let Some(best) = self.most_overlapping(&own, span) else {
            let unknown = Unmatched::Document { document: document.clone() };
            return Err(end.map_or(unknown, |end| Unmatched::Outside { document, span, end }));
        };
        let past = end.map_or(0, |end| span.end.saturating_sub(end));
        match end {
            Some(end) if 2 * past >= span.len() => Err(Unmatched::MostlyOutside { document, span, end }),
            _ => Ok(Met { reaches_past: end.filter(|_| past > 0), ..taken.all(label, vec![best]) }),
        }
    }

    fn most_overlapping(&self, candidates: &[usize], span: Span) -> Option<usize> {
        // A prediction of the whole document covers every span of it.
        let overlap = |at: usize| self.predictions[at].span.map_or(span.len(), |predicted| predicted.overlap(span));
        let better = |best: Option<usize>, &at: &usize| match best {
            Some(best) if overlap(best) >= overlap(at) => Some(best),
            _ => Some(at).filter(|&at| overlap(at) > 0),
        };
        candidates.iter().fold(None, better)
    }

    /// Those of some predictions that may be towards the target of a label.
    fn towards_its_target(&self, label: &HandLabel, candidates: Option<&Vec<usize>>) -> Vec<usize> {
        let target = label.target.as_deref();
        let may_be = |&at: &usize| may_be_same(target, self.predictions[at].target.as_deref());
        candidates.into_iter().flatten().copied().filter(may_be).collect()
    }
}

fn text(prediction: &Predicted) -> Option<String> {
    prediction.text.as_deref().map(collapsed).filter(|text| !text.is_empty())
}

/// The document that a self-contained label says it belongs to.
fn document(label: &HandLabel) -> Option<&str> {
    match &label.place {
        Place::Text { document, .. } => document.as_deref(),
        Place::Span { .. } => None,
    }
}
