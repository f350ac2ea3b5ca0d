// Products of a CSR matrix, or its transpose, with a dense one. Rows of the result are sums of
// rows of rhs in the order of lhs's elements, so that they do not depend on the number of threads.
#include "ops/matrix/dot.h"

#include "dispatch/sparse_tensor.h"

namespace mx {
namespace {

/// For each row of the result which rows of rhs it sums, and how often.
template <typename T>
struct RowSums {
  const int64_t* starts;  ///< of row i: [starts[i], starts[i + 1])
  const int64_t* rows;
  const T* factors;
};

template <typename T>
void write_rows(const RowSums<T>& sums, const int64_t* numbers, int64_t count, const T* rhs,
                int64_t width, T* out) {
  using C = ComputeType<T>;
  parallel_for(count, grain_for(10 + static_cast<double>(width)), [&](int64_t begin, int64_t end) {
    std::vector<C> sum(static_cast<size_t>(width));
    for (int64_t i = begin; i < end; ++i) {
      const int64_t row = numbers ? numbers[i] : i;
      std::fill(sum.begin(), sum.end(), C(0));
      for (int64_t k = sums.starts[row]; k < sums.starts[row + 1]; ++k) {
        const C factor = static_cast<C>(sums.factors[k]);
        const T* source = rhs + sums.rows[k] * width;
        for (int64_t c = 0; c < width; ++c)
          sum[static_cast<size_t>(c)] += factor * static_cast<C>(source[c]);
      }
      for (int64_t c = 0; c < width; ++c)
        out[i * width + c] = static_cast<T>(sum[static_cast<size_t>(c)]);
    }
  });
}

/// The elements of a CSR matrix by column instead of by row.
template <typename T>
RowSums<T> by_column(const SparseTensor& lhs, Workspace& scratch) {
  const int64_t columns = lhs.shape()[1], count = lhs.count();
  auto* starts = scratch.get_array<int64_t>(columns + 2);
  auto* rows = scratch.get_array<int64_t>(count + 1);
  T* factors = scratch.get_array<T>(count + 1);
  std::fill_n(starts, columns + 2, int64_t{0});
  for (int64_t k = 0; k < count; ++k) ++starts[lhs.indices()[k] + 2];
  for (int64_t c = 0; c < columns; ++c) starts[c + 2] += starts[c + 1];
  const T* values = lhs.values().template as<T>();
  for (int64_t r = 0; r < lhs.shape()[0]; ++r)
    for (int64_t k = lhs.indptr()[r]; k < lhs.indptr()[r + 1]; ++k) {
      const int64_t place = starts[lhs.indices()[k] + 1]++;
      rows[place] = r;
      factors[place] = values[k];
    }
  return {starts, rows, factors};
}

template <typename T>
void transposed(const SparseTensor& lhs, const Tensor& rhs, SparseTensor& out, int64_t width,
                Workspace& scratch) {
  const RowSums<T> sums = by_column<T>(lhs, scratch);
  const int64_t rows = out.shape()[0];
  if (out.is_dense())
    return write_rows<T>(sums, nullptr, rows, rhs.as<T>(), width, out.values().template as<T>());
  std::vector<int64_t> stored;
  for (int64_t r = 0; r < rows; ++r)
    if (sums.starts[r + 1] > sums.starts[r]) stored.push_back(r);
  const auto count = static_cast<int64_t>(stored.size());
  out.allocate(count);
  std::copy(stored.begin(), stored.end(), out.indices());
  write_rows<T>(sums, stored.data(), count, rhs.as<T>(), width, out.values().template as<T>());
}

const char* refuse(const KernelQuery& query) {
  const auto& p = query.params.as<DotParam>();
  const StorageKind out = query.out[0].storage;
  if (query.in[0].storage != StorageKind::kCsr || query.in[1].storage != StorageKind::kDefault ||
      p.transpose_b)
    return "takes a csr lhs and a dense rhs that is not transposed";
  const bool fits =
      out == StorageKind::kDefault || (p.transpose_a && out == StorageKind::kRowSparse);
  return fits ? nullptr : "gives dense results, or row_sparse ones with transpose_a";
}

void dot(const Params& params, KernelContext& context, std::span<SparseTensor> in,
         std::span<SparseTensor> out) {
  const auto& p = params.as<DotParam>();
  in[0].check_indices("dot");
  const Tensor rhs = in[1].values();
  const DotSizes sizes = dot_sizes(in[0].shape(), rhs.shape, p);
  visit_floating(rhs.dtype, "dot", [&]<typename T>(TypeTag<T>) {
    if (p.transpose_a) return transposed<T>(in[0], rhs, out[0], sizes.n, *context.scratch);
    const RowSums<T> sums{in[0].indptr(), in[0].indices(), in[0].values().template as<T>()};
    write_rows<T>(sums, nullptr, sizes.m, rhs.as<T>(), sizes.n, out[0].values().template as<T>());
  });
}

const KernelBuilder k1 = KernelBuilder("dot", "sparse").refuse(refuse).run_sparse(dot);

}  // namespace
}  // namespace mx
