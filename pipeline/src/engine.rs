//! The streaming engine: documents in, results out in the same order, with memory that does not grow with the input.
//!
//! Reading, working and writing overlap: a reader thread fills small batches, the calling thread works on one batch at a time (in
//! parallel inside), and a writer thread takes the results in order. Bounded channels between them hold the pace of the slowest.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use anyhow::{Result, anyhow};
use standpoint_corpus::Document;
use standpoint_corpus::read::{Corpus, Record, Reject};

/// Batches that may wait between two stages.
const WAITING: usize = 2;
/// A batch is closed at this many documents or bytes of text, whichever comes first: enough for every core, little in memory.
const BATCH_DOCUMENTS: usize = 512;
const BATCH_BYTES: usize = 256 * 1024;
/// Documents that belong together share a batch until it is this many times as large, which bounds the memory.
const TOGETHER: usize = 16;

/// What comes out of the engine, in the order of the input.
#[derive(Debug)]
pub enum Item<R> {
    /// A document's result.
    Done(R),
    /// A row that could not be read.
    Reject(Reject),
}

/// Documents and rejects that travel together.
struct Batch<T> {
    items: Vec<Item<T>>,
    /// Bytes of the input read when the batch was closed.
    bytes_read: u64,
}

/// Sends every document of `corpus` through `work`, a batch at a time, and each result in input order to `sink`, with the bytes read so far.
///
/// `work` gets the documents of a batch and gives one result for each, in order. A batch does not end between two documents of which
/// `together` says that they belong together, unless it has grown to some thousands of documents or megabytes of text.
///
/// # Errors
/// The first error of reading, working or writing ends the run and is returned.
pub fn run<R: Send>(
    corpus: Corpus,
    together: impl Fn(&Document, &Document) -> bool + Send,
    mut work: impl FnMut(Vec<Document>) -> Result<Vec<R>>,
    sink: impl FnMut(Item<R>, u64) -> Result<()> + Send,
) -> Result<()> {
    std::thread::scope(|scope| {
        let (to_work, from_reader) = sync_channel(WAITING);
        let (to_writer, from_work) = sync_channel(WAITING);
        let reader = scope.spawn(move || Reader { corpus, together, next: None }.read(&to_work));
        let writer = scope.spawn(move || write(&from_work, sink));
        let worked = from_reader.iter().try_for_each(|batch| {
            let done = work_on(batch, &mut work)?;
            // A closed channel means that the writer failed; its own error is the one to report.
            to_writer.send(done).map_err(|_| anyhow!("the writer stopped"))
        });
        drop((from_reader, to_writer));
        join(writer)?;
        worked?;
        join(reader)
    })
}

/// For documents of which none belong together.
#[must_use]
pub fn apart(_: &Document, _: &Document) -> bool {
    false
}

fn join(stage: std::thread::ScopedJoinHandle<'_, Result<()>>) -> Result<()> {
    stage.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Parts the corpus into batches.
struct Reader<T> {
    corpus: Corpus,
    together: T,
    /// A record that was read and belongs to the next batch.
    next: Option<Record>,
}

impl<T: Fn(&Document, &Document) -> bool> Reader<T> {
    fn read(&mut self, to_work: &SyncSender<Batch<Document>>) -> Result<()> {
        loop {
            let batch = self.batch()?;
            // A closed channel means that a later stage failed; its own error is the one to report.
            if batch.items.is_empty() || to_work.send(batch).is_err() {
                return Ok(());
            }
        }
    }

    fn batch(&mut self) -> Result<Batch<Document>> {
        let (mut items, mut bytes) = (Vec::new(), 0);
        while let Some(record) =
            self.next.take().map_or_else(|| self.corpus.next().transpose(), |next| Ok(Some(next)))?
        {
            if self.is_closed(&items, bytes, &record) {
                self.next = Some(record);
                break;
            }
            items.push(match record {
                Record::Reject(reject) => Item::Reject(reject),
                Record::Document(document) => {
                    bytes += document.text.len();
                    Item::Done(document)
                }
            });
        }
        Ok(Batch { items, bytes_read: self.corpus.bytes_read() })
    }

    fn is_closed(&self, items: &[Item<Document>], bytes: usize, next: &Record) -> bool {
        let holds = |times: usize| items.len() >= times * BATCH_DOCUMENTS || bytes >= times * BATCH_BYTES;
        let last =
            items.iter().rev().find_map(|item| if let Item::Done(document) = item { Some(document) } else { None });
        let belongs = match (last, next) {
            (Some(last), Record::Document(next)) => (self.together)(last, next),
            _ => false,
        };
        holds(TOGETHER) || holds(1) && !belongs
    }
}

fn work_on<R>(batch: Batch<Document>, work: &mut impl FnMut(Vec<Document>) -> Result<Vec<R>>) -> Result<Batch<R>> {
    let (mut documents, mut rejects) = (Vec::new(), Vec::new());
    for item in batch.items {
        match item {
            // `None` keeps the document's place among the rejects.
            Item::Done(document) => {
                documents.push(document);
                rejects.push(None);
            }
            Item::Reject(reject) => rejects.push(Some(reject)),
        }
    }
    let mut results = work(documents)?.into_iter();
    let in_order = |reject: Option<Reject>| match reject {
        Some(reject) => Ok(Item::Reject(reject)),
        None => results.next().map(Item::Done).ok_or_else(|| anyhow!("a document came back without a result")),
    };
    Ok(Batch { items: rejects.into_iter().map(in_order).collect::<Result<_>>()?, bytes_read: batch.bytes_read })
}

fn write<R>(from_work: &Receiver<Batch<R>>, mut sink: impl FnMut(Item<R>, u64) -> Result<()>) -> Result<()> {
    for batch in from_work {
        for item in batch.items {
            sink(item, batch.bytes_read)?;
        }
    }
    Ok(())
}
