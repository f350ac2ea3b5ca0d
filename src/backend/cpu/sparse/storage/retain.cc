#include <algorithm>

#include "backend/cpu/common/indices.h"
#include "backend/cpu/sparse/index_set.h"
#include "dispatch/sparse_tensor.h"

namespace mx {
namespace {

/// The wanted row numbers in order, each once. Throws: IndexError.
std::vector<int64_t> wanted_rows(const Tensor& indices, int64_t rows, KernelContext& context) {
  const int64_t* given = widen_indices(indices, context);
  std::vector<int64_t> wanted(given, given + indices.size());
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  for (int64_t row : wanted)
    if (row < 0 || row >= rows)
      fail(ErrorKind::kIndex, "_sparse_retain: indices=", row, " is out of range; expected 0 to ",
           rows - 1);
  return wanted;
}

const char* refuse(const KernelQuery& query) {
  const bool fits = query.in[0].storage != StorageKind::kCsr &&
                    query.in[1].storage == StorageKind::kDefault &&
                    query.out[0].storage == StorageKind::kRowSparse;
  return fits ? nullptr : "takes row-sparse or dense data and dense indices";
}

/// All wanted rows are stored in the result; those that data does not store are zero.
void retain(const Params&, KernelContext& context, std::span<SparseTensor> in,
            std::span<SparseTensor> out) {
  const std::vector<int64_t> wanted = wanted_rows(in[1].values(), in[0].shape()[0], context);
  if (!in[0].is_dense()) in[0].sort();
  const bool all = in[0].is_dense() || in[0].count() == in[0].shape()[0];
  const IndexSet stored(all ? nullptr : in[0].indices(), all ? 0 : in[0].count(), in[0].shape()[0]);
  const int64_t width = in[0].shape().size(1, in[0].shape().ndim());
  out[0].allocate(static_cast<int64_t>(wanted.size()));
  std::copy(wanted.begin(), wanted.end(), out[0].indices());
  visit_width(in[0].dtype(), [&]<typename T>(TypeTag<T>) {
    const T* source = in[0].values().as<T>();
    T* target = out[0].values().as<T>();
    for (int64_t row : wanted) {
      const int64_t at = all ? row : stored.find(row);
      if (at >= 0)
        std::copy_n(source + at * width, width, target);
      else
        std::fill_n(target, width, T(0));
      target += width;
    }
  });
}

const KernelBuilder k1 =
    KernelBuilder("_sparse_retain", "sparse").refuse(refuse).run_sparse(retain);

}  // namespace
}  // namespace mx
