#pragma once
#include <cmath>
#include <cstdint>

#include "base/float16.h"

namespace mx {

/// Image that a row of rois names; -1 when data has no such image.
template <typename C>
MX_HOST_DEVICE int64_t roi_image(C number, int64_t images) {
  return number > -1 && number < static_cast<C>(images) ? static_cast<int64_t>(number) : -1;
}

/// Group of cell i of `cells` along an axis with `groups` of them.
MX_HOST_DEVICE inline int64_t cell_group(int64_t i, int64_t cells, int64_t groups) {
  return i * groups / cells;
}

/// Whole pixels [first, last) of a cell along an axis, cut at the image's border.
struct CellRange {
  int64_t first, last;

  template <typename C>
  MX_HOST_DEVICE static CellRange of(C from, C to, int64_t i, int64_t cells, int64_t extent) {
    const C size = to - from > C(0.1) ? to - from : C(0.1), step = size / static_cast<C>(cells);
    const C start = std::floor(static_cast<C>(i) * step + from);
    const C end = std::ceil(static_cast<C>(i + 1) * step + from);
    return {cut(start, extent), cut(end, extent)};
  }
  MX_HOST_DEVICE int64_t size() const { return last > first ? last - first : 0; }

 private:
  template <typename C>
  MX_HOST_DEVICE static int64_t cut(C place, int64_t extent) {
    if (!(place > 0)) return 0;  // NaN too
    return place < static_cast<C>(extent) ? static_cast<int64_t>(place) : extent;
  }
};

}  // namespace mx
