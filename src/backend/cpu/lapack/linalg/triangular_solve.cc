#include "ops/linalg/triangular_solve.h"

#include "backend/cpu/lapack/batch.h"
#include "backend/cpu/lapack/lanes.h"
#include "backend/cpu/lapack/lapack.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

void solve(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<linalg::TriangularParam>();
  const lapack::SquareBatch batch(in[0].shape);
  const int last = out[0].ndim() - 1;
  const int64_t m = out[0].shape[last - 1], n = out[0].shape[last];
  if (out[0].size() == 0) return;
  lapack::visit(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    const double operations = static_cast<double>(batch.n) * static_cast<double>(m * n);
    lapack::for_each_matrix(batch.count, operations, [&](int64_t i) {
      T* values = out[0].as<T>() + i * m * n;
      lapack::copy_elements(in[1].as<T>() + i * m * n, values, m * n);
      lapack::solve_triangular({p.lower, p.transpose, p.rightside}, m, n, static_cast<T>(p.alpha),
                               in[0].as<T>() + i * batch.size(), values);
    });
  });
}

/// X op(A) = B is op(A)^T X^T = B^T.
void solve_small(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<linalg::TriangularParam>();
  const lapack::SquareBatch batch(in[0].shape);
  const int last = out[0].ndim() - 1;
  const int64_t n = out[0].shape[last], size = out[0].shape[last - 1] * n;
  const bool transposed = p.transpose != p.rightside;
  if (size == 0) return;
  lapack::visit(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    using V = Lanes<T>;
    lapack::for_each_small<T>(in[0], [&](const MatrixGroup<T>& group, int64_t rows, V* a) {
      V x[kSmallMatrix];
      group.read(in[1].as<T>(), size, x);
      for (int64_t i = 0; i < size; ++i) x[i] *= static_cast<T>(p.alpha);
      lanes::solve_triangular<V>(p.lower != transposed, rows, size / rows,
                                 matrix_view<const V>(a, rows, transposed),
                                 matrix_view(x, n, p.rightside));
      group.write(x, size, out[0].as<T>());
    });
  });
}

/// Many right sides of one small matrix: a few vectors of them at a time.
template <typename T>
class SidesOfOneMatrix {
 public:
  static constexpr int64_t kVectors = 4, kMost = kVectors * MatrixGroup<T>::kMost;

  SidesOfOneMatrix(const linalg::TriangularParam& p, int64_t rows, int64_t count)
      : p_(p), rows_(rows), count_(count) {}

  void use(const T* matrix) {
    for (int64_t i = 0; i < rows_ * rows_; ++i) matrix_[i] = V{} + matrix[i];
  }
  /// Solves for right sides [first, last) in place.
  void solve(const T* b, T* x, int64_t first, int64_t last) {
    const bool transposed = p_.transpose != p_.rightside;
    for (; first < last; first += kMost) {
      const int64_t n = std::min(kMost, last - first);
      read(b, first, n);
      for (int64_t i = 0; i < rows_ * kVectors; ++i) x_[i] *= static_cast<T>(p_.alpha);
      lanes::solve_triangular<V>(p_.lower != transposed, rows_, kVectors,
                                 matrix_view<const V>(matrix_, rows_, transposed),
                                 matrix_view(x_, kVectors, false));
      write(x, first, n);
    }
  }

 private:
  using V = Lanes<T>;

  /// A right side is a row of B with rightside, else a column.
  void read(const T* b, int64_t first, int64_t n) {
    T* to = reinterpret_cast<T*>(x_);
    if (p_.rightside) return turn_tile(b + first * rows_, rows_, to, kMost, n, rows_);
    for (int64_t i = 0; i < rows_; ++i) std::copy_n(b + i * count_ + first, n, to + i * kMost);
  }
  void write(T* x, int64_t first, int64_t n) const {
    const T* from = reinterpret_cast<const T*>(x_);
    if (p_.rightside) return turn_tile(from, kMost, x + first * rows_, rows_, rows_, n);
    for (int64_t i = 0; i < rows_; ++i) std::copy_n(from + i * kMost, n, x + i * count_ + first);
  }

  const linalg::TriangularParam& p_;
  int64_t rows_, count_;
  V matrix_[kSmallMatrix], x_[kMostSmallRows * kVectors] = {};
};

void solve_many(const Params& params, KernelContext&, Inputs in, Outputs out) {
  constexpr int64_t kPart = 2048;  // right sides for which a matrix is spread over vectors anew
  const auto& p = params.as<linalg::TriangularParam>();
  const lapack::SquareBatch batch(in[0].shape);
  const int last = out[0].ndim() - 1;
  const int64_t count = out[0].shape[p.rightside ? last - 1 : last], size = batch.n * count;
  if (out[0].size() == 0) return;
  const int64_t parts = (count + kPart - 1) / kPart;
  const double cost = static_cast<double>(batch.size() * std::min(count, kPart)) / 8;
  lapack::visit(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    parallel_for(batch.count * parts, grain_for(cost), [&](int64_t begin, int64_t end) {
      SidesOfOneMatrix<T> sides(p, batch.n, count);
      for (int64_t i = begin; i < end; ++i) {
        const int64_t at = i / parts, first = i % parts * kPart;
        sides.use(in[0].as<T>() + at * batch.size());
        sides.solve(in[1].as<T>() + at * size, out[0].as<T>() + at * size, first,
                    std::min(count, first + kPart));
      }
    });
  });
}

const char* refuse_large_matrix(const KernelQuery& query) {
  return query.in[0].shape.back() <= kMostSmallRows ? nullptr : "is for small matrices";
}

const char* refuse_large(const KernelQuery& query) {
  const Shape& b = query.in[1].shape;
  const int last = b.ndim() - 1;
  return std::max(b[last], b[last - 1]) <= kMostSmallRows ? nullptr : "is for small matrices";
}

const KernelBuilder k1 = KernelBuilder("_linalg_trsm", "lapack").run(solve);
const KernelBuilder k2 = KernelBuilder("_linalg_trsm", "small")
                             .run(solve_small)
                             .refuse(refuse_large)
                             .priority(kTunedPriority + 1);
const KernelBuilder k3 = KernelBuilder("_linalg_trsm", "small_triangle")
                             .run(solve_many)
                             .refuse(refuse_large_matrix)
                             .priority(kTunedPriority);

}  // namespace
}  // namespace mx::cpu
