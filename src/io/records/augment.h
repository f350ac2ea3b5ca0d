#pragma once
#include <cstdint>
#include <variant>
#include <vector>

#include "io/image/image.h"
#include "io/records/draws.h"
#include "io/records/image_param.h"

namespace mx::records {

struct ResizeStep {
  int64_t height, width;
  image::Interpolation method;
};
struct PadStep {
  int64_t margin;
  uint8_t fill;
};
struct CropStep {
  int64_t y, x, height, width;
};
using Step = std::variant<ResizeStep, PadStep, CropStep>;

/// All that chance decides about one picture. Made from its size alone, so that pictures can be
/// decoded by any number of threads while their numbers are drawn in the order of the records.
struct Plan {
  int64_t height = 0, width = 0;  ///< of the picture that it was made for
  std::vector<Step> steps;
  float contrast = 1, illumination = 0;
  bool mirror = false;
};

/// Draws what is to be done with a picture of `height` x `width` for batches of `data_shape`.
/// With `bytes` the batch holds bytes, which draw neither contrast nor illumination.
/// Throws: ValueError when a crop does not fit into the picture.
Plan make_plan(int64_t height, int64_t width, const Shape& data_shape, const AugmentParam& augment,
               const NormalizeParam& normalize, bool bytes, Draws& draws);

/// Carries the steps out.
image::Image run_steps(image::Image image, const std::vector<Step>& steps);

}  // namespace mx::records
