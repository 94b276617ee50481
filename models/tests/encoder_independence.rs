//! A text's vector has the same bits whatever stands beside it and however many threads run.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

mod common;

use std::sync::LazyLock;

use common::{as_str, minilm, texts, tiny};
use proptest::prelude::*;
use standpoint_models::encoder::BertEncoder;
use standpoint_models::{Embeddings, Encoder, Folder};

type Bits = Vec<Vec<u32>>;

fn bits(embeddings: &Embeddings) -> Bits {
    embeddings.vectors.rows().into_iter().map(|row| row.iter().map(|x| x.to_bits()).collect()).collect()
}

/// Each text's vector when it is encoded all by itself.
fn alone(encoder: &BertEncoder) -> Bits {
    texts().iter().flat_map(|text| bits(&encoder.encode(&[text]).unwrap())).collect()
}

fn on_threads(threads: usize, encoder: &BertEncoder, texts: &[&str]) -> Bits {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| bits(&encoder.encode(texts).unwrap()))
}

static TINY: LazyLock<(BertEncoder, Bits)> = LazyLock::new(|| {
    let encoder = tiny();
    let bits = alone(&encoder);
    (encoder, bits)
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_batch_in_any_order_on_any_number_of_threads(
        places in prop::collection::vec(0_usize..50, 0..120),
        threads in 1_usize..5,
    ) {
        let (encoder, alone) = &*TINY;
        let texts = texts();
        let batch: Vec<&str> = places.iter().map(|place| texts[*place].as_str()).collect();
        let expected: Bits = places.iter().map(|place| alone[*place].clone()).collect();
        prop_assert_eq!(on_threads(threads, encoder, &batch), expected);
    }
}

#[test]
fn minilm_gives_the_same_bits_alone_and_together() {
    let Some(folder) = minilm() else { return };
    let encoder = BertEncoder::load(&Folder::disk(folder)).unwrap();
    let (texts, alone) = (texts(), alone(&encoder));
    for threads in [1, 2, 3] {
        assert!(on_threads(threads, &encoder, &as_str(&texts)) == alone, "{threads} threads");
    }
}

#[test]
fn no_texts_give_no_vectors() {
    let found = tiny().encode(&[]).unwrap();
    assert_eq!(found.vectors.dim(), (0, 32));
    assert!(found.tokens.is_empty() && found.truncated.is_empty());
}
