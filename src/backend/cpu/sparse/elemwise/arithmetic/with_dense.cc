// A sparse array and a dense one, which may be repeated along its axes of size 1. Products and
// quotients store what the sparse array stores; sums and differences are dense.
#include <algorithm>

#include "backend/common/elemwise/arithmetic.h"
#include "backend/cpu/sparse/stored.h"

namespace mx {
namespace {

/// The dense array as a matrix with the rows of the sparse one.
template <typename T>
struct DenseOperand {
  const T* data;
  int64_t row_step, column_step;
  T at(int64_t row, int64_t column) const { return data[row * row_step + column * column_step]; }
};

/// Whether a dense array is repeated to the sparse one's shape along whole rows and columns alone.
bool repeats_to(const Shape& dense, const Shape& sparse) {
  if (dense == sparse) return true;
  if (sparse.ndim() != 2 || dense.ndim() < 1 || dense.ndim() > 2) return false;
  const int64_t rows = dense.ndim() == 2 ? dense[0] : 1;
  return (rows == 1 || rows == sparse[0]) && (dense.back() == 1 || dense.back() == sparse[1]);
}

template <typename T>
DenseOperand<T> operand(const Tensor& dense, const SparseTensor& sparse) {
  if (dense.shape == sparse.shape()) return {dense.as<T>(), row_width(sparse), 1};
  const bool one_row = dense.ndim() == 1 || dense.shape[0] == 1,
             one_column = dense.shape.back() == 1;
  return {dense.as<T>(), one_row ? 0 : dense.shape.back(), one_column ? 0 : 1};
}

/// F of an element of the sparse array and one of the dense array, which may come first.
template <typename F, bool dense_first, typename T>
T apply(T sparse, T dense) {
  using C = ComputeType<T>;
  const C x = static_cast<C>(sparse), y = static_cast<C>(dense);
  return static_cast<T>(dense_first ? F{}(y, x) : F{}(x, y));
}

template <typename F, bool dense_first, typename T>
void combine_stored(const SparseTensor& sparse, const DenseOperand<T>& dense, T* out) {
  const T* values = sparse.values().template as<T>();
  for_stored(sparse, 1, [&](int64_t k, int64_t row, int64_t column) {
    out[k] = apply<F, dense_first>(values[k], dense.at(row, column));
  });
}

/// F of zeros and the dense array.
template <typename F, bool dense_first, typename T>
void combine_with_zeros(const DenseOperand<T>& dense, int64_t rows, int64_t width, T* out) {
  if (width == 0) return;
  parallel_for(rows, grain_for(1 + 0.5 * static_cast<double>(width)),
               [&](int64_t begin, int64_t end) {
                 for (int64_t row = begin; row < end; ++row) {
                   T* to = out + row * width;
                   const T* from = dense.data + row * dense.row_step;
                   if (dense.column_step == 0)
                     std::fill_n(to, width, apply<F, dense_first>(T(0), *from));
                   else
                     for (int64_t c = 0; c < width; ++c)
                       to[c] = apply<F, dense_first>(T(0), from[c]);
                 }
               });
}

/// Zeros that are added to an array change nothing: in place only stored elements are touched.
template <typename F, bool dense_first>
inline constexpr bool kZeroIsNeutral = std::is_same_v<F, math::Add> ||
                                       (std::is_same_v<F, math::Subtract> && dense_first);

/// The array may be updated in place: what comes to stored places is computed first.
template <typename F, bool dense_first, typename T>
void to_dense(const SparseTensor& sparse, const DenseOperand<T>& dense, T* out,
              Workspace& scratch) {
  T* kept = scratch.get_array<T>(sparse.values().size() + 1);
  combine_stored<F, dense_first>(sparse, dense, kept);
  const int64_t width = row_width(sparse);
  if (!kZeroIsNeutral<F, dense_first> || dense.data != out)
    combine_with_zeros<F, dense_first>(dense, sparse.shape()[0], width, out);
  for_stored(sparse, 1,
             [&](int64_t k, int64_t row, int64_t column) { out[row * width + column] = kept[k]; });
}

template <typename F, bool dense_first, bool dense_result>
void with_dense(const Params&, KernelContext& context, std::span<SparseTensor> in,
                std::span<SparseTensor> out) {
  const SparseTensor &sparse = in[dense_first], &dense = in[!dense_first];
  sparse.check_indices("elemwise");
  if (!out[0].is_dense()) out[0].allocate_like(sparse);
  visit_dtype(sparse.dtype(), "elemwise", [&]<typename T>(TypeTag<T>) {
    if constexpr (!std::is_same_v<T, bool>) {
      const DenseOperand<T> other = operand<T>(dense.values(), sparse);
      T* result = out[0].values().template as<T>();
      if constexpr (dense_result)
        to_dense<F, dense_first>(sparse, other, result, *context.scratch);
      else
        combine_stored<F, dense_first>(sparse, other, result);
    }
  });
}

template <bool dense_first, bool dense_result>
const char* refuse(const KernelQuery& query) {
  const TensorDesc &sparse = query.in[dense_first], &dense = query.in[!dense_first];
  const TensorDesc& out = query.out[0];
  if (sparse.storage == StorageKind::kDefault || dense.storage != StorageKind::kDefault)
    return dense_first ? "takes a dense and a sparse array" : "takes a sparse and a dense array";
  if (!(sparse.shape == out.shape) || !repeats_to(dense.shape, sparse.shape))
    return "repeats the dense array alone, along rows or columns";
  if (sparse.storage == StorageKind::kRowSparse && !(sparse.shape == dense.shape))
    return "takes csr matrices where the dense array is repeated";
  const StorageKind expected = dense_result ? StorageKind::kDefault : sparse.storage;
  return out.storage == expected ? nullptr : "gives another storage kind";
}

template <typename F, bool dense_first, bool dense_result>
KernelBuilder kernel(const char* op) {
  return KernelBuilder(op, dense_first ? "dense_sparse" : "sparse_dense")
      .refuse(refuse<dense_first, dense_result>)
      .run_sparse(with_dense<F, dense_first, dense_result>);
}

/// In either order.
template <typename F, bool dense_result>
struct Kernels {
  KernelBuilder sparse_first, dense_first;
  explicit Kernels(const char* op)
      : sparse_first(kernel<F, false, dense_result>(op)),
        dense_first(kernel<F, true, dense_result>(op)) {}
};

const Kernels<math::Add, true> k1("elemwise_add"), k2("_grad_add"), k3("broadcast_add");
const Kernels<math::Subtract, true> k4("elemwise_sub"), k5("broadcast_sub");
const Kernels<math::Multiply, false> k6("elemwise_mul"), k7("broadcast_mul");
const Kernels<math::Divide, true> k8("elemwise_div");
const KernelBuilder k9 = kernel<math::Divide, false, false>("broadcast_div");
/// What lhs does not store stays unstored.
const KernelBuilder k10 = kernel<math::Divide, false, false>("_scatter_elemwise_div");

}  // namespace
}  // namespace mx
