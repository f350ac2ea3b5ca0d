// Norms of sparse arrays.
#include "ops/reduce/norm.h"

#include <cmath>

#include "backend/cpu/sparse/reduce/detail/sums.h"
#include "ops/reduce/axes.h"

namespace mx {
namespace {

SumsOf which(const Params& params, int ndim) {
  return sums_of(reduce::reduced_axes(params.as<NormParam>().axis, false, ndim, "norm"));
}

const char* refuse(const KernelQuery& query) {
  const TensorDesc &in = query.in[0], &out = query.out[0];
  if (in.storage == StorageKind::kDefault || out.storage != StorageKind::kDefault)
    return "gives dense norms of sparse arrays";
  if (!is_floating(in.dtype) || in.dtype != out.dtype) return "takes floats and keeps their type";
  return which(query.params, in.shape.ndim()) == SumsOf::kNothing
             ? "takes the norms of rows, columns or all"
             : nullptr;
}

void norm(const Params& params, KernelContext&, std::span<SparseTensor> in,
          std::span<SparseTensor> out) {
  in[0].check_indices("norm");
  const bool absolute = params.as<NormParam>().ord == 1;
  visit_floating(in[0].dtype(), "norm", [&]<typename T>(TypeTag<T>) {
    const std::vector<double> sums =
        stored_sums<T>(in[0], which(params, in[0].shape().ndim()), [&](T value) {
          const auto x = static_cast<double>(value);
          return absolute ? std::abs(x) : x * x;
        });
    T* to = out[0].values().template as<T>();
    for (size_t i = 0; i < sums.size(); ++i)
      to[i] = static_cast<T>(static_cast<ComputeType<T>>(absolute ? sums[i] : std::sqrt(sums[i])));
  });
}

const KernelBuilder k1 = KernelBuilder("norm", "sparse").refuse(refuse).run_sparse(norm);

}  // namespace
}  // namespace mx
