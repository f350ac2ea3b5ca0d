#include <algorithm>
#include <cmath>

#include "backend/cpu/lapack/batch.h"
#include "backend/cpu/lapack/lapack.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Turns each row so that its element of the largest size is positive.
template <typename T>
void choose_signs(int64_t n, T* rows) {
  for (int64_t i = 0; i < n; ++i, rows += n) {
    const T* largest =
        std::max_element(rows, rows + n, [](T a, T b) { return std::abs(a) < std::abs(b); });
    if (*largest < 0)
      for (int64_t j = 0; j < n; ++j) rows[j] = -rows[j];
  }
}

void eigen(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const lapack::SquareBatch batch(out[0].shape);
  if (out[0].size() == 0) return;
  lapack::visit(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    T* values = context.wants(1) ? out[1].as<T>() : context.scratch->get_array<T>(out[1].size());
    lapack::for_each_matrix(batch.count, 9 * batch.cube(), [&](int64_t i) {
      T* matrix = out[0].as<T>() + i * batch.size();
      lapack::copy_elements(in[0].as<T>() + i * batch.size(), matrix, batch.size());
      require(lapack::eigen(batch.n, matrix, values + i * batch.n), "_linalg_syevd: A: matrix ", i,
              " has eigenvalues that were not found; expected finite numbers");
      choose_signs(batch.n, matrix);
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_linalg_syevd", "lapack").run(eigen);

}  // namespace
}  // namespace mx::cpu
