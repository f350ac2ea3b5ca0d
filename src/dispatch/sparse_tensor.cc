#include "dispatch/sparse_tensor.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace mx {
namespace {

/// Indices from files may have 32 bits.
NDArray widened(const NDArray& indices) {
  if (!indices || indices.dtype() == DType::kInt64) return indices;
  NDArray wide(indices.shape(), DType::kInt64, indices.device());
  std::copy_n(indices.as<int32_t>(), indices.size(), wide.as<int64_t>());
  return wide;
}

NDArray index_array(int64_t count, Device device) {
  return NDArray(Shape{count}, DType::kInt64, device);
}

}  // namespace

SparseTensor::SparseTensor(const NDArray& array) : array_(array) {
  if (array.is_dense()) return;
  const SparseParts& parts = parts_of(array);
  parts_ = {parts.values, widened(parts.indices), widened(parts.indptr)};
}

Tensor SparseTensor::values() const {
  const NDArray& values = is_dense() ? array_ : parts_.values;
  return {values.data(), values.shape(), values.dtype()};
}

void SparseTensor::check_indices(const char* op) const {
  const bool is_csr = storage() == StorageKind::kCsr;
  const int64_t limit = shape()[is_csr ? 1 : 0], stored = count();
  for (int64_t i = 0; i < stored; ++i)
    if (indices()[i] < 0 || indices()[i] >= limit)
      fail(ErrorKind::kIndex, op, ": indices[", i, "]=", indices()[i], " of a ",
           storage_name(storage()), " array is out of range; expected 0 to ", limit - 1);
  for (int64_t row = 0; is_csr && row <= shape()[0]; ++row) {
    const int64_t start = indptr()[row], least = row ? indptr()[row - 1] : 0;
    if (start < least || start > stored || (row == 0 && start != 0))
      fail(ErrorKind::kIndex, op, ": indptr[", row, "]=", start,
           " of a csr array is out of place; expected ascending numbers from 0 to ", stored);
  }
}

void SparseTensor::sort() {
  check_indices("NDArray");
  const bool is_csr = storage() == StorageKind::kCsr;
  const int64_t lists = is_csr ? shape()[0] : 1;
  std::vector<int64_t> order(static_cast<size_t>(count()));
  std::iota(order.begin(), order.end(), int64_t{0});
  bool sorted = true;
  for (int64_t list = 0; list < lists; ++list) {
    const int64_t first = is_csr ? indptr()[list] : 0, last = is_csr ? indptr()[list + 1] : count();
    if (std::is_sorted(indices() + first, indices() + last)) continue;
    sorted = false;
    std::stable_sort(order.begin() + first, order.begin() + last,
                     [this](int64_t a, int64_t b) { return indices()[a] < indices()[b]; });
  }
  if (sorted) return;
  const SparseParts old = parts_;
  allocate(old.count());
  if (is_csr) std::copy_n(old.indptr.as<int64_t>(), lists + 1, indptr());
  const size_t bytes = old.values.bytes() / order.size();
  for (size_t i = 0; i < order.size(); ++i) {
    indices()[i] = old.indices.as<int64_t>()[order[i]];
    std::memcpy(parts_.values.as<char>() + i * bytes,
                old.values.as<char>() + static_cast<size_t>(order[i]) * bytes, bytes);
  }
}

void SparseTensor::allocate(int64_t count) {
  const Device device = array_.device();
  Shape shape{count};
  if (storage() == StorageKind::kRowSparse) {
    shape = array_.shape();
    shape[0] = count;
  }
  parts_.values = NDArray(shape, dtype(), device);
  parts_.indices = index_array(count, device);
  if (storage() == StorageKind::kCsr) parts_.indptr = index_array(array_.shape()[0] + 1, device);
}

void SparseTensor::allocate_like(const SparseTensor& other) {
  const SparseParts shared = share_parts(other.parts_);
  parts_ = {NDArray(shared.values.shape(), dtype(), array_.device()), shared.indices,
            shared.indptr};
}

void SparseTensor::start_from(const SparseTensor& other) {
  if (is_dense()) {
    if (array_.data() != other.array_.data())
      std::memcpy(array_.data(), other.array_.data(), array_.bytes());
    return;
  }
  if (array_.chunk() != other.array_.chunk()) parts_ = share_parts(other.parts_);
  parts_.values.chunk()->make_unique(true);
}

void SparseTensor::store_all_rows() {
  const int64_t rows = shape()[0];
  if (is_dense() || count() == rows) return;
  const SparseParts old = parts_;
  allocate(rows);
  std::memset(parts_.values.data(), 0, parts_.values.bytes());
  const size_t bytes = old.count() ? old.values.bytes() / static_cast<size_t>(old.count()) : 0;
  for (int64_t i = 0; i < old.count(); ++i)
    std::memcpy(
        parts_.values.as<char>() + static_cast<size_t>(old.indices.as<int64_t>()[i]) * bytes,
        old.values.as<char>() + static_cast<size_t>(i) * bytes, bytes);
  std::iota(indices(), indices() + rows, int64_t{0});
}

void SparseTensor::commit() {
  if (!is_dense()) parts_of(array_) = parts_;
}

}  // namespace mx
