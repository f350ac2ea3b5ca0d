// Sparse arrays: made of parts and taken apart.
#include "autograd/autograd.h"
#include "binding.h"
#include "dispatch/sparse_invoke.h"
#include "gil.h"
#include "ndarray/sparse_array.h"

namespace mx::python {
namespace {

StorageKind kind_from(std::string_view name) {
  for (const StorageKind kind : {StorageKind::kRowSparse, StorageKind::kCsr})
    if (storage_name(kind) == name) return kind;
  fail(ErrorKind::kValue, "NDArray: stype=", name, " is not known; expected csr or row_sparse");
}

nb::object sparse_array(const std::string& stype, nb::handle shape, const NDArray& data,
                        const NDArray& indices, nb::handle indptr) {
  SparseParts parts{data, indices, indptr.is_none() ? NDArray() : array_in(indptr.ptr())};
  for (NDArray* part : {&parts.values, &parts.indices, &parts.indptr})
    if (*part) {  // the caller may go on writing its arrays
      NDArray copy(part->shape(), part->dtype(), part->device());
      copy_array(*part, copy, true);
      copy.wait_to_read();
      *part = copy;
    }
  return nb::steal(
      wrap_array(make_sparse(kind_from(stype), shape_from(shape.ptr(), stype), std::move(parts))));
}

nb::object sparse_zeros(const std::string& stype, nb::handle shape, nb::handle ctx,
                        nb::handle dtype) {
  return nb::steal(wrap_array(zero_sparse(kind_from(stype), shape_from(shape.ptr(), stype),
                                          dtype_from(dtype.ptr()), device_from(ctx.ptr()))));
}

/// Copies of data, indices and, for csr, indptr.
nb::list parts_list(const NDArray& array) {
  SparseParts parts;
  {
    const ReleaseGil release;
    parts = copy_parts(array);
  }
  nb::list list;
  for (const NDArray& part : {parts.values, parts.indices, parts.indptr})
    if (part) list.append(nb::steal(wrap_array(part)));
  return list;
}

}  // namespace

NDArray dense_form(const NDArray& array) {
  if (array.is_dense()) return array;
  NDArray dense(array.shape(), array.dtype(), array.device());
  convert_array(array, dense);
  return dense;
}

void bind_sparse(nb::module_& m) {
  m.def("sparse_array", &sparse_array, nb::arg("stype"), nb::arg("shape"), nb::arg("data"),
        nb::arg("indices"), nb::arg("indptr").none() = nb::none(),
        "A sparse array with copies of these parts.");
  m.def("sparse_zeros", &sparse_zeros, nb::arg("stype"), nb::arg("shape"), nb::arg("ctx").none(),
        nb::arg("dtype"), "A sparse array that stores nothing.");
  m.def("sparse_parts", &parts_list, nb::arg("array"),
        "Copies of data, indices and, for csr, indptr.");
  m.def(
      "check_sparse",
      [](const NDArray& array) {
        const ReleaseGil release;
        check_sparse(array);
      },
      nb::arg("array"), "Raise unless all indices are in place.");
  m.def("storage_fallbacks", &num_storage_fallbacks,
        "How many operators worked on dense copies of sparse arrays so far.");
  m.def(
      "set_sparse_types",
      [](nb::handle csr, nb::handle row_sparse) {
        types.csr = reinterpret_cast<PyTypeObject*>(csr.inc_ref().ptr());
        types.row_sparse = reinterpret_cast<PyTypeObject*>(row_sparse.inc_ref().ptr());
      },
      nb::arg("csr"), nb::arg("row_sparse"), "The classes of sparse arrays.");
}

}  // namespace mx::python
