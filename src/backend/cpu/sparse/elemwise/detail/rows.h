#pragma once
// Rows of arrays of any storage kind.
#include "backend/cpu/sparse/index_set.h"
#include "backend/cpu/sparse/stored.h"

namespace mx {

/// to[i] += from[i]
template <typename C, typename T>
void add_row(const T* from, int64_t n, C* to) {
  for (int64_t i = 0; i < n; ++i) to[i] += static_cast<C>(from[i]);
}

/// Adds row `row` of an array; `stored` finds the rows of a row-sparse one.
template <typename C, typename T>
void add_row_of(const SparseTensor& array, const IndexSet& stored, int64_t row, int64_t width,
                C* sum) {
  const T* values = array.values().template as<T>();
  if (array.is_dense()) return add_row(values + row * width, width, sum);
  if (array.storage() == StorageKind::kCsr) {
    for (int64_t k = array.indptr()[row]; k < array.indptr()[row + 1]; ++k)
      sum[array.indices()[k]] += static_cast<C>(values[k]);
    return;
  }
  if (const int64_t at = stored.find(row); at >= 0) add_row(values + at * width, width, sum);
}

/// The rows that a row-sparse array stores; of other arrays none.
inline IndexSet stored_rows(const SparseTensor& array) {
  const bool by_rows = array.storage() == StorageKind::kRowSparse;
  return {by_rows ? array.indices() : nullptr, by_rows ? array.count() : 0, array.shape()[0]};
}

}  // namespace mx
