#pragma once
#include <algorithm>
#include <vector>

#include "backend/common/odometer.h"
#include "base/shape.h"

namespace mx {

/// How a contiguous array is reduced along some axes.
///
/// Dimensions of size 1 are dropped and neighbours that are both reduced or both kept are merged.
/// What is left alternates: the innermost run is reduced (each output sums rows) or kept (each row
/// of outputs sums rows of inputs). Nothing but count() means anything for an empty array.
class ReducePlan {
 public:
  ReducePlan(const Shape& in, const std::vector<bool>& reduced) {
    int64_t step = 1, size = 0, size_step = 1;
    bool kind = true;
    for (int d = in.ndim() - 1; d >= 0; --d) {
      const bool is_reduced = reduced[static_cast<size_t>(d)];
      if (is_reduced) count_ *= in[d];
      if (in[d] == 1) continue;
      if (size > 0 && kind == is_reduced) {
        size *= in[d];
      } else {
        if (size > 0) push(size, size_step, kind);
        size = in[d];
        size_step = step;
        kind = is_reduced;
      }
      step *= in[d];
    }
    push(std::max<int64_t>(size, 1), size_step, kind);
  }

  /// Elements that are reduced into one.
  int64_t count() const { return count_; }
  bool inner_is_reduced() const { return inner_is_reduced_; }
  int64_t inner_size() const { return inner_size_; }
  /// Outputs, or rows of outputs when the innermost run is kept.
  const Odometer<1>& kept() const { return kept_; }
  /// Rows that make one output, or one row of outputs.
  const Odometer<1>& rows() const { return rows_; }

 private:
  void push(int64_t size, int64_t step, bool is_reduced) {
    if (inner_size_ == 0) {
      inner_size_ = size;
      inner_is_reduced_ = is_reduced;
    } else {
      (is_reduced ? rows_ : kept_).add(size, {step});
    }
  }

  int64_t count_ = 1, inner_size_ = 0;
  bool inner_is_reduced_ = true;
  Odometer<1> kept_, rows_;
};

}  // namespace mx
