#pragma once
#include "io/image/image.h"
#include "io/records/augment.h"
#include "io/records/batch_reader.h"

namespace mx::records {

/// Writes a picture, of the batch's shape at most, into the upper left of its row `to` of the
/// batch, plane by plane, mirrored and normalized as the plan and the options say. The rest is
/// written like pixels of 0.
void write_pixels(const image::Image& image, const Plan& plan, const ReaderOptions& options,
                  void* to);

}  // namespace mx::records
