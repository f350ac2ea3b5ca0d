#pragma once
// Sums over what a sparse array stores.
#include <vector>

#include "backend/cpu/sparse/stored.h"

namespace mx {

/// Which sums of an array, seen as rows: one for each row, one for each column, or one.
enum class SumsOf { kRows, kColumns, kAll, kNothing };

/// kNothing where other axes are reduced, or none.
inline SumsOf sums_of(const std::vector<bool>& reduced) {
  bool all_columns = true, no_columns = true;
  for (size_t axis = 1; axis < reduced.size(); ++axis)
    (reduced[axis] ? no_columns : all_columns) = false;
  if (reduced.empty()) return SumsOf::kNothing;
  if (all_columns && reduced[0]) return SumsOf::kAll;
  if (all_columns && reduced.size() > 1) return SumsOf::kRows;
  return no_columns && reduced[0] ? SumsOf::kColumns : SumsOf::kNothing;
}

/// The type of sums: exact for integers.
template <typename T>
using SumType = std::conditional_t<std::is_integral_v<ComputeType<T>>, int64_t, double>;

/// Sums of term(value) over stored values; rows and columns without any have 0. The order of
/// additions is that of the elements.
template <typename T, typename Term>
std::vector<SumType<T>> stored_sums(const SparseTensor& array, SumsOf of, const Term& term) {
  using S = SumType<T>;
  const int64_t rows = array.shape()[0], width = row_width(array);
  const bool is_csr = array.storage() == StorageKind::kCsr;
  const int64_t lists = is_csr ? rows : array.count();
  const T* values = array.values().template as<T>();
  const auto range = [&](int64_t list) {
    return is_csr ? std::pair(array.indptr()[list], array.indptr()[list + 1])
                  : std::pair(list * width, (list + 1) * width);
  };
  if (of == SumsOf::kColumns) {
    std::vector<S> sums(static_cast<size_t>(width));
    for (int64_t list = 0; list < lists; ++list) {
      const auto [first, last] = range(list);
      for (int64_t k = first; k < last; ++k)
        sums[static_cast<size_t>(is_csr ? array.indices()[k] : k - first)] += term(values[k]);
    }
    return sums;
  }
  const bool in_order = is_csr || of == SumsOf::kAll;
  std::vector<S> sums(static_cast<size_t>(in_order ? lists : rows));
  const auto each = static_cast<double>(array.values().size()) / static_cast<double>(lists + 1);
  parallel_for(lists, grain_for(2 + each), [&](int64_t begin, int64_t end) {
    for (int64_t list = begin; list < end; ++list) {
      const auto [first, last] = range(list);
      S sum = 0;
      for (int64_t k = first; k < last; ++k) sum += term(values[k]);
      sums[static_cast<size_t>(in_order ? list : array.indices()[list])] = sum;
    }
  });
  if (of == SumsOf::kRows) return sums;
  S total = 0;
  for (const S sum : sums) total += sum;
  return {total};
}

}  // namespace mx
