#pragma once
#include "base/param.h"

namespace mx {

enum class LeakyReluKind : int32_t { kLeaky, kElu, kPrelu, kSelu, kGelu, kRrelu };

struct LeakyReluParam {
  LeakyReluKind act_type = LeakyReluKind::kLeaky;
  float slope = 0.25f;
  float lower_bound = 0.125f;
  float upper_bound = 0.334f;

  static void describe(ParamBuilder<LeakyReluParam>& fields) {
    fields.add("act_type", &LeakyReluParam::act_type, "The function.")
        .choice("elu", LeakyReluKind::kElu)
        .choice("gelu", LeakyReluKind::kGelu)
        .choice("leaky", LeakyReluKind::kLeaky)
        .choice("prelu", LeakyReluKind::kPrelu)
        .choice("rrelu", LeakyReluKind::kRrelu)
        .choice("selu", LeakyReluKind::kSelu);
    fields.add("slope", &LeakyReluParam::slope, "Slope of negative inputs (leaky), scale (elu).");
    fields.add("lower_bound", &LeakyReluParam::lower_bound, "Least slope (rrelu).");
    fields.add("upper_bound", &LeakyReluParam::upper_bound, "Greatest slope (rrelu).");
  }
};

/// selu(x) = kSeluScale * (x > 0 ? x : kSeluAlpha * (e^x - 1)) (Klambauer et al., 2017).
inline constexpr double kSeluAlpha = 1.6732632423543772848170429916717;
inline constexpr double kSeluScale = 1.0507009873554804934193349852946;

/// gamma of prelu as an array that broadcasts with data: its axes are those of channels and batch
/// where they fit, channels first; else it broadcasts as it is.
Shape prelu_gamma_shape(const Shape& gamma, const Shape& data);

}  // namespace mx
