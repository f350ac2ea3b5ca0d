#pragma once
#include "dispatch/kernel.h"
#include "ndarray/sparse_array.h"

namespace mx {

/// An array in the hands of a sparse kernel; see SparseParts for what the parts are. A dense array
/// has values alone. Lives inside one operation.
class SparseTensor {
 public:
  explicit SparseTensor(const NDArray& array);

  StorageKind storage() const { return array_.storage(); }
  bool is_dense() const { return array_.is_dense(); }
  const Shape& shape() const { return array_.shape(); }
  DType dtype() const { return array_.dtype(); }
  /// Stored rows or elements; all elements when dense.
  int64_t count() const { return is_dense() ? shape().size() : parts_.count(); }
  /// The elements: (count, shape[1:]), (count) or, dense, the array.
  Tensor values() const;
  int64_t* indices() const { return parts_.indices.as<int64_t>(); }
  int64_t* indptr() const { return parts_.indptr.as<int64_t>(); }
  /// Throws: IndexError naming `op` where an index is out of range or rows' starts are no ascending
  /// numbers: arrays come from users and files. Kernels that follow indices call it first.
  void check_indices(const char* op) const;
  /// The same, and makes the indices of this copy ascend (in each row).
  void sort();

  // For outputs, and for inputs that the operator updates:

  /// New parts of `count` rows or elements, all uninitialised.
  void allocate(int64_t count);
  /// New values, uninitialised, in the places of another array of the same kind.
  void allocate_like(const SparseTensor& other);
  /// The contents of another array of the same kind, to be changed in place.
  void start_from(const SparseTensor& other);
  /// Gives a row-sparse array that is to be changed in place all its rows; new ones are zero.
  void store_all_rows();
  /// Puts the new parts into the array.
  void commit();

 private:
  NDArray array_;
  SparseParts parts_;
};

}  // namespace mx
