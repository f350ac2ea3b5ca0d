// The row-sparse gradient of take and Embedding.
#include "ops/indexing/take.h"

#include <algorithm>

#include "backend/cpu/common/indices.h"
#include "dispatch/sparse_tensor.h"

namespace mx {
namespace {

const char* refuse(const KernelQuery& query) {
  const auto& p = query.params.as<TakeBackwardParam>();
  const bool fits = p.axis == 0 && p.mode != TakeMode::kRaise &&
                    query.in[0].storage == StorageKind::kDefault &&
                    query.in[1].storage == StorageKind::kDefault &&
                    query.out[0].storage == StorageKind::kRowSparse;
  return fits ? nullptr : "gives the row_sparse gradient along axis 0";
}

/// Rows that were taken are stored; their gradients add up in the order of the indices.
void take_backward(const Params& params, KernelContext& context, std::span<SparseTensor> in,
                   std::span<SparseTensor> out) {
  const auto& p = params.as<TakeBackwardParam>();
  const Tensor d_out = in[0].values(), indices = in[1].values();
  const int64_t rows = out[0].shape()[0], count = indices.size();
  const int64_t width = out[0].shape().size(1, out[0].shape().ndim());
  const int64_t* given = widen_indices(indices, context);
  auto* place = context.scratch->get_array<int64_t>(std::max<int64_t>(count, 1));
  const OutOfRange rule = p.mode == TakeMode::kWrap ? OutOfRange::kWrap : OutOfRange::kClip;
  for (int64_t i = 0; i < count; ++i) place[i] = bounded_index(given[i], rows, rule);
  std::vector<int64_t> stored(place, place + count);
  std::sort(stored.begin(), stored.end());
  stored.erase(std::unique(stored.begin(), stored.end()), stored.end());
  for (int64_t i = 0; i < count; ++i)
    place[i] = (std::lower_bound(stored.begin(), stored.end(), place[i]) - stored.begin()) * width;
  out[0].allocate(static_cast<int64_t>(stored.size()));
  std::copy(stored.begin(), stored.end(), out[0].indices());
  add_rows({place, 1, count, width, static_cast<int64_t>(stored.size()) * width}, d_out,
           out[0].values(), context);
}

const KernelBuilder k1 =
    KernelBuilder("_backward_take", "sparse").refuse(refuse).run_sparse(take_backward);

}  // namespace
}  // namespace mx
