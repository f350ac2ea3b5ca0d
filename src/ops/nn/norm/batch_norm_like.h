#pragma once
#include "ir/gradient.h"
#include "ir/infer_context.h"
#include "ops/nn/norm/batch_norm.h"

namespace mx {

/// What operators that normalize as BatchNorm does share. Inputs are data, gamma, beta and the
/// moving averages; outputs the result, mean and 1 / sqrt(variance + eps).
void infer_batch_norm_shape(ShapeContext& c, int64_t axis);
void infer_batch_norm_dtype(DTypeContext& c);
/// `inverse` is 1 / sqrt(variance + eps) of what the forward pass used.
void batch_norm_gradient(GradContext& g, const BatchNormParam& p, const Value& inverse);
/// Dtype of parameters and statistics: half precision data come with float32.
DType statistics_dtype(DType data);

}  // namespace mx
