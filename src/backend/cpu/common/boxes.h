#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/dtype.h"

namespace mx {

/// A box by its corners.
template <typename C>
struct Box {
  C x0, y0, x1, y1;
  C area() const { return (x1 - x0) * (y1 - y0); }
};

/// Four numbers in a row as a box.
template <typename T>
Box<ComputeType<T>> load_box(const T* p) {
  using C = ComputeType<T>;
  return {static_cast<C>(p[0]), static_cast<C>(p[1]), static_cast<C>(p[2]), static_cast<C>(p[3])};
}

/// The same for a box given as centre, width and height.
template <typename T>
Box<ComputeType<T>> load_center_box(const T* p) {
  const auto b = load_box(p);
  const auto half_w = b.x1 / 2, half_h = b.y1 / 2;
  return {b.x0 - half_w, b.y0 - half_h, b.x0 + half_w, b.y0 + half_h};
}

/// Boxes as columns, so that one of them meets eight others at a time.
template <typename C>
struct BoxColumns {
  std::vector<C> x0, y0, x1, y1, area;

  void push(const Box<C>& b, C its_area) {
    x0.push_back(b.x0), y0.push_back(b.y0), x1.push_back(b.x1), y1.push_back(b.y1);
    area.push_back(its_area);
  }
  int64_t size() const { return static_cast<int64_t>(x0.size()); }
  void clear() {
    for (auto* column : {&x0, &y0, &x1, &y1, &area}) column->clear();
  }

  /// Area that box j and `b` share over the area that they cover; 0 where they cover none.
  C iou(size_t j, const Box<C>& b, C its_area) const {
    const C w = std::max<C>(std::min(x1[j], b.x1) - std::max(x0[j], b.x0), 0);
    const C h = std::max<C>(std::min(y1[j], b.y1) - std::max(y0[j], b.y0), 0);
    const C both = w * h, all = area[j] + its_area - both;
    return all > 0 ? both / all : 0;
  }
};

/// Non-maximum suppression: boxes come in falling order of their scores, and one that overlaps a
/// kept one of its class by more than the threshold is refused. A box meets the kept ones only, so
/// the cost is the number of boxes times the number of kept ones.
template <typename C>
class Suppression {
 public:
  /// With `across_classes` boxes of different classes suppress each other too.
  Suppression(C threshold, bool across_classes)
      : threshold_(threshold), across_classes_(across_classes) {}

  /// For overlaps of at least the threshold instead of more than it.
  static Suppression at_least(C threshold, bool across_classes) {
    return {std::nextafter(threshold, std::numeric_limits<C>::lowest()), across_classes};
  }

  /// Forgets the boxes that were kept, but not the memory for them.
  void clear() {
    kept_.clear();
    ids_.clear();
  }

  /// Whether the box stays; if so it suppresses later ones.
  bool keep(const Box<C>& box, C area, C id = 0) {
    constexpr size_t kBlock = 64;  // tests between two looks whether to go on
    const size_t count = ids_.size();
    for (size_t first = 0; first < count; first += kBlock) {
      const size_t last = std::min(count, first + kBlock);
      int hits = 0;
      for (size_t j = first; j < last; ++j)
        hits |= (kept_.iou(j, box, area) > threshold_) & (across_classes_ | (ids_[j] == id));
      if (hits) return false;
    }
    kept_.push(box, area);
    ids_.push_back(id);
    return true;
  }

 private:
  C threshold_;
  bool across_classes_;
  BoxColumns<C> kept_;
  std::vector<C> ids_;
};

}  // namespace mx
