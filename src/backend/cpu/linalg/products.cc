// A matrix times its own transpose is symmetric: blocks of rows of it are products up to the
// diagonal, and what lies above is their mirror image.
#include "ops/linalg/products.h"

#include <algorithm>

#include "backend/cpu/common/turn.h"
#include "backend/cpu/gemm.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

constexpr int64_t kBlock = 256;

/// to[j * n + i] = from[i * n + j] for i < rows, j < columns, a tile at a time.
template <typename T>
void mirror(const T* from, int64_t rows, int64_t columns, int64_t n, T* to) {
  constexpr int64_t kTile = 64;
  const int64_t down = (rows + kTile - 1) / kTile, across = (columns + kTile - 1) / kTile;
  parallel_for(down * across, grain_for(kTile * kTile * 0.5), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      const int64_t i = t / across * kTile, j = t % across * kTile;
      turn_tile(from + i * n + j, n, to + j * n + i, n, std::min(kTile, rows - i),
                std::min(kTile, columns - j));
    }
  });
}

/// c (n x n) = alpha a a^T
template <typename T>
void multiply_by_transpose(int64_t n, int64_t depth, T alpha, MatrixView<const T> a, T* c) {
  for (int64_t first = 0; first < n; first += kBlock) {
    const int64_t rows = std::min(kBlock, n - first), columns = first + rows;
    T* block = c + first * n;
    gemm<T>(rows, columns, depth, {&a.at(first, 0), a.row, a.column}, a.transposed(),
            matrix_view(block, n));
    for (int64_t i = 0; i < rows && alpha != T(1); ++i)
      for (int64_t j = 0; j < columns; ++j) block[i * n + j] *= alpha;
    mirror(block, rows, first, n, c + first);
  }
}

void syrk(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<linalg::SyrkParam>();
  if (out[0].size() == 0) return;
  const Shape& shape = in[0].shape;
  const int last = shape.ndim() - 1;
  const int64_t n = out[0].shape[last], depth = shape[p.transpose ? last - 1 : last];
  const auto run = [&]<typename T>(TypeTag<T>) {
    for (int64_t i = 0; i < out[0].size() / (n * n); ++i)
      multiply_by_transpose(n, depth, static_cast<T>(p.alpha),
                            matrix_view(static_cast<const T*>(in[0].as<T>()) + i * n * depth,
                                        shape[last], p.transpose),
                            out[0].as<T>() + i * n * n);
  };
  out[0].dtype == DType::kFloat32 ? run(TypeTag<float>{}) : run(TypeTag<double>{});
}

const char* refuse_small(const KernelQuery& query) {
  return query.out[0].shape.back() > kBlock ? nullptr : "is for matrices of several blocks";
}

const KernelBuilder k1 =
    KernelBuilder("_linalg_syrk", "blocks").run(syrk).refuse(refuse_small).priority(kTunedPriority);

}  // namespace
}  // namespace mx::cpu
