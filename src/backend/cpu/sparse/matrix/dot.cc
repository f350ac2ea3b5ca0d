// Products of a CSR matrix and another one. Each row of a result is a sum of rows of a dense matrix
// in the order of the sparse one's elements, so that it does not depend on the number of threads.
#include "ops/matrix/dot.h"

#include <numeric>

#include "backend/cpu/common/turn.h"
#include "backend/cpu/sparse/index_set.h"
#include "dispatch/sparse_tensor.h"

namespace mx {
namespace {

/// For each row of the result which rows of a dense matrix it sums (-1: none), and how often.
template <typename T>
struct RowSums {
  const int64_t* starts;  ///< of row i: [starts[i], starts[i + 1])
  const int64_t* rows;
  const T* factors;
};

/// A dense matrix whose rows lie `step` elements apart.
template <typename T>
struct DenseRows {
  const T* data;
  int64_t step, width;
};

/// Columns [c, c + kTile) of sum `i`, in registers.
template <int64_t kTile, typename T>
void sum_tile(const RowSums<T>& sums, int64_t i, const DenseRows<T>& dense, int64_t c, T* out) {
  using C = ComputeType<T>;
  C total[kTile] = {};
  const int64_t end = sums.starts[i + 1];
  for (int64_t k = sums.starts[i]; k < end; ++k) {
    const int64_t row = sums.rows[k];
    if (row < 0) continue;
    const C factor = static_cast<C>(sums.factors[k]);
    const T* source = dense.data + row * dense.step + c;
#pragma GCC unroll 64
    for (int64_t j = 0; j < kTile; ++j) total[j] += factor * static_cast<C>(source[j]);
  }
  for (int64_t j = 0; j < kTile; ++j) out[c + j] = static_cast<T>(total[j]);
}

template <typename T>
void sum_row(const RowSums<T>& sums, int64_t i, const DenseRows<T>& dense, T* out) {
  int64_t c = 0;
  for (; c + 64 <= dense.width; c += 64) sum_tile<64>(sums, i, dense, c, out);
  for (; c + 16 <= dense.width; c += 16) sum_tile<16>(sums, i, dense, c, out);
  for (; c + 4 <= dense.width; c += 4) sum_tile<4>(sums, i, dense, c, out);
  for (; c < dense.width; ++c) sum_tile<1>(sums, i, dense, c, out);
}

template <typename T>
void write_rows(const RowSums<T>& sums, int64_t count, const DenseRows<T>& dense, T* out) {
  const double each = static_cast<double>(sums.starts[count]) / static_cast<double>(count + 1);
  const double cost = 5 + (each + 1) * (1 + static_cast<double>(dense.width) / 8);
  parallel_for(count, grain_for(cost), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) sum_row(sums, i, dense, out + i * dense.width);
  });
}

/// Row numbers of `dense_rows`, of which `stored` tells the places, or, dense, all.
const int64_t* places(const SparseTensor& rows, const int64_t* numbers, int64_t count,
                      Workspace& scratch) {
  if (rows.is_dense() || rows.count() == rows.shape()[0]) return numbers;
  const IndexSet stored(rows.indices(), rows.count(), rows.shape()[0]);
  auto* found = scratch.get_array<int64_t>(count + 1);
  for (int64_t k = 0; k < count; ++k) found[k] = stored.find(numbers[k]);
  return found;
}

/// Where the elements of each part of a CSR matrix's rows go, by group: first how many, then the
/// place of the next one.
struct PartPlaces {
  int64_t parts, rows, groups;
  int64_t* next;  ///< parts x groups

  int64_t first_row(int64_t part) const { return rows * part / parts; }

  /// Counts become places, those of a group one part behind the other. Fills starts[groups + 1].
  void set_places(int64_t* starts) const {
    int64_t place = 0;
    for (int64_t g = 0; g < groups; ++g) {
      starts[g] = place;
      for (int64_t part = 0; part < parts; ++part)
        place += std::exchange(next[part * groups + g], place);
    }
    starts[groups] = place;
  }
};

/// The elements of a CSR matrix by column instead of by row; `group` numbers the columns. Threads
/// take parts of the rows, where there are elements enough to pay for their counts.
template <typename T, typename Group>
RowSums<T> by_column(const SparseTensor& csr, int64_t groups, const Group& group,
                     Workspace& scratch) {
  const int64_t count = csr.count();
  const int64_t parts = std::clamp<int64_t>(count / (4 * groups + 10000), 1, parallel_threads());
  const PartPlaces places{parts, csr.shape()[0], groups,
                          scratch.get_array<int64_t>(parts * groups)};
  auto* starts = scratch.get_array<int64_t>(groups + 1);
  auto* rows = scratch.get_array<int64_t>(count + 1);
  T* factors = scratch.get_array<T>(count + 1);
  const int64_t *indices = csr.indices(), *row_starts = csr.indptr();
  const auto for_parts = [&](const auto& body) {
    parallel_for(parts, 1, [&](int64_t begin, int64_t end) {
      for (int64_t part = begin; part < end; ++part) body(part, places.next + part * groups);
    });
  };
  for_parts([&](int64_t part, int64_t* counts) {
    std::fill_n(counts, groups, int64_t{0});
    const int64_t last = row_starts[places.first_row(part + 1)];
    for (int64_t k = row_starts[places.first_row(part)]; k < last; ++k) ++counts[group(indices[k])];
  });
  places.set_places(starts);
  const T* values = csr.values().template as<T>();
  for_parts([&](int64_t part, int64_t* next) {
    for (int64_t r = places.first_row(part); r < places.first_row(part + 1); ++r)
      for (int64_t k = row_starts[r]; k < row_starts[r + 1]; ++k) {
        const int64_t place = next[group(indices[k])]++;
        rows[place] = r;
        factors[place] = values[k];
      }
  });
  return {starts, rows, factors};
}

template <typename T>
RowSums<T> by_stored_column(const SparseTensor& csr, const IndexSet& columns, Workspace& scratch) {
  return by_column<T>(
      csr, columns.size(), [&](int64_t c) { return columns.find(c); }, scratch);
}

/// csr * dense or row-sparse rows
template <typename T>
void csr_by_rows(const SparseTensor& csr, const SparseTensor& rhs, SparseTensor& out,
                 Workspace& scratch) {
  const int64_t width = rhs.shape()[1];
  const RowSums<T> sums{csr.indptr(), places(rhs, csr.indices(), csr.count(), scratch),
                        csr.values().template as<T>()};
  write_rows<T>(sums, csr.shape()[0], {rhs.values().template as<T>(), width, width},
                out.values().template as<T>());
}

/// The transpose of csr * dense or row-sparse rows. A row-sparse result stores the rows that
/// elements of csr reach.
template <typename T>
void transposed_by_rows(const SparseTensor& csr, const SparseTensor& rhs, SparseTensor& out,
                        Workspace& scratch) {
  const int64_t width = rhs.shape()[1], columns = csr.shape()[1];
  const auto write = [&](RowSums<T> sums, int64_t count) {
    sums.rows = places(rhs, sums.rows, csr.count(), scratch);
    write_rows<T>(sums, count, {rhs.values().template as<T>(), width, width},
                  out.values().template as<T>());
  };
  if (out.is_dense())
    return write(by_column<T>(
                     csr, columns, [](int64_t c) { return c; }, scratch),
                 columns);
  const IndexSet stored(csr.indices(), csr.count(), columns);
  out.allocate(stored.size());
  std::copy(stored.numbers().begin(), stored.numbers().end(), out.indices());
  write(by_stored_column<T>(csr, stored, scratch), stored.size());
}

/// How results of dense * csr, which are computed by column, come to lie.
template <typename T>
struct ColumnTarget {
  T* out;
  int64_t width;                        ///< of a row of `out`
  const std::vector<int64_t>* columns;  ///< of the results, or nullptr: as they come
};

/// (sums applied to the transpose of lhs), transposed: for each row of lhs and each group of sums.
template <typename T>
void dense_by_sums(const RowSums<T>& sums, int64_t groups, const Tensor& lhs, bool transposed,
                   const ColumnTarget<T>& target) {
  constexpr int64_t kBlock = 64;  // rows of lhs that are worked on together
  const int64_t m = lhs.shape[transposed ? 1 : 0], k = lhs.shape[transposed ? 0 : 1];
  const T* data = lhs.as<T>();
  parallel_for((m + kBlock - 1) / kBlock, 1, [&](int64_t begin, int64_t end) {
    std::vector<T> turned(static_cast<size_t>(transposed ? 0 : k * kBlock));
    std::vector<T> back(static_cast<size_t>(groups * kBlock));
    for (int64_t first = begin * kBlock; first < std::min(m, end * kBlock); first += kBlock) {
      const int64_t here = std::min(kBlock, m - first);
      DenseRows<T> rows{data + first, m, here};
      if (!transposed) {
        turn_tile(data + first * k, k, turned.data(), here, here, k);
        rows = {turned.data(), here, here};
      }
      for (int64_t g = 0; g < groups; ++g) sum_row(sums, g, rows, back.data() + g * here);
      for (int64_t r = 0; r < here; ++r) {
        T* out = target.out + (first + r) * target.width;
        if (!target.columns) {
          for (int64_t g = 0; g < groups; ++g) out[g] = back[static_cast<size_t>(g * here + r)];
          continue;
        }
        std::fill_n(out, target.width, T(0));
        for (int64_t g = 0; g < groups; ++g)
          out[(*target.columns)[static_cast<size_t>(g)]] = back[static_cast<size_t>(g * here + r)];
      }
    }
  });
}

/// dense * csr: as a CSR matrix it stores, in each row, the columns in which csr stores something.
template <typename T>
void dense_by_csr(const Tensor& lhs, bool transposed, const SparseTensor& csr, SparseTensor& out,
                  Workspace& scratch) {
  const IndexSet stored(csr.indices(), csr.count(), csr.shape()[1]);
  const RowSums<T> sums = by_stored_column<T>(csr, stored, scratch);
  const int64_t width = stored.size(), rows = out.shape()[0];
  const std::vector<int64_t>& columns = stored.numbers();
  if (out.is_dense())
    return dense_by_sums<T>(sums, width, lhs, transposed,
                            {out.values().template as<T>(), out.shape()[1], &columns});
  out.allocate(rows * width);
  for (int64_t r = 0; r <= rows; ++r) out.indptr()[r] = r * width;
  for (int64_t r = 0; r < rows; ++r)
    std::copy(columns.begin(), columns.end(), out.indices() + r * width);
  dense_by_sums<T>(sums, width, lhs, transposed, {out.values().template as<T>(), width, nullptr});
}

/// dense * the transpose of csr
template <typename T>
void dense_by_transposed(const Tensor& lhs, bool transposed, const SparseTensor& csr,
                         SparseTensor& out) {
  const RowSums<T> sums{csr.indptr(), csr.indices(), csr.values().template as<T>()};
  const int64_t width = csr.shape()[0];
  dense_by_sums<T>(sums, width, lhs, transposed, {out.values().template as<T>(), width, nullptr});
}

const char* refuse(const KernelQuery& query) {
  const auto& p = query.params.as<DotParam>();
  const StorageKind lhs = query.in[0].storage, rhs = query.in[1].storage;
  const StorageKind out = query.out[0].storage;
  if (query.in[0].shape.ndim() != 2 || query.in[1].shape.ndim() != 2) return "takes matrices";
  const bool to_dense = out == StorageKind::kDefault;
  if (lhs == StorageKind::kCsr && rhs != StorageKind::kCsr && !p.transpose_b)
    return to_dense || (p.transpose_a && out == StorageKind::kRowSparse)
               ? nullptr
               : "gives dense results, or row_sparse ones with transpose_a";
  if (lhs == StorageKind::kDefault && rhs == StorageKind::kCsr)
    return to_dense || (!p.transpose_b && out == StorageKind::kCsr)
               ? nullptr
               : "gives dense results, or csr ones without transpose_b";
  return "takes a csr lhs and a dense or row_sparse rhs that is not transposed, or a dense lhs and "
         "a csr rhs";
}

void dot(const Params& params, KernelContext& context, std::span<SparseTensor> in,
         std::span<SparseTensor> out) {
  const auto& p = params.as<DotParam>();
  for (SparseTensor& tensor : in) {
    if (tensor.storage() == StorageKind::kCsr) tensor.check_indices("dot");
    if (tensor.storage() == StorageKind::kRowSparse) tensor.sort();
  }
  visit_floating(in[0].dtype(), "dot", [&]<typename T>(TypeTag<T>) {
    if (in[0].is_dense() && p.transpose_b)
      dense_by_transposed<T>(in[0].values(), p.transpose_a, in[1], out[0]);
    else if (in[0].is_dense())
      dense_by_csr<T>(in[0].values(), p.transpose_a, in[1], out[0], *context.scratch);
    else if (p.transpose_a)
      transposed_by_rows<T>(in[0], in[1], out[0], *context.scratch);
    else
      csr_by_rows<T>(in[0], in[1], out[0], *context.scratch);
  });
}

const KernelBuilder k1 = KernelBuilder("dot", "sparse").refuse(refuse).run_sparse(dot);

}  // namespace
}  // namespace mx
