#include "base/checked.h"

namespace mx {

bool is_countable(const Shape& shape) {
  constexpr int64_t kMostElements = int64_t{1} << 59;
  Checked size = 1;
  for (int64_t dim : shape) {
    if (dim > kMostElements) return false;
    if (dim > 0) size *= dim;
  }
  return size.fits() && size.get("shape", "size", shape) <= kMostElements;
}

}  // namespace mx
