#include "library/tensor_list.h"

namespace mx::library {

TensorList::TensorList(std::span<const NDArray> arrays) {
  dims_.reserve(arrays.size());
  for (const NDArray& array : arrays) add(array);
}

void TensorList::add(const NDArray& array) {
  arrays_.push_back(array);
  dims_.emplace_back(array.shape().begin(), array.shape().end());
  shapes.push_back(dims_.back().data());
  ndim.push_back(array.shape().ndim());
  dtypes.push_back(static_cast<int>(array.dtype()));
  // A library compares numbers to see whether an array changed since the last call.
  versions.push_back(static_cast<size_t>(array.chunk()->contents_id()));
  devices.push_back(array.device().is_host() ? "cpu" : "gpu");
  device_ids.push_back(array.device().id);
  kinds.push_back(static_cast<int>(array.storage()));
  is_allocated_.push_back(array.is_dense());
  sparse_.push_back(array.is_dense() ? nullptr : std::make_unique<SparseTensor>(array));
  const SparseTensor* parts = sparse_.back().get();
  data.push_back(parts ? parts->values().data : array.data());
  indices.push_back(parts ? parts->indices() : nullptr);
  num_indices.push_back(parts ? parts->count() : 0);
  const bool has_rows = parts && array.storage() == StorageKind::kCsr;
  indptr.push_back(has_rows ? parts->indptr() : nullptr);
  num_indptr.push_back(has_rows ? array.shape()[0] + 1 : 0);
}

void TensorList::allocate(int index, int num_indices, void** data, int64_t** indices,
                          int64_t** indptr) {
  const auto i = static_cast<size_t>(index);
  require(index >= 0 && i < sparse_.size() && sparse_[i], "alloc_sparse: index=", index,
          " is no sparse output; expected less than ", sparse_.size());
  SparseTensor& tensor = *sparse_[i];
  tensor.allocate(num_indices);
  is_allocated_[i] = true;
  *data = tensor.values().data;
  *indices = tensor.indices();
  if (indptr && tensor.storage() == StorageKind::kCsr) *indptr = tensor.indptr();
}

void TensorList::commit() {
  for (size_t i = 0; i < sparse_.size(); ++i) {
    if (!sparse_[i]) continue;
    require(is_allocated_[i], "sparse output ", i, " was not allocated; expected alloc_sparse");
    sparse_[i]->commit();
  }
}

}  // namespace mx::library
