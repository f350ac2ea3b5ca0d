#include <vector>

#include "backend/cpu/lapack/batch.h"
#include "backend/cpu/lapack/lapack.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

void lq(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const int last = out[0].ndim() - 1;
  const int64_t m = out[0].shape[last - 1], n = out[0].shape[last];
  if (out[0].size() == 0) return;
  lapack::visit(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    T* lower = context.wants(1) ? out[1].as<T>() : context.scratch->get_array<T>(out[1].size());
    const auto scratch_size = static_cast<size_t>(lapack::lq_scratch<T>(m, n));
    const double operations = 4.0 * static_cast<double>(m) * static_cast<double>(m * n);
    lapack::for_each_matrix(out[0].size() / (m * n), operations, [&](int64_t i) {
      std::vector<T> scratch(scratch_size);
      T* matrix = out[0].as<T>() + i * m * n;
      lapack::copy_elements(in[0].as<T>() + i * m * n, matrix, m * n);
      lapack::lq(m, n, matrix, lower + i * m * m, scratch.data());
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_linalg_gelqf", "lapack").run(lq);

}  // namespace
}  // namespace mx::cpu
