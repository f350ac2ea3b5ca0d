// The gradient of SVMOutput: each score on its own.
#include "ops/nn/loss/svm_output.h"

#include <algorithm>

#include "backend/common/bounded_index.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// For the wanted class the score should be above the margin, for others below -margin.
void svm_output_backward(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<SvmOutputParam>();
  const int64_t rows = in[1].size(), classes = rows ? in[0].size() / rows : 0;
  visit_floating(in[0].dtype, "SVMOutput", [&](auto tag) {
    using T = typename decltype(tag)::type;
    using C = ComputeType<T>;
    const C margin = p.margin, factor = p.regularization_coefficient;
    parallel_for(
        rows, grain_for(static_cast<double>(classes + 1)), [&](int64_t begin, int64_t end) {
          for (int64_t r = begin; r < end; ++r) {
            const int64_t wanted = to_index(in[1].as<T>()[r]);
            for (int64_t i = 0; i < classes; ++i) {
              const C sign = i == wanted ? C(1) : C(-1);
              const C missing = margin - sign * static_cast<C>(in[0].as<T>()[r * classes + i]);
              const C loss = p.use_linear ? C(missing > 0) : 2 * std::max(missing, C(0));
              out[0].as<T>()[r * classes + i] = static_cast<T>(-sign * factor * loss);
            }
          }
        });
  });
}

const KernelBuilder k1 = KernelBuilder("_backward_SVMOutput", "native").run(svm_output_backward);

}  // namespace
}  // namespace mx::cpu
