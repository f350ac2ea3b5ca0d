// Rows of CSR matrices one below the other.
#include "ops/matrix/concat.h"

#include "dispatch/sparse_tensor.h"

namespace mx {
namespace {

const char* refuse(const KernelQuery& query) {
  for (const TensorDesc& in : query.in)
    if (in.storage != StorageKind::kCsr) return "takes csr matrices";
  const int64_t dim = query.params.as<ConcatParam>().dim;
  const bool fits = (dim == 0 || dim == -2) && query.out[0].storage == StorageKind::kCsr;
  return fits ? nullptr : "joins rows to a csr matrix";
}

void concat(const Params&, KernelContext&, std::span<SparseTensor> in,
            std::span<SparseTensor> out) {
  int64_t count = 0, row = 0, at = 0;
  for (const SparseTensor& part : in) part.check_indices("Concat"), count += part.count();
  out[0].allocate(count);
  visit_width(out[0].dtype(), [&]<typename T>(TypeTag<T>) {
    T* values = out[0].values().as<T>();
    for (const SparseTensor& part : in) {
      std::copy_n(part.values().as<T>(), part.count(), values + at);
      std::copy_n(part.indices(), part.count(), out[0].indices() + at);
      for (int64_t r = 0; r < part.shape()[0]; ++r) out[0].indptr()[row++] = at + part.indptr()[r];
      at += part.count();
    }
  });
  out[0].indptr()[row] = at;
}

const KernelBuilder k1 = KernelBuilder("Concat", "sparse").refuse(refuse).run_sparse(concat);

}  // namespace
}  // namespace mx
