#pragma once
#include "io/records/augment.h"
#include "io/records/detect_param.h"
#include "io/records/object_label.h"

namespace mx::records {

/// Draws what is to be done with a picture of `size` for batches of `data_shape`, and changes the
/// boxes of its objects accordingly.
Plan make_detect_plan(Size size, const Shape& data_shape, const DetectParam& detect,
                      const NormalizeParam& normalize, ObjectLabel& label, Draws& draws);

}  // namespace mx::records
