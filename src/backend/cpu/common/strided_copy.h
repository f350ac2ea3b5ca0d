#pragma once
#include "backend/common/copy_dims.h"

namespace mx {

/// Copies every element of the source box to its place in the destination box: transpose, slice,
/// flip, tile and their kind. Dimensions may come in any order; they are dropped, joined and sorted
/// first, then rows are copied whole, or 8x8 tiles are turned in registers where source and
/// destination run along different dimensions. Parallel when large. Destinations must not overlap.
void strided_copy(const void* src, void* dst, std::vector<CopyDim> dims, int64_t element_bytes);

}  // namespace mx
