#pragma once
#include "io/image/image.h"

namespace mx::image {

/// Height and width that a picture file in memory states; its channels are left at 0. JPEG and PNG
/// files are not decoded for it.
///
/// Throws: Error(Value) as decode() for bytes that are no picture.
/// Thread safety: may be called from any number of threads.
MX_IMAGE_API Extent picture_size(std::span<const uint8_t> bytes);

}  // namespace mx::image
