#include "ops/init/eye.h"

#include "backend/cpu/common/fill.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

void eye(const Params& params, KernelContext&, Inputs, Outputs out) {
  const int64_t k = params.as<EyeParam>().k, rows = out[0].shape[0], columns = out[0].shape[1];
  fill_value(out[0], 0);
  if (k <= -rows || k >= columns) return;  // beside the matrix
  visit_dtype(out[0].dtype, "_eye", [&]<typename T>(TypeTag<T>) {
    for (int64_t i = std::max<int64_t>(0, -k); i < rows && i < columns - k; ++i)
      out[0].as<T>()[i * columns + i + k] = static_cast<T>(1);
  });
}

const KernelBuilder k1 = KernelBuilder("_eye", "native").run(eye);

}  // namespace
}  // namespace mx
