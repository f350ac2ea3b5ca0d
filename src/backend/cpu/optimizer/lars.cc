#include "ops/optimizer/lars.h"

#include "backend/cpu/optimizer/update.h"

namespace mx {
namespace {

using namespace optimizer;

void multi_lars(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<MultiLarsParam>();
  visit_floating(out[0].dtype, "multi_lars", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    const T *rates = in[0].as<T>(), *weights = in[1].as<T>(), *grads = in[2].as<T>();
    const T* decays = in[3].as<T>();
    T* to = out[0].as<T>();
    const C eta = C(p.eta), eps = C(p.eps), rescale = C(p.rescale_grad);
    const int64_t count = out[0].size();
#pragma GCC ivdep
    for (int64_t i = 0; i < count; ++i) {
      const C lr = static_cast<C>(rates[i]), wd = static_cast<C>(decays[i]);
      const C weight = std::sqrt(static_cast<C>(weights[i]));
      const C grad = rescale * std::sqrt(static_cast<C>(grads[i]));
      const C scaled = lr * eta * weight / (grad + wd * weight + eps);
      to[i] = static_cast<T>(weight > 0 && grad > 0 ? scaled : lr);
    }
  });
}

const KernelBuilder k1 = KernelBuilder("multi_lars", "native").run(multi_lars);

}  // namespace
}  // namespace mx
