#pragma once
#include <optional>

#include "base/param.h"

/// What convolution, deconvolution and pooling share: windows and data layouts.
namespace mx {

/// Order of the axes of data: batch, channels, depth, height, width.
enum class DataLayout : int32_t { kNCW, kNCHW, kNCDHW, kNWC, kNHWC, kNDHWC };

inline bool is_channels_last(const std::optional<DataLayout>& layout) {
  return layout && *layout >= DataLayout::kNWC;
}
/// Number of spatial axes of a layout.
inline int spatial_rank(DataLayout layout) { return static_cast<int>(layout) % 3 + 1; }

/// (batch, spatial..., channels) as (batch, channels, spatial...).
Shape to_channels_first(const Shape& shape, bool channels_last);
/// The reverse.
Shape from_channels_first(const Shape& shape, bool channels_last);

/// A tuple argument with one number for each spatial axis; all are `fallback` when it is empty.
Shape spatial_tuple(const Shape& given, int rank, int64_t fallback);
/// Throws: ValueError unless `tuple` is empty or has `rank` numbers that are at least `minimum`.
void check_tuple(std::string_view op, const char* name, const Shape& tuple, int rank,
                 int64_t minimum);
/// Throws: ValueError unless `kernel` has 1 to 3 numbers that are positive and the layout fits.
void check_kernel(std::string_view op, const Shape& kernel,
                  const std::optional<DataLayout>& layout);

}  // namespace mx
