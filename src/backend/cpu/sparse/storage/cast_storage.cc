// Between dense and sparse storage, on all dtypes.
#include "ops/storage/cast_storage.h"

#include <cstring>

#include "backend/cpu/elemwise/copy.h"
#include "dispatch/sparse_tensor.h"

namespace mx {
namespace {

/// Calls body(begin, end) for ranges of rows.
template <typename Body>
void for_rows(int64_t rows, int64_t width, const Body& body) {
  parallel_for(rows, grain_for(1 + static_cast<double>(width)), body);
}

template <typename T>
bool is_zero(T value) {
  return value == T(0);
}

template <typename T>
bool is_zero_row(const T* row, int64_t width) {
  for (int64_t i = 0; i < width; ++i)
    if (!is_zero(row[i])) return false;
  return true;
}

template <typename T>
void to_csr(const SparseTensor& dense, SparseTensor& csr, KernelContext& context) {
  const int64_t rows = dense.shape()[0], columns = dense.shape()[1];
  const T* data = dense.values().as<T>();
  auto* starts = context.scratch->get_array<int64_t>(rows + 1);
  for_rows(rows, columns, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      const T* row = data + r * columns;
      starts[r + 1] = std::count_if(row, row + columns, [](T value) { return !is_zero(value); });
    }
  });
  starts[0] = 0;
  for (int64_t r = 0; r < rows; ++r) starts[r + 1] += starts[r];
  csr.allocate(starts[rows]);
  std::copy_n(starts, rows + 1, csr.indptr());
  T* values = csr.values().as<T>();
  for_rows(rows, columns, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r)
      for (int64_t c = 0, at = starts[r]; c < columns; ++c)
        if (const T value = data[r * columns + c]; !is_zero(value)) {
          csr.indices()[at] = c;
          values[at++] = value;
        }
  });
}

template <typename T>
void to_row_sparse(const SparseTensor& dense, SparseTensor& sparse, KernelContext& context) {
  const int64_t rows = dense.shape()[0], width = dense.shape().size(1, dense.shape().ndim());
  const T* data = dense.values().as<T>();
  auto* is_stored = context.scratch->get_array<uint8_t>(rows);
  for_rows(rows, width, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) is_stored[r] = !is_zero_row(data + r * width, width);
  });
  sparse.allocate(std::count(is_stored, is_stored + rows, 1));
  T* values = sparse.values().as<T>();
  int64_t* indices = sparse.indices();
  for (int64_t r = 0; r < rows; ++r) {
    if (!is_stored[r]) continue;
    *indices++ = r;
    values = std::copy_n(data + r * width, width, values);
  }
}

void fail_index(const char* kind, int64_t index, int64_t limit) {
  fail(ErrorKind::kIndex, "cast_storage: data has the ", kind, " number ", index,
       " among its indices; expected 0 to ", limit - 1);
}

template <typename T>
void from_csr(const SparseTensor& csr, const Tensor& dense) {
  const int64_t rows = csr.shape()[0], columns = csr.shape()[1];
  const T* values = csr.values().as<T>();
  for_rows(rows, columns, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      T* row = dense.as<T>() + r * columns;
      std::fill_n(row, columns, T(0));
      const int64_t first = std::max<int64_t>(csr.indptr()[r], 0);
      const int64_t last = std::min(csr.indptr()[r + 1], csr.count());
      for (int64_t i = first; i < last; ++i) {
        const int64_t c = csr.indices()[i];
        if (c < 0 || c >= columns) fail_index("column", c, columns);
        row[c] = values[i];
      }
    }
  });
}

template <typename T>
void from_row_sparse(const SparseTensor& sparse, const Tensor& dense) {
  const int64_t rows = sparse.shape()[0], width = sparse.shape().size(1, sparse.shape().ndim());
  std::memset(dense.data, 0, static_cast<size_t>(rows * width) * sizeof(T));
  const T* values = sparse.values().as<T>();
  for (int64_t i = 0; i < sparse.count(); ++i) {
    const int64_t r = sparse.indices()[i];
    if (r < 0 || r >= rows) fail_index("row", r, rows);
    std::copy_n(values + i * width, width, dense.as<T>() + r * width);
  }
}

const char* refuse_by_way_of_dense(const KernelQuery& query) {
  const StorageKind from = query.in[0].storage, to = query.out[0].storage;
  const bool has_dense = from == StorageKind::kDefault || to == StorageKind::kDefault;
  return has_dense || from == to ? nullptr : "works by way of a dense copy";
}

void cast_storage(const Params&, KernelContext& context, std::span<SparseTensor> in,
                  std::span<SparseTensor> out) {
  if (in[0].storage() == out[0].storage()) return out[0].start_from(in[0]);
  visit_dtype(in[0].dtype(), "cast_storage", [&]<typename T>(TypeTag<T>) {
    if (in[0].storage() == StorageKind::kCsr)
      from_csr<T>(in[0], out[0].values());
    else if (in[0].storage() == StorageKind::kRowSparse)
      from_row_sparse<T>(in[0], out[0].values());
    else if (out[0].storage() == StorageKind::kCsr)
      to_csr<T>(in[0], out[0], context);
    else
      to_row_sparse<T>(in[0], out[0], context);
  });
}

const KernelBuilder dense = KernelBuilder("cast_storage", "dense").run(cpu::copy_kernel);
const KernelBuilder sparse =
    KernelBuilder("cast_storage", "sparse").refuse(refuse_by_way_of_dense).run_sparse(cast_storage);
/// A copy of lhs of rhs's kind.
const KernelBuilder like_rhs = KernelBuilder("_identity_with_attr_like_rhs", "sparse")
                                   .refuse(refuse_by_way_of_dense)
                                   .run_sparse(cast_storage);

}  // namespace
}  // namespace mx
