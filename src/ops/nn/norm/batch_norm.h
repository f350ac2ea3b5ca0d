#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

struct BatchNormParam {
  double eps = 1e-3f;
  float momentum = 0.9f;
  bool fix_gamma = true;
  bool use_global_stats = false;
  bool output_mean_var = false;
  int32_t axis = 1;
  bool cudnn_off = false;
  std::optional<float> min_calib_range, max_calib_range;

  static void describe(ParamBuilder<BatchNormParam>& fields) {
    using P = BatchNormParam;
    fields.add("eps", &P::eps, "Added to the variance.");
    fields.add("momentum", &P::momentum, "Share of the old value in a new moving average.");
    fields.add("fix_gamma", &P::fix_gamma, "Whether gamma is taken as 1 and not learned.");
    fields.add("use_global_stats", &P::use_global_stats,
               "Whether the moving averages are used in training too.");
    fields.add("output_mean_var", &P::output_mean_var,
               "Whether mean and 1 / sqrt(variance + eps) are outputs too.");
    fields.add("axis", &P::axis, "The axis of the channels.");
    fields.add("cudnn_off", &P::cudnn_off, "Whether cuDNN is not used.");
    fields.add("min_calib_range", &P::min_calib_range, "For quantization.");
    fields.add("max_calib_range", &P::max_calib_range, "For quantization.");
  }
};

}  // namespace mx
