#pragma once
#include <vector>

#include "base/param.h"

namespace mx {

struct MultiBoxPriorParam {
  std::vector<double> sizes{1.0};
  std::vector<double> ratios{1.0};
  bool clip = false;
  std::vector<double> steps{-1.0, -1.0};
  std::vector<double> offsets{0.5, 0.5};

  static void describe(ParamBuilder<MultiBoxPriorParam>& fields) {
    using P = MultiBoxPriorParam;
    fields.add("sizes", &P::sizes, "Heights of the boxes, as a part of the image's.");
    fields.add("ratios", &P::ratios, "Width over height, on an image that is square.");
    fields.add("clip", &P::clip, "Whether to cut the boxes off at the edges of the image.");
    fields.add("steps", &P::steps,
               "Distance of the centres in y and x; one cell of data where not positive.");
    fields.add("offsets", &P::offsets, "Place of the centre in its cell, in y and x.");
  }
  void validate(std::string_view op) const;

  /// Boxes at one centre: every size with the first ratio, then the first size with the others.
  int64_t per_cell() const { return static_cast<int64_t>(sizes.size() + ratios.size()) - 1; }
};

}  // namespace mx
