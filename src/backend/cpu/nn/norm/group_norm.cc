// GroupNorm: a row for each group of channels of each instance.
#include "ops/nn/norm/group_norm.h"

#include "backend/cpu/norm_rows.h"

namespace mx::cpu {
namespace {

void group_norm(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<GroupNormParam>();
  const Shape& data = in[0].shape;
  const RowView rows(data[0] * p.num_groups, data.size(1, data.ndim()) / p.num_groups, 1);
  norm_rows(rows, p.eps, true, context, in, out);
}

const KernelBuilder k1 = KernelBuilder("GroupNorm", "native").run(group_norm);

}  // namespace
}  // namespace mx::cpu
