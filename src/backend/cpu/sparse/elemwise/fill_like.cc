#include "dispatch/sparse_tensor.h"

namespace mx {
namespace {

const char* refuse(const KernelQuery& query) {
  return query.out[0].storage == StorageKind::kDefault ? "gives sparse results only" : nullptr;
}

/// Zeros need no storage.
void zeros_like(const Params&, KernelContext&, std::span<SparseTensor>,
                std::span<SparseTensor> out) {
  out[0].allocate(0);
  if (out[0].storage() == StorageKind::kCsr)
    std::fill_n(out[0].indptr(), out[0].shape()[0] + 1, int64_t{0});
}

const KernelBuilder k1 =
    KernelBuilder("zeros_like", "sparse").refuse(refuse).run_sparse(zeros_like);

}  // namespace
}  // namespace mx
