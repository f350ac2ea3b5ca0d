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

/// The sum of term(value) over `n` values, in lanes that are joined in a fixed order.
template <typename S, typename T, typename Term>
S sum_in_lanes(const T* values, int64_t n, const Term& term) {
  constexpr int64_t kLanes = 16;
  S lanes[kLanes] = {}, sum = 0;
  int64_t k = 0;
  for (; k + kLanes <= n; k += kLanes)
    for (int64_t lane = 0; lane < kLanes; ++lane) lanes[lane] += term(values[k + lane]);
  for (; k < n; ++k) sum += term(values[k]);
  for (const S lane : lanes) sum += lane;
  return sum;
}

/// The sums of a CSR matrix's columns. Where there are many elements, parts of the rows are summed
/// apart; their number depends on the matrix alone, and so do the sums.
template <typename T, typename Term>
std::vector<SumType<T>> column_sums(const SparseTensor& csr, const Term& term) {
  using S = SumType<T>;
  constexpr int64_t kParts = 4;
  const int64_t rows = csr.shape()[0], width = row_width(csr);
  const int64_t parts = csr.count() > 8 * kParts * width ? kParts : 1;
  const T* values = csr.values().template as<T>();
  std::vector<S> sums(static_cast<size_t>(parts * width));
  parallel_for(parts, 1, [&](int64_t begin, int64_t end) {
    for (int64_t part = begin; part < end; ++part) {
      S* to = sums.data() + part * width;
      const int64_t last = csr.indptr()[rows * (part + 1) / parts];
      for (int64_t k = csr.indptr()[rows * part / parts]; k < last; ++k)
        to[csr.indices()[k]] += term(values[k]);
    }
  });
  for (int64_t part = 1; part < parts; ++part)
    for (int64_t c = 0; c < width; ++c)
      sums[static_cast<size_t>(c)] += sums[static_cast<size_t>(part * width + c)];
  sums.resize(static_cast<size_t>(width));
  return sums;
}

/// Sums of term(value) over stored values; rows and columns without any have 0. They do not
/// depend on the number of threads.
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
    if (is_csr) return column_sums<T>(array, term);
    std::vector<S> sums(static_cast<size_t>(width));
    for (int64_t list = 0; list < lists; ++list)
      for (int64_t c = 0; c < width; ++c)
        sums[static_cast<size_t>(c)] += term(values[list * width + c]);
    return sums;
  }
  const bool in_order = is_csr || of == SumsOf::kAll;
  std::vector<S> sums(static_cast<size_t>(in_order ? lists : rows));
  const auto each = static_cast<double>(array.values().size()) / static_cast<double>(lists + 1);
  parallel_for(lists, grain_for(2 + each), [&](int64_t begin, int64_t end) {
    for (int64_t list = begin; list < end; ++list) {
      const auto [first, last] = range(list);
      sums[static_cast<size_t>(in_order ? list : array.indices()[list])] =
          sum_in_lanes<S>(values + first, last - first, term);
    }
  });
  if (of == SumsOf::kRows) return sums;
  S total = 0;
  for (const S sum : sums) total += sum;
  return {total};
}

}  // namespace mx
