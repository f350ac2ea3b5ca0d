// Reading and writing .params files, and pickling.
#include "binding.h"
#include "io/formats/atomic_file.h"
#include "io/formats/params_file.h"
#include "ndarray/sparse_array.h"

namespace mx::python {
namespace {

nb::object to_python(const SavedArray& array) {
  if (!array.data) return nb::none();
  if (array.stype == StorageKind::kDefault) return nb::steal(wrap_array(array.data));
  const bool is_csr = array.stype == StorageKind::kCsr;
  SparseParts parts{array.data, array.aux[is_csr ? 1 : 0], is_csr ? array.aux[0] : NDArray()};
  return nb::steal(wrap_array(make_sparse(array.stype, array.shape, std::move(parts))));
}

nb::object to_python(const SavedArrays& saved) {
  nb::list arrays;
  for (const SavedArray& array : saved.arrays) arrays.append(to_python(array));
  return nb::make_tuple(arrays, saved.names);
}

SavedArray from_python(nb::handle object) {
  SavedArray saved;
  const NDArray& array = array_in(object.ptr());
  if (array) saved.shape = array.shape();
  saved.stype = array.storage();
  if (array.is_dense()) {
    saved.data = array;
    return saved;
  }
  const SparseParts parts = copy_parts(array);
  saved.data = parts.values;
  if (parts.indptr) saved.aux.push_back(parts.indptr);
  saved.aux.push_back(parts.indices);
  return saved;
}

SavedArrays from_python(nb::handle arrays, const std::vector<std::string>& names) {
  SavedArrays saved;
  for (nb::handle array : arrays) saved.arrays.push_back(from_python(array));
  saved.names = names;
  return saved;
}

std::string text_from_bytes(nb::handle bytes) {
  Py_buffer view;
  if (PyObject_GetBuffer(bytes.ptr(), &view, PyBUF_SIMPLE)) throw nb::python_error();
  std::string text(static_cast<const char*>(view.buf), static_cast<size_t>(view.len));
  PyBuffer_Release(&view);
  return text;
}

SavedArrays parse_released(const std::string& bytes, const std::string& source) {
  const ReleaseGil release;
  return parse_params(bytes, nullptr, source);
}

/// What stands before and behind the one array of a file: pickles hold the array alone.
constexpr uint64_t kFileHead[] = {0x112, 0, 1};
constexpr size_t kFileTailBytes = sizeof(uint64_t);

nb::object array_to_bytes(nb::handle object) {
  std::string bytes;
  {
    const SavedArrays saved{{from_python(object)}, {}};
    const ReleaseGil release;
    bytes = params_to_bytes(saved);
  }
  return owned(PyByteArray_FromStringAndSize(
      bytes.data() + sizeof kFileHead,
      static_cast<Py_ssize_t>(bytes.size() - sizeof kFileHead - kFileTailBytes)));
}

nb::object array_from_bytes(nb::handle bytes) {
  std::string file(reinterpret_cast<const char*>(kFileHead), sizeof kFileHead);
  file += text_from_bytes(bytes) + std::string(kFileTailBytes, '\0');
  return to_python(parse_released(file, "pickled NDArray").arrays[0]);
}

}  // namespace

void bind_params(nb::module_& m) {
  m.def(
      "load_params",
      [](const std::string& path) {
        SavedArrays saved;
        {
          const ReleaseGil release;
          saved = load_params_file(path);
        }
        return to_python(saved);
      },
      nb::arg("path"), "Arrays and names of a .params file.");
  m.def(
      "parse_params",
      [](nb::handle bytes, const std::string& source) {
        return to_python(parse_released(text_from_bytes(bytes), source));
      },
      nb::arg("bytes"), nb::arg("source"), "Arrays and names of the contents of a .params file.");
  m.def(
      "save_params",
      [](const std::string& path, nb::handle arrays, const std::vector<std::string>& names) {
        const SavedArrays saved = from_python(arrays, names);
        const ReleaseGil release;
        save_params_file(path, saved);
      },
      nb::arg("path"), nb::arg("arrays"), nb::arg("names"), "Write a .params file.");
  m.def("_array_to_bytes", &array_to_bytes, nb::arg("array"));
  m.def("_array_from_bytes", &array_from_bytes, nb::arg("bytes"));
  m.def(
      "write_text_file",
      [](const std::string& path, const std::string& text) {
        const ReleaseGil release;
        const std::string_view parts[] = {text};
        write_file_atomically(path, parts);
      },
      nb::arg("path"), nb::arg("text"), "Write a file in one step: all of it or nothing.");
  m.def(
      "write_binary_file",
      [](const std::string& path, nb::handle bytes) {
        const std::string text = text_from_bytes(bytes);
        const ReleaseGil release;
        const std::string_view parts[] = {text};
        write_file_atomically(path, parts);
      },
      nb::arg("path"), nb::arg("bytes"), "Write a file in one step: all of it or nothing.");
}

}  // namespace mx::python
