#include <algorithm>
#include <cmath>
#include <vector>

#include "backend/cpu/lapack/batch.h"
#include "backend/cpu/lapack/lapack.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Turns each row of v, and the column of u with it, so that its element of the largest size is
/// positive.
template <typename T>
void choose_signs(int64_t m, int64_t n, T* u, T* v) {
  for (int64_t i = 0; i < m; ++i, v += n) {
    const T* largest =
        std::max_element(v, v + n, [](T a, T b) { return std::abs(a) < std::abs(b); });
    if (*largest >= 0) continue;
    for (int64_t j = 0; j < n; ++j) v[j] = -v[j];
    for (int64_t j = 0; j < m; ++j) u[j * m + i] = -u[j * m + i];
  }
}

void svd(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const Shape& shape = in[0].shape;
  const int64_t m = shape[shape.ndim() - 2], n = shape.back(),
                count = shape.size(0, shape.ndim() - 2);
  if (in[0].size() == 0) return;
  lapack::visit(in[0].dtype, [&]<typename T>(TypeTag<T>) {
    const auto memory = [&](size_t i, int64_t size) {
      return context.wants(i) ? out[i].as<T>() : context.scratch->get_array<T>(size);
    };
    T *u = memory(0, count * m * m), *values = memory(1, count * m), *v = memory(2, count * m * n);
    const double operations = 12.0 * static_cast<double>(m * m) * static_cast<double>(n);
    lapack::for_each_matrix(count, operations, [&](int64_t i) {
      const T* matrix = in[0].as<T>() + i * m * n;
      std::vector<T> work(matrix, matrix + m * n);
      T *u_i = u + i * m * m, *v_i = v + i * m * n;
      if (!lapack::svd(m, n, work.data(), u_i, values + i * m, v_i))
        fail(ErrorKind::kValue, "_npi_svd: A: matrix ", i,
             " has singular values that were not found; expected finite numbers");
      choose_signs(m, n, u_i, v_i);
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_npi_svd", "lapack").run(svd);

}  // namespace
}  // namespace mx::cpu
