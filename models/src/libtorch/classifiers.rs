//! Networks with a classification head, which give a logit a label, one function an architecture.

use rust_bert::albert::{AlbertConfig, AlbertForSequenceClassification};
use rust_bert::bart::{BartConfig, BartForSequenceClassification};
use rust_bert::bert::{BertConfig, BertForSequenceClassification};
use rust_bert::distilbert::{DistilBertConfig, DistilBertModelClassifier};
use rust_bert::longformer::{LongformerConfig, LongformerForSequenceClassification};
use rust_bert::mobilebert::{MobileBertConfig, MobileBertForSequenceClassification};
use rust_bert::roberta::RobertaForSequenceClassification;
use tch::nn::Path;

use super::architecture::Forward;
use super::error::Error;
use crate::encoder::settings::Settings;

pub(super) fn bert(path: &Path<'_>, settings: &mut Settings) -> Result<Forward, Error> {
    let model = BertForSequenceClassification::new(path, &settings.take_all::<BertConfig>()?)?;
    Ok(Box::new(move |batch| {
        let (ids, mask, types) = (Some(&batch.ids), Some(&batch.mask), batch.types.as_ref());
        Ok(model.forward_t(ids, mask, types, None, None, false).logits)
    }))
}

pub(super) fn roberta(path: &Path<'_>, settings: &mut Settings) -> Result<Forward, Error> {
    let model = RobertaForSequenceClassification::new(path, &settings.take_all::<BertConfig>()?)?;
    Ok(Box::new(move |batch| {
        let (ids, mask, types) = (Some(&batch.ids), Some(&batch.mask), batch.types.as_ref());
        Ok(model.forward_t(ids, mask, types, None, None, false).logits)
    }))
}

pub(super) fn distilbert(path: &Path<'_>, settings: &mut Settings) -> Result<Forward, Error> {
    let model = DistilBertModelClassifier::new(path, &settings.take_all::<DistilBertConfig>()?)?;
    Ok(Box::new(move |batch| Ok(model.forward_t(Some(&batch.ids), Some(&batch.mask), None, false)?.logits)))
}

pub(super) fn albert(path: &Path<'_>, settings: &mut Settings) -> Result<Forward, Error> {
    let model = AlbertForSequenceClassification::new(path, &settings.take_all::<AlbertConfig>()?)?;
    Ok(Box::new(move |batch| {
        let (ids, mask, types) = (Some(&batch.ids), Some(&batch.mask), batch.types.as_ref());
        Ok(model.forward_t(ids, mask, types, None, None, false).logits)
    }))
}

pub(super) fn mobilebert(path: &Path<'_>, settings: &mut Settings) -> Result<Forward, Error> {
    let model = MobileBertForSequenceClassification::new(path, &settings.take_all::<MobileBertConfig>()?)?;
    Ok(Box::new(move |batch| {
        let (ids, mask, types) = (Some(&batch.ids), Some(&batch.mask), batch.types.as_ref());
        Ok(model.forward_t(ids, types, None, None, mask, false)?.logits)
    }))
}

pub(super) fn longformer(path: &Path<'_>, settings: &mut Settings) -> Result<Forward, Error> {
    let model = LongformerForSequenceClassification::new(path, &settings.take_all::<LongformerConfig>()?)?;
    Ok(Box::new(move |batch| {
        let (ids, mask, types) = (Some(&batch.ids), Some(&batch.mask), batch.types.as_ref());
        Ok(model.forward_t(ids, mask, None, types, None, None, false)?.logits)
    }))
}

pub(super) fn bart(path: &Path<'_>, settings: &mut Settings) -> Result<Forward, Error> {
    let model = BartForSequenceClassification::new(path, &settings.take_all::<BartConfig>()?)?;
    Ok(Box::new(move |batch| {
        // The head's logits stand where other heads of BART put the decoder's output.
        Ok(model.forward_t(&batch.ids, Some(&batch.mask), None, None, None, false).decoder_output)
    }))
}
