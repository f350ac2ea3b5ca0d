#include "backend/cpu/optimizer/group_adagrad.h"

#include "backend/cpu/sparse/optimizer/lazy.h"

namespace mx {
namespace {

using namespace optimizer;

const char* refuse(const KernelQuery& query) {
  const auto is_dense = [](const TensorDesc& tensor) {
    return tensor.storage == StorageKind::kDefault;
  };
  const bool fits = query.in[1].storage == StorageKind::kRowSparse && is_dense(query.in[0]) &&
                    is_dense(query.in[2]) && is_dense(query.out[0]);
  return fits ? nullptr : "takes row_sparse gradients of dense weights";
}

/// Rows that the gradient does not store stay as they are.
void group_adagrad(const Params& params, KernelContext&, std::span<SparseTensor> in,
                   std::span<SparseTensor> out) {
  SparseTensor& grad = in[1];
  grad.check_indices("_contrib_group_adagrad_update");
  const int64_t width = grad.shape().size(1, grad.shape().ndim());
  out[0].start_from(in[0]);
  visit_floating(grad.dtype(), "_contrib_group_adagrad_update", [&]<typename T>(TypeTag<T>) {
    const GroupAdagradRow<T> update(params.as<GroupAdagradParam>(), width);
    T* weight = out[0].values().template as<T>();
    T* history = in[2].values().template as<T>();
    const T* rows = grad.values().template as<T>();
    for (int64_t i = 0; i < grad.count(); ++i) {
      const int64_t row = grad.indices()[i];
      update(weight + row * width, rows + i * width, history[row], weight + row * width);
    }
  });
}

const KernelBuilder k1 =
    KernelBuilder("_contrib_group_adagrad_update", "lazy").refuse(refuse).run_sparse(group_adagrad);

}  // namespace
}  // namespace mx
