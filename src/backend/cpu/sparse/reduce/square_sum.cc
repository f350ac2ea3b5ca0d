// Sums of squares of row-sparse matrices, and their gradients.
#include "backend/cpu/sparse/index_set.h"
#include "dispatch/sparse_tensor.h"
#include "ir/common_params.h"

namespace mx {
namespace {

/// 0 or 1 for the one axis of a matrix that is summed over, -1 for anything else.
int summed_axis(const ReduceParam& p, int ndim) {
  if (ndim != 2 || !p.axis || p.axis->ndim() != 1 || p.exclude) return -1;
  const int64_t axis = (*p.axis)[0] < 0 ? (*p.axis)[0] + ndim : (*p.axis)[0];
  return axis == 0 || axis == 1 ? static_cast<int>(axis) : -1;
}

const char* refuse(const KernelQuery& query) {
  const bool by_row = summed_axis(query.params.as<ReduceParam>(), query.in[0].shape.ndim()) == 1;
  const bool by_column = summed_axis(query.params.as<ReduceParam>(), query.in[0].shape.ndim()) == 0;
  const bool dense_out = query.out[0].storage == StorageKind::kDefault;
  const bool fits =
      query.in[0].storage == StorageKind::kRowSparse &&
      ((by_row && query.out[0].storage != StorageKind::kCsr) || (by_column && dense_out));
  return fits ? nullptr : "takes row-sparse matrices and one axis";
}

template <typename T>
void sum_rows(const SparseTensor& in, SparseTensor& out) {
  using C = ComputeType<T>;
  const int64_t width = in.shape()[1];
  const bool dense = out.is_dense();
  if (dense)
    std::fill_n(out.values().as<T>(), out.shape().size(), T(0));
  else
    out.allocate(in.count()), std::copy_n(in.indices(), in.count(), out.indices());
  const T* values = in.values().as<T>();
  T* sums = out.values().as<T>();
  for (int64_t i = 0; i < in.count(); ++i) {
    C sum = 0;
    for (int64_t c = 0; c < width; ++c) {
      const C value = static_cast<C>(values[i * width + c]);
      sum += value * value;
    }
    sums[dense ? in.indices()[i] : i] = static_cast<T>(sum);
  }
}

template <typename T>
void sum_columns(const SparseTensor& in, const Tensor& out) {
  using C = ComputeType<T>;
  const int64_t width = in.shape()[1];
  std::vector<C> sums(static_cast<size_t>(width));
  const T* values = in.values().as<T>();
  for (int64_t i = 0; i < in.count(); ++i)
    for (int64_t c = 0; c < width; ++c) {
      const C value = static_cast<C>(values[i * width + c]);
      sums[static_cast<size_t>(c)] += value * value;
    }
  for (int64_t c = 0; c < width; ++c) out.as<T>()[c] = static_cast<T>(sums[static_cast<size_t>(c)]);
}

void square_sum(const Params& params, KernelContext&, std::span<SparseTensor> in,
                std::span<SparseTensor> out) {
  in[0].check_indices("_square_sum");
  visit_dtype(in[0].dtype(), "_square_sum", [&]<typename T>(TypeTag<T>) {
    if constexpr (std::is_same_v<T, bool>)
      ;  // refused by the operator
    else if (summed_axis(params.as<ReduceParam>(), 2) == 1)
      sum_rows<T>(in[0], out[0]);
    else
      sum_columns<T>(in[0], out[0].values());
  });
}

const char* refuse_backward(const KernelQuery& query) {
  const int axis = summed_axis(query.params.as<ReduceParam>(), query.in[1].shape.ndim());
  const StorageKind d_out = query.in[0].storage;
  const bool fits =
      query.in[1].storage == StorageKind::kRowSparse &&
      query.out[0].storage == StorageKind::kRowSparse && axis >= 0 &&
      (d_out == StorageKind::kDefault || (d_out == StorageKind::kRowSparse && axis == 1));
  return fits ? nullptr
              : "takes a dense gradient of a row-sparse matrix and one axis, or a row-sparse one "
                "of its rows' sums";
}

/// Rows without a gradient have none: the result stores the rows of d_out.
void rows_backward(SparseTensor& d_out, SparseTensor& data, SparseTensor& d_data) {
  d_out.sort();
  data.sort();
  const int64_t count = d_out.count(), width = data.shape()[1];
  const bool all = data.count() == data.shape()[0];
  const IndexSet stored(all ? nullptr : data.indices(), all ? 0 : data.count(), data.shape()[0]);
  d_data.allocate(count);
  std::copy_n(d_out.indices(), count, d_data.indices());
  visit_dtype(data.dtype(), "_square_sum", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    const T *d = d_out.values().as<T>(), *from = data.values().as<T>();
    T* to = d_data.values().as<T>();
    for (int64_t i = 0; i < count; ++i) {
      const int64_t row = d_out.indices()[i], at = all ? row : stored.find(row);
      for (int64_t c = 0; c < width; ++c)
        to[i * width + c] = at < 0 ? T(0)
                                   : static_cast<T>(C(2) * static_cast<C>(from[at * width + c]) *
                                                    static_cast<C>(d[i]));
    }
  });
}

void square_sum_backward(const Params& params, KernelContext&, std::span<SparseTensor> in,
                         std::span<SparseTensor> out) {
  if (!in[0].is_dense()) return rows_backward(in[0], in[1], out[0]);
  in[1].check_indices("_square_sum");
  out[0].allocate_like(in[1]);
  const bool by_row = summed_axis(params.as<ReduceParam>(), 2) == 1;
  const int64_t width = in[1].shape()[1];
  visit_dtype(in[1].dtype(), "_square_sum", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    const T *d = in[0].values().as<T>(), *data = in[1].values().as<T>();
    T* d_data = out[0].values().as<T>();
    for (int64_t i = 0; i < in[1].count(); ++i)
      for (int64_t c = 0; c < width; ++c) {
        const int64_t at = i * width + c;
        d_data[at] = static_cast<T>(C(2) * static_cast<C>(data[at]) *
                                    static_cast<C>(d[by_row ? in[1].indices()[i] : c]));
      }
  });
}

const KernelBuilder k1 =
    KernelBuilder("_square_sum", "sparse").refuse(refuse).run_sparse(square_sum);
const KernelBuilder k2 = KernelBuilder("_backward_square_sum", "sparse")
                             .refuse(refuse_backward)
                             .run_sparse(square_sum_backward);

}  // namespace
}  // namespace mx
