#pragma once
// Reading what a HeadView names.
#include "backend/common/bounded_index.h"
#include "backend/cpu/convert.h"
#include "backend/cpu/gemm_panels.h"
#include "dispatch/kernel.h"
#include "ops/nn/attention/fused_attention.h"

namespace mx::cpu {

/// Where the matrix of a head (counted over samples and heads) begins.
inline int64_t head_offset(const HeadView& view, int64_t head, int64_t heads) {
  return view.offset + head / heads * view.batch_step + head % heads * view.head_step;
}

template <typename T>
MatrixView<T> head_matrix(std::span<const Tensor> tensors, const HeadView& view, int64_t head,
                          int64_t heads) {
  T* first = tensors[static_cast<size_t>(view.tensor)].as<std::remove_const_t<T>>();
  return {first + head_offset(view, head, heads), view.row_step, view.column_step};
}

/// Rows [first, first + count) of a matrix, one behind the other, in the type of the computation.
template <typename T, typename C>
void copy_rows(const MatrixView<const T>& from, int64_t first, int64_t count, int64_t columns,
               C* to) {
  for (int64_t i = 0; i < count; ++i, to += columns) {
    const T* row = &from.at(first + i, 0);
    if (from.column == 1)
      convert_elements(DTypeOf<T>::value, row, DTypeOf<C>::value, to, columns);
    else
      for (int64_t j = 0; j < columns; ++j) to[j] = static_cast<C>(row[j * from.column]);
  }
}

/// n elements of a tensor of any dtype, `step` apart, where they are or converted in `room`.
template <typename C>
const C* row_elements(const Tensor& from, int64_t at, int64_t step, int64_t n, C* room) {
  if (step == 1) {
    if (from.dtype == DTypeOf<C>::value) return from.as<C>() + at;
    convert_elements(from.dtype, from.as<char>() + at * dtype_size(from.dtype), DTypeOf<C>::value,
                     room, n);
    return room;
  }
  visit_dtype(from.dtype, "_fused_attention", [&]<typename T>(TypeTag<T>) {
    for (int64_t j = 0; j < n; ++j) room[j] = static_cast<C>(from.as<T>()[at + j * step]);
  });
  return room;
}

/// An element of a tensor of lengths, from 0 to `limit`.
inline int64_t length_at(const Tensor& lengths, int64_t at, int64_t limit) {
  int64_t length = 0;
  visit_dtype(lengths.dtype, "_fused_attention",
              [&]<typename T>(TypeTag<T>) { length = bounded_length(lengths.as<T>()[at], limit); });
  return length;
}

}  // namespace mx::cpu
