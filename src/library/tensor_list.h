#pragma once
#include <memory>
#include <span>
#include <vector>

#include "dispatch/sparse_tensor.h"
#include "ndarray/ndarray.h"

namespace mx::library {

/// Arrays as the compute functions of a library take them. Lives inside the operation that reads
/// or writes them.
class TensorList {
 public:
  explicit TensorList(std::span<const NDArray> arrays);

  /// New parts for sparse array `index`.
  void allocate(int index, int num_indices, void** data, int64_t** indices, int64_t** indptr);
  /// Puts new parts into the arrays. Throws: ValueError where a sparse one got none.
  void commit();

  int count() const { return static_cast<int>(arrays_.size()); }
  std::vector<const int64_t*> shapes;
  std::vector<int> ndim, dtypes, device_ids, kinds;
  std::vector<void*> data, indices, indptr;
  std::vector<size_t> versions;
  std::vector<const char*> devices;
  std::vector<int64_t> num_indices, num_indptr;

 private:
  void add(const NDArray& array);

  std::vector<NDArray> arrays_;
  std::vector<std::unique_ptr<SparseTensor>> sparse_;
  std::vector<std::vector<int64_t>> dims_;
  std::vector<bool> is_allocated_;
};

}  // namespace mx::library
