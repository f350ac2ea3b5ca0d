#include "ops/elemwise/constraint_check.h"

#include <algorithm>

#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

void constraint_check(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const bool* input = in[0].as<bool>();
  const bool holds = std::all_of(input, input + in[0].size(), [](bool element) { return element; });
  require(holds, "_npx_constraint_check: ", params.as<ConstraintCheckParam>().msg);
  *out[0].as<bool>() = true;
}

const KernelBuilder k1 = KernelBuilder("_npx_constraint_check", "native").run(constraint_check);

}  // namespace
}  // namespace mx::cpu
