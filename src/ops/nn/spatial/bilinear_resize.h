#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

enum class ResizeMode : int32_t {
  kSize,
  kOddScale,
  kLike,
  kToEvenDown,
  kToEvenUp,
  kToOddDown,
  kToOddUp,
};

struct BilinearResizeParam {
  int32_t height = 1, width = 1;
  std::optional<float> scale_height, scale_width;
  ResizeMode mode = ResizeMode::kSize;
  bool align_corners = true;

  static void describe(ParamBuilder<BilinearResizeParam>& fields);
  void validate(std::string_view op) const;
};

/// What the gradient has to know: the shape of data and how the corners lay.
struct BilinearResizeBackwardParam {
  Shape data_shape = Shape({});
  bool align_corners = true;
  static void describe(ParamBuilder<BilinearResizeBackwardParam>& fields) {
    using P = BilinearResizeBackwardParam;
    fields.add("data_shape", &P::data_shape, "Shape of the forward data.");
    fields.add("align_corners", &P::align_corners, "As in _contrib_BilinearResize2D.");
  }
};

}  // namespace mx
