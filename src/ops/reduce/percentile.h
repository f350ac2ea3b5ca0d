#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

/// What is taken where a percentile lies between two elements.
enum class Interpolation : int32_t { kLinear, kLower, kHigher, kMidpoint, kNearest };

struct PercentileParam {
  std::optional<Shape> axis;
  Interpolation interpolation = Interpolation::kLinear;
  bool keepdims = false;
  std::optional<double> q_scalar;
  static void describe(ParamBuilder<PercentileParam>& fields) {
    using P = PercentileParam;
    fields.add("axis", &P::axis, "Axes to reduce; all when None, none when ().");
    fields
        .add("interpolation", &P::interpolation,
             "What is taken between two elements: a number on the line through them, one of them, "
             "their mean, or the nearer one.")
        .choice("higher", Interpolation::kHigher)
        .choice("linear", Interpolation::kLinear)
        .choice("lower", Interpolation::kLower)
        .choice("midpoint", Interpolation::kMidpoint)
        .choice("nearest", Interpolation::kNearest);
    fields.add("keepdims", &P::keepdims, "Whether reduced axes stay with size 1.");
    fields.add("q_scalar", &P::q_scalar, "The percentile, in place of the input q.");
  }
};

/// The percentiles of each row, by the kernel.
struct RowPercentilesParam {
  Interpolation interpolation = Interpolation::kLinear;
  std::optional<double> q_scalar;
  static void describe(ParamBuilder<RowPercentilesParam>& fields) {
    using P = RowPercentilesParam;
    fields.add("interpolation", &P::interpolation, "As in _npi_percentile.")
        .choice("higher", Interpolation::kHigher)
        .choice("linear", Interpolation::kLinear)
        .choice("lower", Interpolation::kLower)
        .choice("midpoint", Interpolation::kMidpoint)
        .choice("nearest", Interpolation::kNearest);
    fields.add("q_scalar", &P::q_scalar, "As in _npi_percentile.");
  }
};

}  // namespace mx
