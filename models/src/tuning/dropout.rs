//! Dropout (Srivastava et al., JMLR 15, 2014): in training, some values are set to 0 and the others scaled up for them.
//!
//! Whether a value is dropped is a hash of where it stands, so the way back drops the same ones without keeping a mask,
//! and neither threads nor the other passages of a batch have a say.

use pulp::Arch;

/// What is dropped from one passage in one step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dropout {
    pub(super) hidden: f32,
    pub(super) attention: f32,
    /// Tells apart runs, steps and passages.
    pub(super) key: u64,
}

/// Where in the model values are dropped.
#[derive(Clone, Copy, Debug)]
pub(super) enum Site {
    Embeddings,
    AttentionWeights { layer: usize, head: usize },
    AttentionOutput { layer: usize },
    Output { layer: usize },
}

impl Site {
    fn code(self) -> u64 {
        let (layer, place) = match self {
            Self::Embeddings => (0, 0),
            Self::AttentionOutput { layer } => (layer, 1),
            Self::Output { layer } => (layer, 2),
            Self::AttentionWeights { layer, head } => (layer, 3 + head),
        };
        (layer as u64) << 32 | place as u64
    }
}

impl Dropout {
    /// Drops nothing.
    pub(super) const OFF: Self = Self { hidden: 0.0, attention: 0.0, key: 0 };

    /// The key of a passage at a place of its batch.
    pub(super) fn key(seed: u64, step: usize, passage: usize) -> u64 {
        scramble(scramble(scramble(seed) ^ step as u64) ^ passage as u64)
    }

    /// Drops some of the values at a site: their own in the way there, their gradients in the way back.
    pub(super) fn apply(&self, site: Site, values: &mut [f32]) {
        let rate = if matches!(site, Site::AttentionWeights { .. }) { self.attention } else { self.hidden };
        if rate > 0.0 {
            let key = scramble(self.key ^ site.code());
            Arch::new().dispatch(|| drop_some(values, rate, key));
        }
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the halves of the key; a share of 2^32")]
fn drop_some(values: &mut [f32], rate: f32, key: u64) {
    let (low, high) = (key as u32, (key >> 32) as u32);
    let threshold = (f64::from(rate) * 4_294_967_296.0) as u32;
    let scale = 1.0 / (1.0 - rate);
    for (value, at) in values.iter_mut().zip(0_u32..) {
        let drawn = hash(hash(at ^ low).wrapping_add(high));
        *value *= if drawn < threshold { 0.0 } else { scale };
    }
}

/// Source: C. Wellons, hash-prospector, the function `lowbias32`.
#[inline]
fn hash(mut x: u32) -> u32 {
    x = (x ^ (x >> 16)).wrapping_mul(0x7feb_352d);
    x = (x ^ (x >> 15)).wrapping_mul(0x846c_a68b);
    x ^ (x >> 16)
}

/// Source: the output function of `SplitMix64` (Steele, Lea & Flood, OOPSLA 2014).
fn scramble(x: u64) -> u64 {
    let mut x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dropped(key: u64, site: Site) -> Vec<bool> {
        let mut values = vec![1.0; 20_000];
        Dropout { hidden: 0.1, attention: 0.3, key }.apply(site, &mut values);
        values.iter().map(|value| *value == 0.0).collect()
    }

    #[test]
    fn the_share_dropped_is_the_rate_and_the_sum_is_kept() {
        for (site, rate) in [(Site::Output { layer: 1 }, 0.1), (Site::AttentionWeights { layer: 1, head: 2 }, 0.3)] {
            let found = dropped(7, site).iter().filter(|dropped| **dropped).count() as f32 / 20_000.0;
            assert!((found - rate).abs() < 0.01, "{site:?}: {found}");
        }
        let mut values = vec![1.0; 20_000];
        Dropout { hidden: 0.1, attention: 0.0, key: 3 }.apply(Site::Embeddings, &mut values);
        assert!((values.iter().sum::<f32>() / 20_000.0 - 1.0).abs() < 0.02);
    }

    #[test]
    fn every_place_draws_for_itself_and_draws_the_same_again() {
        let places = [
            (Dropout::key(1, 0, 0), Site::Embeddings),
            (Dropout::key(2, 0, 0), Site::Embeddings),
            (Dropout::key(1, 1, 0), Site::Embeddings),
            (Dropout::key(1, 0, 1), Site::Embeddings),
            (Dropout::key(1, 0, 0), Site::AttentionOutput { layer: 0 }),
            (Dropout::key(1, 0, 0), Site::Output { layer: 0 }),
            (Dropout::key(1, 0, 0), Site::Output { layer: 1 }),
        ];
        for (at, (key, site)) in places.into_iter().enumerate() {
            let drawn = dropped(key, site);
            assert_eq!(drawn, dropped(key, site));
            for (key, other) in &places[at + 1..] {
                let both = drawn.iter().zip(dropped(*key, *other)).filter(|(a, b)| **a && *b).count();
                assert!((120..280).contains(&both), "{site:?} and {other:?} share {both} of 200");
            }
        }
    }

    #[test]
    fn off_drops_nothing() {
        let mut values = [1.5; 64];
        Dropout::OFF.apply(Site::Embeddings, &mut values);
        assert!(values.iter().all(|value| value.to_bits() == 1.5_f32.to_bits()));
    }
}
