// Sums and means of sparse arrays.
#include "backend/cpu/sparse/reduce/detail/sums.h"
#include "ir/common_params.h"
#include "ops/reduce/axes.h"

namespace mx {
namespace {

SumsOf which(const Params& params, int ndim) {
  const auto& p = params.as<ReduceParam>();
  return sums_of(reduce::reduced_axes(p.axis, p.exclude, ndim, "reduce"));
}

const char* refuse(const KernelQuery& query) {
  const TensorDesc& in = query.in[0];
  if (in.storage == StorageKind::kDefault || query.out[0].storage != StorageKind::kDefault)
    return "gives dense sums of sparse arrays";
  return which(query.params, in.shape.ndim()) == SumsOf::kNothing ? "sums rows, columns or all"
                                                                  : nullptr;
}

template <bool mean>
void sum(const Params& params, KernelContext&, std::span<SparseTensor> in,
         std::span<SparseTensor> out) {
  in[0].check_indices("sum");
  const int64_t results = out[0].shape().size();
  const double count =
      mean && results > 0 ? static_cast<double>(in[0].shape().size()) / static_cast<double>(results)
                          : 1;
  visit_dtype(in[0].dtype(), "sum", [&]<typename T>(TypeTag<T>) {
    if constexpr (!std::is_same_v<T, bool>) {
      using S = SumType<T>;
      const std::vector<S> sums = stored_sums<T>(in[0], which(params, in[0].shape().ndim()),
                                                 [](T value) { return static_cast<S>(value); });
      T* to = out[0].values().template as<T>();
      for (size_t i = 0; i < sums.size(); ++i)
        to[i] = static_cast<T>(sums[i] / static_cast<S>(count));
    }
  });
}

const KernelBuilder k1 = KernelBuilder("sum", "sparse").refuse(refuse).run_sparse(sum<false>);
const KernelBuilder k2 = KernelBuilder("mean", "sparse").refuse(refuse).run_sparse(sum<true>);

}  // namespace
}  // namespace mx
