#include "ops/nn/conv/window.h"

#include <algorithm>

namespace mx {

Shape to_channels_first(const Shape& shape, bool channels_last) {
  if (!channels_last || shape.ndim() < 2) return shape;
  Shape result = shape;
  const int last = shape.ndim() - 1;
  result[1] = shape[last];
  for (int i = 1; i < last; ++i) result[i + 1] = shape[i];
  return result;
}

Shape from_channels_first(const Shape& shape, bool channels_last) {
  if (!channels_last || shape.ndim() < 2) return shape;
  Shape result = shape;
  const int last = shape.ndim() - 1;
  result[last] = shape[1];
  for (int i = 1; i < last; ++i) result[i] = shape[i + 1];
  return result;
}

Shape spatial_tuple(const Shape& given, int rank, int64_t fallback) {
  return given.empty() ? Shape::filled(rank, fallback) : given;
}

void check_tuple(std::string_view op, const char* name, const Shape& tuple, int rank,
                 int64_t minimum) {
  if (tuple.empty()) return;
  require(tuple.ndim() == rank, op, ": ", name, "=", tuple, " has ", tuple.ndim(),
          " numbers; expected ", rank, ", as many as kernel has");
  constexpr int64_t kMost = INT32_MAX;  // so that products of two of them fit
  for (int64_t value : tuple)
    require(value >= minimum && value <= kMost, op, ": ", name, "=", tuple,
            " is out of range; expected ", minimum, " to ", kMost, " everywhere");
}

void check_kernel(std::string_view op, const Shape& kernel,
                  const std::optional<DataLayout>& layout) {
  require(kernel.ndim() >= 1 && kernel.ndim() <= 3, op, ": kernel=", kernel, " has ",
          std::max(kernel.ndim(), 0), " numbers; expected 1 to 3");
  check_tuple(op, "kernel", kernel, kernel.ndim(), 1);
  if (layout)
    require(spatial_rank(*layout) == kernel.ndim(), op, ": layout has ", spatial_rank(*layout),
            " spatial axes; expected ", kernel.ndim(), ", as many as kernel=", kernel, " has");
}

}  // namespace mx
