// InstanceNorm: a row for each channel of each instance.
#include "ops/nn/norm/instance_norm.h"

#include "backend/cpu/norm_rows.h"

namespace mx::cpu {
namespace {

void instance_norm(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const Shape& data = in[0].shape;
  const RowView rows(data[0] * data[1], data.size(2, data.ndim()), 1);
  norm_rows(rows, params.as<InstanceNormParam>().eps, false, context, in, out);
}

const KernelBuilder k1 = KernelBuilder("InstanceNorm", "native").run(instance_norm);

}  // namespace
}  // namespace mx::cpu
