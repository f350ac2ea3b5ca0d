#include <cstring>

#include "backend/cpu/common/indices.h"
#include "backend/cpu/elemwise/copy.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Rows are written in their order, so that the last of equal numbers stays.
void index_copy(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const int64_t rows = out[0].shape[0], count = in[1].size();
  const int64_t* index = widen_indices(in[1], context);
  const int64_t wrong = find_outside(index, count, 0, rows);
  if (wrong < count)
    fail(ErrorKind::kIndex, "_contrib_index_copy: index_vector[", wrong, "]=", index[wrong],
         " is no row; expected 0 to ", rows - 1);
  copy_kernel(params, context, in.subspan(0, 1), out);
  const auto bytes =
      static_cast<size_t>(out[0].shape.size(1, out[0].ndim()) * dtype_size(out[0].dtype));
  for (int64_t i = 0; i < count; ++i)
    std::memcpy(out[0].as<char>() + static_cast<size_t>(index[i]) * bytes,
                in[2].as<char>() + static_cast<size_t>(i) * bytes, bytes);
}

const KernelBuilder k1 = KernelBuilder("_contrib_index_copy", "native").run(index_copy);

}  // namespace
}  // namespace mx::cpu
