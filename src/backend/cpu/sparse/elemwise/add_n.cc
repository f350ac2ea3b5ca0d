// Sums of arrays of which some are sparse. Each element adds up in the order of the arrays.
#include "backend/cpu/sparse/elemwise/detail/rows.h"

namespace mx {
namespace {

const char* refuse(const KernelQuery& query) {
  if (query.out[0].storage == StorageKind::kCsr) return "gives dense or row_sparse sums";
  for (const TensorDesc& in : query.in)
    if (query.out[0].storage == StorageKind::kRowSparse && in.storage != StorageKind::kRowSparse)
      return "sums row_sparse arrays to a row_sparse one";
  return nullptr;
}

template <typename T>
void sum_rows(std::span<SparseTensor> in, const std::vector<IndexSet>& stored,
              const int64_t* numbers, int64_t count, int64_t width, T* out) {
  using C = ComputeType<T>;
  const double cost = static_cast<double>(width) * static_cast<double>(in.size());
  parallel_for(count, grain_for(2 + cost), [&](int64_t begin, int64_t end) {
    std::vector<C> sum(static_cast<size_t>(width));
    for (int64_t i = begin; i < end; ++i) {
      std::fill(sum.begin(), sum.end(), C(0));
      for (size_t a = 0; a < in.size(); ++a)
        add_row_of<C, T>(in[a], stored[a], numbers ? numbers[i] : i, width, sum.data());
      for (int64_t c = 0; c < width; ++c)
        out[i * width + c] = static_cast<T>(sum[static_cast<size_t>(c)]);
    }
  });
}

/// A row-sparse sum stores the rows that one of the arrays stores.
void add_n(const Params&, KernelContext&, std::span<SparseTensor> in, std::span<SparseTensor> out) {
  const int64_t rows = out[0].shape()[0], width = row_width(out[0]);
  std::vector<IndexSet> stored;
  std::vector<int64_t> all;
  for (SparseTensor& array : in) {
    const bool by_rows = array.storage() == StorageKind::kRowSparse;
    if (array.storage() == StorageKind::kCsr) array.check_indices("add_n");
    if (by_rows)
      array.sort(), all.insert(all.end(), array.indices(), array.indices() + array.count());
    stored.push_back(stored_rows(array));
  }
  const IndexSet rows_of_sum(all.data(), static_cast<int64_t>(all.size()), rows);
  const bool dense = out[0].is_dense();
  const int64_t count = dense ? rows : rows_of_sum.size();
  if (!dense) {
    out[0].allocate(count);
    std::copy(rows_of_sum.numbers().begin(), rows_of_sum.numbers().end(), out[0].indices());
  }
  visit_dtype(out[0].dtype(), "add_n", [&]<typename T>(TypeTag<T>) {
    if constexpr (!std::is_same_v<T, bool>)
      sum_rows<T>(in, stored, dense ? nullptr : out[0].indices(), count, width,
                  out[0].values().template as<T>());
  });
}

const KernelBuilder k1 = KernelBuilder("add_n", "sparse").refuse(refuse).run_sparse(add_n);

}  // namespace
}  // namespace mx
