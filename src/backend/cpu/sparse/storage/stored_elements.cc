#include "ops/storage/stored_elements.h"

#include <algorithm>

#include "backend/cpu/common/indices.h"
#include "dispatch/sparse_tensor.h"

namespace mx {
namespace {

const char* refuse(const KernelQuery& query) {
  for (size_t i = 1; i < query.in.size(); ++i)
    if (query.in[i].storage != StorageKind::kDefault) return "takes dense rows and columns";
  const bool fits =
      query.in[0].storage == StorageKind::kCsr && query.out[0].storage == StorageKind::kDefault;
  return fits ? nullptr : "takes CSR matrices";
}

void getnnz(const Params& params, KernelContext&, std::span<SparseTensor> in,
            std::span<SparseTensor> out) {
  in[0].check_indices("_contrib_getnnz");
  const auto& axis = params.as<GetnnzParam>().axis;
  auto* counts = out[0].values().as<int64_t>();
  if (!axis) {
    *counts = in[0].count();
  } else if (*axis == 1) {
    for (int64_t row = 0; row < in[0].shape()[0]; ++row)
      counts[row] = in[0].indptr()[row + 1] - in[0].indptr()[row];
  } else {
    std::fill_n(counts, in[0].shape()[1], 0);
    for (int64_t i = 0; i < in[0].count(); ++i) ++counts[in[0].indices()[i]];
  }
}

void edge_id(const Params&, KernelContext& context, std::span<SparseTensor> in,
             std::span<SparseTensor> out) {
  in[0].check_indices("_contrib_edge_id");
  in[0].sort();
  const int64_t* rows = widen_indices(in[1].values(), context);
  const int64_t* columns = widen_indices(in[2].values(), context);
  visit_dtype(in[0].dtype(), "_contrib_edge_id", [&]<typename T>(TypeTag<T>) {
    const T* values = in[0].values().template as<T>();
    T* result = out[0].values().template as<T>();
    for (int64_t i = 0; i < out[0].shape().size(); ++i) {
      result[i] = static_cast<T>(ComputeType<T>(-1));
      if (rows[i] < 0 || rows[i] >= in[0].shape()[0]) continue;
      const int64_t* first = in[0].indices() + in[0].indptr()[rows[i]];
      const int64_t* last = in[0].indices() + in[0].indptr()[rows[i] + 1];
      const int64_t* found = std::lower_bound(first, last, columns[i]);
      if (found != last && *found == columns[i]) result[i] = values[found - in[0].indices()];
    }
  });
}

const KernelBuilder k1 =
    KernelBuilder("_contrib_getnnz", "sparse").refuse(refuse).run_sparse(getnnz);
const KernelBuilder k2 =
    KernelBuilder("_contrib_edge_id", "sparse").refuse(refuse).run_sparse(edge_id);

}  // namespace
}  // namespace mx
