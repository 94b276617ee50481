//! Networks that give token vectors, one function an architecture.

use rust_bert::albert::{AlbertConfig, AlbertModel};
use rust_bert::bert::{BertConfig, BertEmbedding, BertModel};
use rust_bert::distilbert::{DistilBertConfig, DistilBertModel};
use rust_bert::electra::{ElectraConfig, ElectraModel};
use rust_bert::fnet::{FNetConfig, FNetModel};
use rust_bert::longformer::{LongformerConfig, LongformerModel};
use rust_bert::mobilebert::{MobileBertConfig, MobileBertModel};
use rust_bert::xlnet::{XLNetConfig, XLNetModel};
use tch::nn::Path;

use super::architecture::Forward;
use super::error::Error;
use crate::encoder::settings::Settings;

pub(super) fn bert<E: BertEmbedding + Send + 'static>(
    path: &Path<'_>,
    settings: &mut Settings,
) -> Result<Forward, Error> {
    let model = BertModel::<E>::new_with_optional_pooler(path, &settings.take_all::<BertConfig>()?, false);
    Ok(Box::new(move |batch| {
        let (ids, mask, types) = (Some(&batch.ids), Some(&batch.mask), batch.types.as_ref());
        Ok(model.forward_t(ids, mask, types, None, None, None, None, false)?.hidden_state)
    }))
}

pub(super) fn distilbert(path: &Path<'_>, settings: &mut Settings) -> Result<Forward, Error> {
    let model = DistilBertModel::new(path, &settings.take_all::<DistilBertConfig>()?);
    Ok(Box::new(move |batch| Ok(model.forward_t(Some(&batch.ids), Some(&batch.mask), None, false)?.hidden_state)))
}

pub(super) fn albert(path: &Path<'_>, settings: &mut Settings) -> Result<Forward, Error> {
    let model = AlbertModel::new(path, &settings.take_all::<AlbertConfig>()?);
    Ok(Box::new(move |batch| {
        let (ids, mask, types) = (Some(&batch.ids), Some(&batch.mask), batch.types.as_ref());
        Ok(model.forward_t(ids, mask, types, None, None, false)?.hidden_state)
    }))
}

pub(super) fn electra(path: &Path<'_>, settings: &mut Settings) -> Result<Forward, Error> {
    let model = ElectraModel::new(path, &settings.take_all::<ElectraConfig>()?);
    Ok(Box::new(move |batch| {
        let (ids, mask, types) = (Some(&batch.ids), Some(&batch.mask), batch.types.as_ref());
        Ok(model.forward_t(ids, mask, types, None, None, false)?.hidden_state)
    }))
}

pub(super) fn mobilebert(path: &Path<'_>, settings: &mut Settings) -> Result<Forward, Error> {
    let model = MobileBertModel::new(path, &settings.take_all::<MobileBertConfig>()?, false);
    Ok(Box::new(move |batch| {
        let (ids, mask, types) = (Some(&batch.ids), Some(&batch.mask), batch.types.as_ref());
        Ok(model.forward_t(ids, types, None, None, mask, false)?.hidden_state)
    }))
}

pub(super) fn longformer(path: &Path<'_>, settings: &mut Settings) -> Result<Forward, Error> {
    let model = LongformerModel::new(path, &settings.take_all::<LongformerConfig>()?, false);
    Ok(Box::new(move |batch| {
        let (ids, mask, types) = (Some(&batch.ids), Some(&batch.mask), batch.types.as_ref());
        Ok(model.forward_t(ids, mask, None, types, None, None, false)?.hidden_state)
    }))
}

pub(super) fn xlnet(path: &Path<'_>, settings: &mut Settings) -> Result<Forward, Error> {
    let model = XLNetModel::new(path, &settings.take_all::<XLNetConfig>()?);
    Ok(Box::new(move |batch| {
        let (ids, mask, types) = (Some(&batch.ids), Some(&batch.mask), batch.types.as_ref());
        Ok(model.forward_t(ids, mask, None, None, None, types, None, false)?.hidden_state)
    }))
}

pub(super) fn fnet(path: &Path<'_>, settings: &mut Settings) -> Result<Forward, Error> {
    let model = FNetModel::new(path, &settings.take_all::<FNetConfig>()?, false);
    Ok(Box::new(move |batch| {
        Ok(model.forward_t(Some(&batch.ids), batch.types.as_ref(), None, None, false)?.hidden_states)
    }))
}
