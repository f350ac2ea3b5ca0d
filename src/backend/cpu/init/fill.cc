// Constant arrays: one write per element.
#include "ops/init/fill.h"

#include <algorithm>

#include "backend/cpu/common/fill.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

void zeros(const Params&, KernelContext&, Inputs, Outputs out) { fill_value(out[0], 0); }
void ones(const Params&, KernelContext&, Inputs, Outputs out) { fill_value(out[0], 1); }
void full(const Params& params, KernelContext&, Inputs, Outputs out) {
  fill_value(out[0], params.as<FullParam>().value);
}
void full_like(const Params& params, KernelContext&, Inputs, Outputs out) {
  fill_value(out[0], params.as<FullLikeParam>().fill_value);
}
void set_value(const Params& params, KernelContext&, Inputs, Outputs out) {
  fill_value(out[0], params.as<SetValueParam>().src);
}

const KernelBuilder k1 = KernelBuilder("_zeros", "native").run(zeros);
const KernelBuilder k2 = KernelBuilder("_ones", "native").run(ones);
const KernelBuilder k6 = KernelBuilder("_npi_zeros", "native").run(zeros);
const KernelBuilder k7 = KernelBuilder("_npi_ones", "native").run(ones);
const KernelBuilder k8 = KernelBuilder("_npi_full_like", "native").run(full_like);
const KernelBuilder k3 = KernelBuilder("_full", "native").run(full);
const KernelBuilder k5 = KernelBuilder("_set_value", "native").run(set_value);
const KernelBuilder k4 = KernelBuilder("_zeros_without_dtype", "native").run(zeros);

}  // namespace
}  // namespace mx
