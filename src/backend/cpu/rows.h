#pragma once
// Work along one axis of arrays: softmax, normalisation and their gradients. Rows that lie in
// memory one after the other are worked on one by one; rows that lie side by side (the axis is not
// the last one) or are too short for a loop are worked on many at a time, as the columns of a
// matrix, so that memory is read in order and loops vectorise over them. Half types are converted
// to float and back on the way.
#include <algorithm>
#include <array>
#include <vector>

#include "backend/cpu/common/turn.h"
#include "backend/cpu/convert.h"
#include "backend/cpu/lanes.h"
#include "dispatch/kernel.h"

namespace mx::cpu {

/// Rows of up to this length are worked on as columns.
inline constexpr int64_t kShortRow = 16;
/// Fewer columns than this are worked on as rows.
inline constexpr int64_t kFewColumns = 8;

/// An array as outer x length x inner around an axis: outer * inner rows of `length` elements that
/// lie `inner` apart.
struct RowView {
  int64_t outer, length, inner;

  RowView(int64_t o, int64_t l, int64_t i) : outer(o), length(l), inner(i) {}
  /// Throws: when the axis is out of range.
  RowView(const Shape& shape, int64_t axis, const char* op) {
    const int a = normalize_axis(axis, shape.ndim(), op);
    outer = shape.size(0, a);
    length = shape[a];
    inner = shape.size(a + 1, shape.ndim());
  }
  int64_t count() const { return outer * inner; }
};

/// Neighbouring rows as columns: element i of row first + j is x[i * step + j].
struct Columns {
  static constexpr int64_t kMaxWidth = 512;
  int64_t length, step, first, width;
};

/// Copies n elements of a tensor, converted.
template <typename C>
void copy_elements(const Tensor& from, int64_t at, int64_t n, C* to) {
  convert_elements(from.dtype, from.as<char>() + at * dtype_size(from.dtype), DTypeOf<C>::value, to,
                   n);
}

/// n elements of a tensor where they are or, when they are of another type, converted in `room`.
template <typename C>
const C* read_elements(const Tensor& from, int64_t at, int64_t n, C* room) {
  if (from.dtype == DTypeOf<C>::value) return from.as<C>() + at;
  copy_elements(from, at, n, room);
  return room;
}

/// All elements of a tensor, converted in scratch memory where they are of another type.
template <typename C>
const C* all_elements(const Tensor& from, KernelContext& context) {
  const bool same = from.dtype == DTypeOf<C>::value;
  C* room = same ? nullptr : context.scratch->get_array<C>(std::max<int64_t>(from.size(), 1));
  return read_elements(from, 0, from.size(), room);
}

/// Turns a matrix of groups of elements:
/// dst[(j * rows + i) * group + k] = src[(i * columns + j) * group + k]
template <typename C>
void turn_groups(const C* src, int64_t rows, int64_t columns, int64_t group, C* dst) {
  if (group == 1) return turn_tile(src, columns, dst, rows, rows, columns);
  for (int64_t j = 0; j < columns; ++j)
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t k = 0; k < group; ++k)
        dst[(j * rows + i) * group + k] = src[(i * columns + j) * group + k];
}

/// Calls f(i, j) for every element i of every column j. Calls for different j of one i must not
/// depend on each other.
template <typename F>
void for_columns(const Columns& c, const F& f) {
  for (int64_t i = 0; i < c.length; ++i) {
#pragma GCC ivdep
    for (int64_t j = 0; j < c.width; ++j) f(i, j);
  }
}

/// total[j] = f(0, j) + f(1, j) + ... for every column j: in C for 32 rows, these in double.
template <typename C, typename F, typename Total>
void sum_columns(const Columns& c, const F& f, Total* total) {
  C part[Columns::kMaxWidth];
  double sum[Columns::kMaxWidth];
  std::fill_n(sum, c.width, 0.0);
  for (int64_t i = 0; i < c.length;) {
    std::fill_n(part, c.width, C(0));
    for (const int64_t stop = std::min(c.length, i + kLaneRun); i < stop; ++i) {
#pragma GCC ivdep
      for (int64_t j = 0; j < c.width; ++j) part[j] += f(i, j);
    }
    for (int64_t j = 0; j < c.width; ++j) sum[j] += static_cast<double>(part[j]);
  }
  for (int64_t j = 0; j < c.width; ++j) total[j] = static_cast<Total>(sum[j]);
}

/// Runs Work over the rows of N inputs and an output of one shape, in parallel. C is the type of
/// the computation. Work has two functions, for one row and for columns; y may be one of the x:
///     void row(std::array<const C*, N> x, C* y, int64_t length, int64_t row);
///     void columns(std::array<const C*, N> x, C* y, const Columns& columns);
/// Every thread has a copy of the work, whose finish(), if there is one, is called in the end.
template <typename C, size_t N, typename Work>
class RowMap {
 public:
  /// cost: nanoseconds for one element.
  RowMap(const RowView& view, std::array<const Tensor*, N> in, const Tensor& out, double cost,
         const Work& work)
      : view_(view), in_(in), out_(out), cost_(cost), work_(work) {
    direct_ = out.dtype == DTypeOf<C>::value;
    for (const Tensor* x : in_) direct_ = direct_ && x->dtype == out.dtype;
  }

  void run() const {
    if (view_.length == 0 || view_.count() == 0) return;
    if (view_.inner >= kFewColumns)
      run_columns();
    else if (view_.length <= kShortRow)
      run_short_rows();
    else if (view_.inner == 1)
      run_rows();
    else
      run_turned_rows();
  }

 private:
  static constexpr int64_t kTile = 1 << 15;  // elements that stay in a cache between passes
  static constexpr int64_t kMinWidth = 64;

  /// Buffers for tiles of some elements of the inputs; the output shares the first one.
  class Buffers {
   public:
    explicit Buffers(int64_t elements) : size_(elements), data_(elements * N) {}
    C* operator[](size_t i) { return data_.data() + static_cast<int64_t>(i) * size_; }
    std::array<const C*, N> inputs() {
      std::array<const C*, N> x;
      for (size_t i = 0; i < N; ++i) x[i] = (*this)[i];
      return x;
    }

   private:
    int64_t size_;
    std::vector<C> data_;
  };

  /// Writes elements of the output; fill(to) makes them there or in `room`.
  template <typename Fill>
  void write(int64_t at, int64_t n, C* room, const Fill& fill) const {
    if (out_.dtype == DTypeOf<C>::value) return fill(out_.as<C>() + at);
    fill(room);
    store(room, at, n);
  }
  void store(const C* from, int64_t at, int64_t n) const {
    convert_elements(DTypeOf<C>::value, from, out_.dtype,
                     out_.as<char>() + at * dtype_size(out_.dtype), n);
  }
  int64_t grain(int64_t elements) const {
    return grain_for(cost_ * static_cast<double>(elements) + 5);
  }
  std::array<const C*, N> inputs_at(int64_t at) const {
    std::array<const C*, N> x;
    for (size_t i = 0; i < N; ++i) x[i] = in_[i]->template as<C>() + at;
    return x;
  }

  template <typename Body>
  void for_ranges(int64_t count, int64_t grain, const Body& body) const {
    parallel_for(count, grain, [&](int64_t begin, int64_t end) {
      Work work = work_;
      body(work, begin, end);
      if constexpr (requires { work.finish(); }) work.finish();
    });
  }

  void run_rows() const {
    const int64_t n = view_.length;
    for_ranges(view_.outer, grain(n), [&](Work& work, int64_t begin, int64_t end) {
      Buffers buffer(direct_ ? 0 : n);
      for (int64_t r = begin; r < end; ++r) {
        if (direct_) {
          work.row(inputs_at(r * n), out_.as<C>() + r * n, n, r);
          continue;
        }
        for (size_t i = 0; i < N; ++i) copy_elements(*in_[i], r * n, n, buffer[i]);
        work.row(buffer.inputs(), buffer[0], n, r);
        store(buffer[0], r * n, n);
      }
    });
  }

  void run_columns() const {
    const int64_t n = view_.length, inner = view_.inner;
    const int64_t width = std::clamp(kTile / n, kMinWidth, Columns::kMaxWidth);
    const int64_t blocks = (inner + width - 1) / width;
    for_ranges(view_.outer * blocks, grain(n * width), [&](Work& work, int64_t begin, int64_t end) {
      Buffers buffer(direct_ ? 0 : n * width);
      for (int64_t b = begin; b < end; ++b) {
        const int64_t o = b / blocks, first = b % blocks * width, at = o * n * inner + first;
        const int64_t here = std::min(width, inner - first), row = o * inner + first;
        if (direct_) {
          work.columns(inputs_at(at), out_.as<C>() + at, {n, inner, row, here});
          continue;
        }
        for (size_t k = 0; k < N; ++k)
          for (int64_t i = 0; i < n; ++i)
            copy_elements(*in_[k], at + i * inner, here, buffer[k] + i * here);
        work.columns(buffer.inputs(), buffer[0], {n, here, row, here});
        for (int64_t i = 0; i < n; ++i) store(buffer[0] + i * here, at + i * inner, here);
      }
    });
  }

  void run_short_rows() const {
    const int64_t n = view_.length, inner = view_.inner;
    const int64_t block = Columns::kMaxWidth / inner, blocks = (view_.outer + block - 1) / block;
    for_ranges(blocks, grain(block * n * inner), [&](Work& work, int64_t begin, int64_t end) {
      Buffers buffer(block * n * inner);
      std::vector<C> plain(block * n * inner);
      for (int64_t b = begin; b < end; ++b) {
        const int64_t first = b * block, here = std::min(block, view_.outer - first);
        const int64_t at = first * n * inner, width = here * inner;
        for (size_t k = 0; k < N; ++k) {
          const C* x = read_elements(*in_[k], at, width * n, plain.data());
          turn_groups(x, here, n, inner, buffer[k]);
        }
        work.columns(buffer.inputs(), buffer[0], {n, width, first * inner, width});
        write(at, width * n, plain.data(),
              [&](C* y) { turn_groups(buffer[0], n, here, inner, y); });
      }
    });
  }

  void run_turned_rows() const {
    const int64_t n = view_.length, inner = view_.inner;
    for_ranges(view_.outer, grain(n * inner), [&](Work& work, int64_t begin, int64_t end) {
      Buffers buffer(n * inner);
      std::vector<C> plain(n * inner);
      for (int64_t o = begin; o < end; ++o) {
        const int64_t at = o * n * inner;
        for (size_t k = 0; k < N; ++k) {
          const C* x = read_elements(*in_[k], at, n * inner, plain.data());
          turn_groups(x, n, inner, 1, buffer[k]);
        }
        for (int64_t j = 0; j < inner; ++j) {
          std::array<const C*, N> x = buffer.inputs();
          for (const C*& row : x) row += j * n;
          work.row(x, buffer[0] + j * n, n, o * inner + j);
        }
        write(at, n * inner, plain.data(), [&](C* y) { turn_groups(buffer[0], inner, n, 1, y); });
      }
    });
  }

  const RowView& view_;
  std::array<const Tensor*, N> in_;
  const Tensor& out_;
  double cost_;
  const Work& work_;
  bool direct_;
};

template <typename C, size_t N, typename Work>
void map_rows(const RowView& view, std::array<const Tensor*, N> in, const Tensor& out, double cost,
              const Work& work) {
  RowMap<C, N, Work>(view, in, out, cost, work).run();
}

}  // namespace mx::cpu
