#pragma once
// Small matrices, as many at a time as a vector has lanes: element k of all of them is one vector,
// so that what reads like the computation of one matrix computes that of a whole group.
#include "backend/cpu/common/turn.h"
#include "backend/cpu/gemm_panels.h"
#include "base/parallel.h"

namespace mx::cpu {

/// Matrices of at most so many rows and columns are small: those of a group stay in the first-level
/// cache.
inline constexpr int64_t kMostSmallRows = 16;
inline constexpr int64_t kSmallMatrix = kMostSmallRows * kMostSmallRows;

/// A vector with one element of each matrix of a group.
template <typename T>
struct LanesOf {
  typedef T Type __attribute__((vector_size(kVectorBytes)));
};
template <typename T>
using Lanes = typename LanesOf<T>::Type;

/// Some neighbouring matrices of a batch, at most as many as there are lanes.
template <typename T>
struct MatrixGroup {
  static constexpr int64_t kMost = sizeof(Lanes<T>) / sizeof(T);
  int64_t first, count;

  /// Vectors of the elements of matrices with `size` elements each. Lanes without a matrix of their
  /// own hold the first one again.
  void read(const T* batch, int64_t size, Lanes<T>* to) const {
    T* lanes = reinterpret_cast<T*>(to);
    turn_tile(batch + first * size, size, lanes, kMost, count, size);
    for (int64_t k = 0; k < size && count < kMost; ++k)
      std::fill(lanes + k * kMost + count, lanes + (k + 1) * kMost, lanes[k * kMost]);
  }
  void write(const Lanes<T>* from, int64_t size, T* batch) const {
    turn_tile(reinterpret_cast<const T*>(from), kMost, batch + first * size, size, size, count);
  }
  /// Calls f(number of a matrix) for those in whose lane something is not zero.
  template <typename F>
  void for_each_marked(const Lanes<T>& marks, const F& f) const {
    for (int64_t i = 0; i < count; ++i)
      if (marks[i] != T(0)) f(first + i);
  }
};

/// Calls body(group) for all groups of `count` matrices, each of which costs about `operations`.
template <typename T, typename F>
void for_each_group(int64_t count, double operations, const F& body) {
  constexpr int64_t kMost = MatrixGroup<T>::kMost;
  const auto most = static_cast<double>(kMost);
  parallel_for((count + kMost - 1) / kMost, grain_for(operations + 2 * most),
               [&](int64_t begin, int64_t end) {
                 for (int64_t first = begin * kMost; first < end * kMost; first += kMost)
                   if (first < count)
                     body(MatrixGroup<T>{first, std::min<int64_t>(kMost, count - first)});
               });
}

}  // namespace mx::cpu
