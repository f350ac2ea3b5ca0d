#pragma once
// Products of many matrices with the same one, which is packed once.
#include "backend/cpu/gemm.h"
#include "dispatch/kernel.h"

namespace mx::cpu {

/// A matrix b (k x n) of float or double in the order in which products read it. Its memory belongs
/// to the workspace. Cost of making it: one copy. Thread safety: multiply() may be called by many
/// threads.
template <typename T>
class PackedMatrix {
 public:
  PackedMatrix(int64_t k, int64_t n, MatrixView<const T> b, Workspace& scratch);

  /// c (m x n) = a (m x k) * b, added to c with `accumulate`; rows of a and c are contiguous and
  /// lie `a_row` and `c_row` elements apart. Parallel over tiles of c.
  void multiply(int64_t m, const T* a, int64_t a_row, T* c, int64_t c_row, bool accumulate) const;

 private:
  int64_t depth_, columns_;
  T* panels_;
};

}  // namespace mx::cpu
