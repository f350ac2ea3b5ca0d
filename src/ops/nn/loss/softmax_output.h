#pragma once
#include "base/param.h"

namespace mx {

/// By what SoftmaxOutput divides its gradient.
enum class LossNormalization : int32_t { kNull, kBatch, kValid };

struct SoftmaxOutputParam {
  float grad_scale = 1.0f;
  float ignore_label = -1.0f;
  bool multi_output = false;
  bool use_ignore = false;
  bool preserve_shape = false;
  LossNormalization normalization = LossNormalization::kNull;
  bool out_grad = false;
  float smooth_alpha = 0.0f;

  static void describe(ParamBuilder<SoftmaxOutputParam>& fields) {
    using P = SoftmaxOutputParam;
    fields.add("grad_scale", &P::grad_scale, "Factor of the gradient.");
    fields.add("ignore_label", &P::ignore_label, "Rows with this label get no gradient.");
    fields.add("multi_output", &P::multi_output, "Whether axis 1 holds the classes of each place.");
    fields.add("use_ignore", &P::use_ignore, "Whether ignore_label is used.");
    fields.add("preserve_shape", &P::preserve_shape, "Whether the last axis holds the classes.");
    fields
        .add("normalization", &P::normalization,
             "Divides the gradient by the batch or by the number of labels not ignored.")
        .choice("batch", LossNormalization::kBatch)
        .choice("null", LossNormalization::kNull)
        .choice("valid", LossNormalization::kValid);
    fields.add("out_grad", &P::out_grad,
               "Whether the gradient is multiplied by the head gradient.");
    fields.add("smooth_alpha", &P::smooth_alpha, "How much of a label is spread over the others.")
        .range(0, 1);
  }
};

/// Data as (outer, classes, inner): one label for each of outer x inner places.
struct SoftmaxOutputSizes {
  int64_t outer, classes, inner;
};
SoftmaxOutputSizes softmax_output_sizes(const SoftmaxOutputParam& param, const Shape& data);

}  // namespace mx
