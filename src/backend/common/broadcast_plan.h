#pragma once
#include <algorithm>

#include "backend/common/odometer.h"
#include "base/shape.h"

namespace mx {

/// How N contiguous inputs are read to fill an output to which they are broadcast.
///
/// Dimensions of size 1 are dropped and neighbours along which every input moves alike are merged,
/// so that rank is a run-time number and most work is one or two long loops. The innermost
/// dimension has step 1, or 0 for inputs that are repeated along it. The output must not be empty.
template <int N>
class BroadcastPlan {
 public:
  using Steps = typename Odometer<N>::Steps;

  BroadcastPlan(const Shape& out, const std::array<const Shape*, N>& in) {
    Steps below;  // elements of each input below the current dimension
    below.fill(1);
    int64_t size = 0;  // of the dimension that is being merged; 0 before the first
    Steps steps{};
    for (int d = out.ndim() - 1; d >= 0; --d) {
      if (out[d] == 1) continue;
      Steps step{};
      for (int k = 0; k < N; ++k) {
        const int axis = d - (out.ndim() - in[k]->ndim());
        if (axis < 0 || (*in[k])[axis] == 1) continue;
        step[k] = below[k];
        below[k] *= (*in[k])[axis];
      }
      if (size > 0 && continues(step, steps, size)) {
        size *= out[d];
        continue;
      }
      if (size > 0) push(size, steps);
      size = out[d];
      steps = step;
    }
    push(std::max<int64_t>(size, 1), steps);
    size_ = inner_size_ * outer_.size();
  }

  int64_t size() const { return size_; }
  MX_HOST_DEVICE int64_t inner_step(int input) const { return inner_steps_[input]; }
  /// Whether one loop with the inner steps does everything.
  MX_HOST_DEVICE bool is_flat() const { return outer_.ndim() == 0; }

  /// Where the inputs' elements for element `i` of the output are.
  MX_HOST_DEVICE Steps at(int64_t i) const {
    const bool is_narrow = ((i | inner_size_) >> 32) == 0;
    const int64_t row =
        is_narrow ? static_cast<uint32_t>(i) / static_cast<uint32_t>(inner_size_) : i / inner_size_;
    const int64_t within = i - row * inner_size_;
    Steps offset = outer_.at(row);
    for (int k = 0; k < N; ++k) offset[k] += within * inner_steps_[k];
    return offset;
  }

  /// Walks the rows (runs along the innermost dimension) that cover [begin, end) of the output and
  /// calls body(output offset, input offsets, length) for each.
  template <typename F>
  void for_each_row(int64_t begin, int64_t end, const F& body) const {
    Odometer<N> outer = outer_;
    outer.seek(begin / inner_size_);
    int64_t within = begin % inner_size_;
    for (int64_t at = begin; at < end; within = 0) {
      const int64_t length = std::min(inner_size_ - within, end - at);
      Steps offset = outer.offset();
      for (int k = 0; k < N; ++k) offset[k] += within * inner_steps_[k];
      body(at, offset, length);
      at += length;
      outer.advance();
    }
  }

 private:
  /// Whether going one step outwards is going `size` steps inwards, for every input.
  static bool continues(const Steps& outer, const Steps& inner, int64_t size) {
    for (int k = 0; k < N; ++k)
      if (outer[k] != inner[k] * size) return false;
    return true;
  }

  void push(int64_t size, const Steps& steps) {
    if (inner_size_ > 0) return outer_.add(size, steps);
    inner_size_ = size;
    inner_steps_ = steps;
  }

  int64_t size_ = 0, inner_size_ = 0;
  Steps inner_steps_{};
  Odometer<N> outer_;
};

}  // namespace mx
