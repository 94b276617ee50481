use ndarray::ArrayViewMut1;

/// Turns logits into log-probabilities, safe against overflow.
pub(crate) fn log_softmax_in_place(mut logits: ArrayViewMut1<'_, f64>) {
    let largest = logits.fold(f64::NEG_INFINITY, |a, &b| a.max(b));
    let log_sum = largest + logits.fold(0.0, |sum, &logit| sum + (logit - largest).exp()).ln();
    logits.mapv_inplace(|logit| logit - log_sum);
}
