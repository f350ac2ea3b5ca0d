#pragma once
#include <array>

#include "backend/cpu/optimizer/update.h"
#include "dispatch/sparse_tensor.h"

/// Lazy updates: rows without a gradient stay as they are, decay and momentum included. Inputs are
/// weight, grad (row-sparse) and the states, which are dense or row-sparse like the weight.
namespace mx::optimizer {

/// Why such a kernel does not take these arrays, or nullptr.
inline const char* refuse_not_lazy(const KernelQuery& query) {
  const StorageKind weight = query.in[0].storage;
  if (query.in[1].storage != StorageKind::kRowSparse || weight == StorageKind::kCsr)
    return "takes row_sparse gradients";
  for (size_t i = 2; i < query.in.size(); ++i)
    if (query.in[i].storage != weight) return "takes states of the weight's storage kind";
  return query.out[0].storage == weight ? nullptr : "gives results of the weight's storage kind";
}

/// The same for operators with the parameter lazy_update.
template <typename Param>
const char* refuse_unless_lazy(const KernelQuery& query) {
  if (!query.params.as<Param>().lazy_update) return "updates lazily";
  return refuse_not_lazy(query);
}

/// Applies a rule of update_rules.h to the rows that the gradient stores.
template <template <typename> typename Rule, size_t... state, typename Step>
void update_rows(const Step& step, std::span<SparseTensor> in, SparseTensor& out, const char* op,
                 std::index_sequence<state...>) {
  SparseTensor& grad = in[1];
  grad.check_indices(op);
  out.start_from(in[0]);
  out.store_all_rows();
  (in[2 + state].store_all_rows(), ...);
  const int64_t width = out.shape().size(1, out.shape().ndim());
  visit_floating(out.dtype(), op, [&]<typename T>(TypeTag<T>) {
    const Rule<ComputeType<T>> rule(step);
    const T* gradients = grad.values().template as<T>();
    T* weights = out.values().template as<T>();
    [[maybe_unused]] const std::array<T*, sizeof...(state)> states{
        in[2 + state].values().template as<T>()...};
    for (int64_t i = 0; i < grad.count(); ++i) {
      const int64_t at = grad.indices()[i] * width;
      apply_rule(rule, width, WeightArray<T, T>{weights + at, nullptr}, gradients + i * width,
                 states[state] + at...);
    }
  });
}

}  // namespace mx::optimizer
