// A sparse array plus or minus a number that is not 0: dense, and the number where nothing is
// stored.
#include "backend/common/elemwise/arithmetic.h"
#include "backend/cpu/sparse/stored.h"
#include "ir/common_params.h"

namespace mx {
namespace {

const char* refuse(const KernelQuery& query) {
  const TensorDesc &in = query.in[0], &out = query.out[0];
  const bool fits = in.storage != StorageKind::kDefault && out.storage == StorageKind::kDefault &&
                    in.dtype == out.dtype && is_floating(in.dtype);
  return fits ? nullptr : "gives dense floats of a sparse array of floats";
}

template <typename F>
void with_scalar(const Params& params, KernelContext&, std::span<SparseTensor> in,
                 std::span<SparseTensor> out) {
  const SparseTensor& sparse = in[0];
  sparse.check_indices("elemwise");
  const int64_t width = row_width(sparse);
  visit_floating(sparse.dtype(), "elemwise", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    const C number = static_cast<C>(params.as<ScalarParam>().scalar);
    const T* values = sparse.values().template as<T>();
    T* to = out[0].values().template as<T>();
    const T of_zero = static_cast<T>(F{}(C(0), number));
    parallel_for(out[0].shape().size(), grain_for(0.5),
                 [&](int64_t begin, int64_t end) { std::fill(to + begin, to + end, of_zero); });
    for_stored(sparse, 1, [&](int64_t k, int64_t row, int64_t column) {
      to[row * width + column] = static_cast<T>(F{}(static_cast<C>(values[k]), number));
    });
  });
}

const KernelBuilder k1 =
    KernelBuilder("_plus_scalar", "sparse").refuse(refuse).run_sparse(with_scalar<math::Add>);
const KernelBuilder k2 =
    KernelBuilder("_minus_scalar", "sparse").refuse(refuse).run_sparse(with_scalar<math::Subtract>);

}  // namespace
}  // namespace mx
