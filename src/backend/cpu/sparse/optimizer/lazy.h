#pragma once
#include <array>

#include "backend/cpu/optimizer/update.h"
#include "backend/cpu/sparse/index_set.h"
#include "dispatch/sparse_tensor.h"

/// Updates by row-sparse gradients. Lazy ones leave rows without a gradient as they are, decay and
/// momentum included. Inputs are weight, grad (row-sparse) and the states, which are dense or
/// row-sparse, for a lazy update like the weight.
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

/// Why an update of every row does not take these arrays, or nullptr. It takes what none other
/// does.
template <typename Param>
const char* refuse_unless_every_row(const KernelQuery& query) {
  if (!refuse_unless_lazy<Param>(query)) return "updates every row";
  if (query.in[1].storage != StorageKind::kRowSparse) return "takes row_sparse gradients";
  for (size_t i = 0; i < query.in.size(); ++i)
    if (query.in[i].storage == StorageKind::kCsr) return "takes dense and row_sparse arrays";
  return query.out[0].storage == query.in[0].storage ? nullptr
                                                     : "gives results of the weight's storage kind";
}

/// Applies a rule of update_rules.h to the rows that the gradient stores, or to every row: then the
/// gradient of the others is zero.
template <template <typename> typename Rule, bool every_row = false, size_t... state, typename Step>
void update_rows(const Step& step, std::span<SparseTensor> in, SparseTensor& out, const char* op,
                 std::index_sequence<state...>) {
  SparseTensor& grad = in[1];
  every_row ? grad.sort() : grad.check_indices(op);
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
    const auto update = [&](int64_t row, const T* gradient) {
      const int64_t at = row * width;
      apply_rule(rule, width, WeightArray<T>{weights + at, weights + at}, gradient,
                 states[state] + at...);
    };
    if constexpr (every_row) {
      const int64_t rows = out.shape()[0];
      const IndexSet stored(grad.indices(), grad.count(), rows);
      const std::vector<T> zeros(static_cast<size_t>(width));
      for (int64_t row = 0; row < rows; ++row) {
        const int64_t i = stored.find(row);
        update(row, i < 0 ? zeros.data() : gradients + i * width);
      }
    } else {
      for (int64_t i = 0; i < grad.count(); ++i) update(grad.indices()[i], gradients + i * width);
    }
  });
}

}  // namespace mx::optimizer
