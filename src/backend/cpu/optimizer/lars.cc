#include "ops/optimizer/lars.h"

#include "backend/cpu/optimizer/update.h"

namespace mx {
namespace {

using namespace optimizer;

void multi_lars(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<MultiLarsParam>();
  visit_floating(out[0].dtype, "multi_lars", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    for (int64_t i = 0; i < out[0].size(); ++i) {
      const C lr = static_cast<C>(in[0].as<T>()[i]), wd = static_cast<C>(in[3].as<T>()[i]);
      const C weight = std::sqrt(static_cast<C>(in[1].as<T>()[i]));
      const C grad = C(p.rescale_grad) * std::sqrt(static_cast<C>(in[2].as<T>()[i]));
      const bool usable = weight > 0 && grad > 0;
      out[0].as<T>()[i] =
          static_cast<T>(usable ? lr * C(p.eta) * weight / (grad + wd * weight + C(p.eps)) : lr);
    }
  });
}

const KernelBuilder k1 = KernelBuilder("multi_lars", "native").run(multi_lars);

}  // namespace
}  // namespace mx
