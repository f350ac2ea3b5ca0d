#pragma once
// Loops over what a sparse array stores.
#include "dispatch/sparse_tensor.h"

namespace mx {

/// Elements of one row; of a CSR matrix its number of columns.
inline int64_t row_width(const SparseTensor& array) {
  return array.shape().size(1, array.shape().ndim());
}

/// Calls body(k, row, column) for stored elements k of an array, in parallel; `column` counts
/// within the row. Indices must have been checked. cost: nanoseconds of the body.
template <typename Body>
void for_stored(const SparseTensor& array, double cost, const Body& body) {
  const int64_t width = row_width(array), *indices = array.indices();
  const auto stored = static_cast<double>(array.values().size());
  if (array.storage() == StorageKind::kRowSparse)
    return parallel_for(array.count(), grain_for(1 + cost * static_cast<double>(width)),
                        [&](int64_t begin, int64_t end) {
                          for (int64_t i = begin; i < end; ++i) {
#pragma GCC ivdep
                            for (int64_t c = 0; c < width; ++c) body(i * width + c, indices[i], c);
                          }
                        });
  const int64_t *starts = array.indptr(), rows = array.shape()[0];
  parallel_for(rows, grain_for(1 + cost * stored / static_cast<double>(rows + 1)),
               [&](int64_t begin, int64_t end) {
                 for (int64_t row = begin; row < end; ++row)
                   for (int64_t k = starts[row]; k < starts[row + 1]; ++k) body(k, row, indices[k]);
               });
}

}  // namespace mx
