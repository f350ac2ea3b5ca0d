#pragma once
#include <cstdint>
#include <vector>

#include "io/records/draws.h"
#include "io/records/image_param.h"
#include "io/records/picture_steps.h"

namespace mx::records {

/// All that chance decides about one picture. Made from its size alone, so that pictures can be
/// decoded by any number of threads while their numbers are drawn in the order of the records.
struct Plan {
  int64_t height = 0, width = 0;  ///< of the picture that it was made for
  std::vector<Step> steps;
  Size made{};  ///< of what the steps make
  float contrast = 1, illumination = 0;
  bool mirror = false;
};

/// Draws what is to be done with a picture of `height` x `width` for batches of `data_shape`.
/// With `bytes` the batch holds bytes, which draw neither contrast nor illumination.
/// Throws: ValueError when a crop does not fit into the picture.
Plan make_plan(int64_t height, int64_t width, const Shape& data_shape, const AugmentParam& augment,
               const NormalizeParam& normalize, bool bytes, Draws& draws);

}  // namespace mx::records
