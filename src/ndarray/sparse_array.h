#pragma once
#include "ndarray/ndarray.h"

namespace mx {

/// What a sparse array stores, as dense arrays on its device.
///
/// | kind       | values               | indices              | indptr                       |
/// |------------|----------------------|----------------------|------------------------------|
/// | row_sparse | (n, shape[1:]), rows | (n), their numbers   | none                         |
/// | csr        | (n), elements        | (n), their columns   | (shape[0] + 1), rows' starts |
///
/// Row numbers ascend strictly; indices are int64, or int32 in arrays from files. The parts belong
/// to the array's chunk and are guarded by its Var: whoever writes the array replaces them, or
/// writes values in place after make_unique; whoever hands them on gives a copy (share_parts).
struct SparseParts {
  NDArray values, indices, indptr;
  /// How many rows or elements are stored.
  int64_t count() const { return values.shape()[0]; }
};

/// An array with these parts. Throws: ValueError when their shapes, dtypes or devices do not fit
/// the kind and the shape. Does not look at the indices (check_sparse does).
NDArray make_sparse(StorageKind kind, const Shape& shape, SparseParts parts);
/// An array that stores nothing: zeros. Throws: ValueError when the kind does not allow the shape.
NDArray zero_sparse(StorageKind kind, const Shape& shape, DType dtype, Device device);
/// An array of the same kind, shape, dtype and device, whose contents are to be written.
NDArray empty_like(const NDArray& array);
/// Parts of an array that stores nothing. Throws as zero_sparse.
SparseParts zero_parts(StorageKind kind, const Shape& shape, DType dtype, Device device);

/// The parts of an array. Call only inside an operation that reads (writes) it.
inline SparseParts& parts_of(const NDArray& array) { return *array.chunk()->sparse_parts(); }
/// Parts with chunks of their own, which share memory until one side is written. Call only inside
/// an operation that reads the owner.
SparseParts share_parts(const SparseParts& parts);
/// The same as an operation: waits for what writes the array.
/// Throws: ValueError for a dense array, what went wrong in the writes.
SparseParts copy_parts(const NDArray& array);

/// Queues `to[:] = from` for arrays of one kind, shape and dtype.
void copy_sparse(const NDArray& from, const NDArray& to);

/// Looks at every index. Waits for the array. Throws: ValueError where rows' starts do not ascend
/// from 0 to the number of elements, or indices are out of range or do not ascend in their row.
void check_sparse(const NDArray& array);

}  // namespace mx
