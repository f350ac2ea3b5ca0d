// Chooses by a CSR condition: x where a stored element is not zero, else y.
#include <cstring>

#include "backend/cpu/sparse/stored.h"

namespace mx {
namespace {

const char* refuse(const KernelQuery& query) {
  const auto is_dense = [](const TensorDesc& tensor) {
    return tensor.storage == StorageKind::kDefault;
  };
  const bool fits = query.in[0].storage == StorageKind::kCsr && is_dense(query.in[1]) &&
                    is_dense(query.in[2]) && is_dense(query.out[0]) &&
                    query.in[0].shape == query.out[0].shape;
  return fits ? nullptr : "takes a csr condition of the shape of dense x and y";
}

/// The result may be written over x or y, so that what is chosen of x is kept first.
template <typename T>
void choose(const SparseTensor& condition, const bool* chosen, const Tensor& x, const Tensor& y,
            const Tensor& out, Workspace& scratch) {
  const int64_t width = row_width(condition);
  T* kept = scratch.get_array<T>(condition.count() + 1);
  for_stored(condition, 1, [&](int64_t k, int64_t row, int64_t column) {
    kept[k] = x.as<T>()[row * width + column];
  });
  if (out.data != y.data)
    std::memcpy(out.data, y.data, static_cast<size_t>(out.size()) * sizeof(T));
  for_stored(condition, 1, [&](int64_t k, int64_t row, int64_t column) {
    if (chosen[k]) out.as<T>()[row * width + column] = kept[k];
  });
}

void where(const Params&, KernelContext& context, std::span<SparseTensor> in,
           std::span<SparseTensor> out) {
  in[0].check_indices("where");
  bool* chosen = context.scratch->get_array<bool>(in[0].count() + 1);
  visit_dtype(in[0].dtype(), "where", [&]<typename T>(TypeTag<T>) {
    const T* values = in[0].values().template as<T>();
    for (int64_t k = 0; k < in[0].count(); ++k) chosen[k] = values[k] != T(0);
  });
  visit_width(out[0].dtype(), [&]<typename T>(TypeTag<T>) {
    choose<T>(in[0], chosen, in[1].values(), in[2].values(), out[0].values(), *context.scratch);
  });
}

const KernelBuilder k1 = KernelBuilder("where", "sparse").refuse(refuse).run_sparse(where);

}  // namespace
}  // namespace mx
