//! Tells a file's character encoding and decodes the file as it streams.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::source::Sample;

/// How much is decoded at a time, in bytes of the file.
const CHUNK: usize = 1 << 16;

/// Stands for a malformed sequence in the decoded stream: no UTF-8 holds this byte, so the row or file that has it fails
/// the same check as one that was read as UTF-8.
const MALFORMED: u8 = 0xFF;

/// A file's character encoding.
#[derive(Debug, Clone, Copy)]
pub(super) struct Charset {
    encoding: &'static Encoding,
    /// The length of the byte order mark, in bytes.
    mark: usize,
}

impl Charset {
    /// The encoding of a file that begins with `sample`.
    pub(super) fn detect(sample: Sample<'_>) -> Self {
        Self::certain(sample).unwrap_or_else(|| Self { encoding: guess(sample), mark: 0 })
    }

    /// The same for HTML, which may name its encoding itself.
    pub(super) fn detect_html(sample: Sample<'_>) -> Self {
        Self::certain(sample)
            .unwrap_or_else(|| Self { encoding: declared(sample.bytes).unwrap_or_else(|| guess(sample)), mark: 0 })
    }

    /// The encoding, where the bytes leave no room for another.
    fn certain(sample: Sample<'_>) -> Option<Self> {
        if let Some((encoding, mark)) = Encoding::for_bom(sample.bytes) {
            return Some(Self { encoding, mark });
        }
        let encoding = utf16_without_mark(sample.bytes).or_else(|| is_utf8(sample).then_some(UTF_8))?;
        Some(Self { encoding, mark: 0 })
    }

    /// Decodes the start of a file, with U+FFFD for what is malformed.
    pub(super) fn decode_sample(self, sample: Sample<'_>) -> String {
        let bytes = sample.bytes.get(self.mark..).unwrap_or_default();
        self.encoding.decode_without_bom_handling(bytes).0.into_owned()
    }

    /// The file's content as UTF-8, without the byte order mark. What is malformed stays malformed: see [`Charset::check`].
    pub(super) fn decode(self, source: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
        let mut source = source;
        io::copy(&mut (&mut source).take(self.mark as u64), &mut io::sink())?;
        if self.encoding == UTF_8 {
            return Ok(source);
        }
        Ok(Box::new(Decoding {
            source,
            decoder: self.encoding.new_decoder_without_bom_handling(),
            ready: Vec::new(),
            given: 0,
            ended: false,
        }))
    }

    /// The bytes as text, when they are text; `offset` is their place in the decoded stream, in bytes.
    ///
    /// # Errors
    /// A sentence that says which byte is not text, and what to do.
    pub(super) fn check(self, bytes: &[u8], offset: u64) -> Result<&str, String> {
        let text = std::str::from_utf8(bytes)
            .map_err(|error| self.malformed(bytes[error.valid_up_to()], offset + error.valid_up_to() as u64))?;
        match bytes.iter().position(|byte| *byte == 0) {
            Some(at) => Err(format!(
                "{} is NUL, which no text holds; remove it, or save the file again as UTF-8 text",
                self.place(offset + at as u64)
            )),
            None => Ok(text),
        }
    }

    fn malformed(self, byte: u8, offset: u64) -> String {
        if self.encoding == UTF_8 {
            format!("{} (0x{byte:02X}) is not valid UTF-8; save the file again as UTF-8", self.place(offset))
        } else {
            format!("a character is not valid {}; save the file again as UTF-8", self.encoding.name())
        }
    }

    /// Only in UTF-8 is a place in the decoded stream also a place in the file.
    fn place(self, offset: u64) -> String {
        if self.encoding == UTF_8 {
            format!("the byte at offset {}", offset + self.mark as u64)
        } else {
            "a character".to_owned()
        }
    }
}

/// UTF-16 betrays itself in text of Latin letters: the high byte of most units is zero, the low byte never.
fn utf16_without_mark(sample: &[u8]) -> Option<&'static Encoding> {
    let head = &sample[..sample.len().min(4096) & !1];
    let zeros = |first: usize| head.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, units) = (zeros(0), zeros(1), head.len() / 2);
    match (even, odd) {
        (0, zeros) if zeros * 2 > units => Some(UTF_16LE),
        (zeros, 0) if zeros * 2 > units => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether the sample is UTF-8, perhaps with a few bad rows.
///
/// A sequence of bytes above 0x7F is valid UTF-8 by chance only rarely in a legacy encoding (an accented letter is seldom
/// followed by a control character or a sign), so a majority of valid sequences settles it: the rows with the others are
/// reported, where a legacy encoding would garble the whole file without a word.
fn is_utf8(sample: Sample<'_>) -> bool {
    let (mut valid, mut invalid) = (0, 0);
    for chunk in sample.whole_characters().utf8_chunks() {
        valid += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    invalid == 0 || valid > invalid
}

/// The likeliest legacy encoding.
fn guess(sample: Sample<'_>) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample.bytes, sample.complete);
    detector.guess(None, Utf8Detection::Deny)
}

/// The encoding that an HTML file names in its first kilobyte (`<meta charset=...>`).
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    const KEY: &[u8] = b"charset=";
    let head = bytes[..bytes.len().min(1024)].to_ascii_lowercase();
    let from = head.windows(KEY.len()).position(|window| window == KEY)? + KEY.len();
    let label = head[from..].split(|byte| b"\"'>/; \t\r\n".contains(byte)).find(|part| !part.is_empty())?;
    // A file that could say in ASCII that it is UTF-16 is not.
    Encoding::for_label(label).filter(|encoding| *encoding != UTF_16LE && *encoding != UTF_16BE)
}

/// A stream that decodes another to UTF-8.
struct Decoding {
    source: Box<dyn Read + Send>,
    decoder: Decoder,
    /// Decoded bytes, of which the first `given` have been read.
    ready: Vec<u8>,
    given: usize,
    ended: bool,
}

impl Decoding {
    fn refill(&mut self) -> io::Result<()> {
        let mut raw = Vec::with_capacity(CHUNK);
        (&mut self.source).take(CHUNK as u64).read_to_end(&mut raw)?;
        self.ended = raw.is_empty();
        self.ready.clear();
        self.given = 0;
        let mut rest = raw.as_slice();
        loop {
            let from = self.ready.len();
            self.ready.resize(from + rest.len() * 3 + 16, 0);
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(rest, &mut self.ready[from..], self.ended);
            self.ready.truncate(from + written);
            rest = &rest[read..];
            match result {
                DecoderResult::InputEmpty => return Ok(()),
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.ready.push(MALFORMED),
            }
        }
    }
}

impl Read for Decoding {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() && !self.ended {
            self.refill()?;
        }
        let count = (&self.ready[self.given..]).read(buffer)?;
        self.given += count;
        Ok(count)
    }
}
