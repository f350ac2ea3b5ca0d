#include "dispatch/sparse_tensor.h"

#include <algorithm>
#include <array>
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

/// Indices that were found in order lately, in this thread: those of a weight that stores millions
/// of rows are not looked through at every step.
class KnownInOrder {
 public:
  using Key = std::array<uint64_t, 7>;
  bool has(const Key& key) const {
    return std::find(keys_.begin(), keys_.end(), key) != keys_.end();
  }
  void add(const Key& key) {
    keys_[next_] = key;
    next_ = (next_ + 1) % keys_.size();
  }

 private:
  std::array<Key, 64> keys_{};
  size_t next_ = 0;
};

KnownInOrder& known_in_order() {
  thread_local KnownInOrder known;
  return known;
}

/// What is in the indices and what they must fit; equal keys stand for equal indices.
KnownInOrder::Key key_of(const SparseParts& parts, int64_t limit) {
  const NDArray &indices = parts.indices, &indptr = parts.indptr ? parts.indptr : indices;
  return {indices.chunk()->contents_id(),       static_cast<uint64_t>(indices.byte_offset()),
          indptr.chunk()->contents_id(),        static_cast<uint64_t>(indptr.byte_offset()),
          static_cast<uint64_t>(parts.count()), static_cast<uint64_t>(indptr.size()),
          static_cast<uint64_t>(limit)};
}

/// Where the lists of indices start and end: a list for each row of a CSR matrix, or one.
std::vector<int64_t> list_starts(const SparseParts& parts) {
  if (!parts.indptr) return {0, parts.count()};
  const auto* starts = parts.indptr.as<int64_t>();
  return {starts, starts + parts.indptr.size()};
}

bool is_sorted(const SparseParts& parts) {
  const auto* indices = parts.indices.as<int64_t>();
  const std::vector<int64_t> starts = list_starts(parts);
  for (size_t list = 0; list + 1 < starts.size(); ++list)
    if (!std::is_sorted(indices + starts[list], indices + starts[list + 1])) return false;
  return true;
}

/// Throws: IndexError.
void require_distinct_rows(const SparseParts& parts) {
  if (parts.indptr) return;
  const auto *begin = parts.indices.as<int64_t>(), *end = begin + parts.count();
  if (const int64_t* twice = std::adjacent_find(begin, end); twice != end)
    fail(ErrorKind::kIndex, "NDArray: a row_sparse array stores row ", *twice,
         " twice; expected each row once");
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
  if (is_dense()) return;
  const bool is_csr = storage() == StorageKind::kCsr;
  const int64_t limit = shape()[is_csr ? 1 : 0], stored = count();
  if (known_in_order().has(key_of(parts_, limit))) return;
  for (int64_t i = 0; i < stored; ++i)
    if (indices()[i] < 0 || indices()[i] >= limit)
      fail(ErrorKind::kIndex, op, ": indices[", i, "]=", indices()[i], " of a ",
           storage_name(storage()), " array is out of range; expected 0 to ", limit - 1);
  for (int64_t row = 0; is_csr && row <= shape()[0]; ++row) {
    const int64_t start = indptr()[row], least = row ? indptr()[row - 1] : 0;
    const int64_t most = row == 0 ? 0 : stored, last = row == shape()[0] ? stored : 0;
    if (start < std::max(least, last) || start > most)
      fail(ErrorKind::kIndex, op, ": indptr[", row, "]=", start,
           " of a csr array is out of place; expected ascending numbers from 0 to ", stored);
  }
  if (!is_sorted(parts_)) return;
  require_distinct_rows(parts_);
  known_in_order().add(key_of(parts_, limit));
}

void SparseTensor::sort() {
  check_indices("NDArray");
  const int64_t limit = shape()[storage() == StorageKind::kCsr ? 1 : 0];
  if (count() == 0 || known_in_order().has(key_of(parts_, limit))) return;
  const SparseParts old = parts_;
  const auto* unsorted = old.indices.as<int64_t>();
  std::vector<int64_t> order(static_cast<size_t>(old.count()));
  std::iota(order.begin(), order.end(), int64_t{0});
  const std::vector<int64_t> starts = list_starts(old);
  for (size_t list = 0; list + 1 < starts.size(); ++list)
    std::stable_sort(order.begin() + starts[list], order.begin() + starts[list + 1],
                     [=](int64_t a, int64_t b) { return unsorted[a] < unsorted[b]; });
  allocate(old.count());
  if (old.indptr) std::copy(starts.begin(), starts.end(), indptr());
  const size_t bytes = old.values.bytes() / order.size();
  for (size_t i = 0; i < order.size(); ++i) {
    indices()[i] = unsorted[order[i]];
    std::memcpy(parts_.values.as<char>() + i * bytes,
                old.values.as<char>() + static_cast<size_t>(order[i]) * bytes, bytes);
  }
  require_distinct_rows(parts_);
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
  if (is_dense()) return;
  sort();
  if (count() == rows) return;
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
