#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ndarray/ndarray.h"

namespace mx {

/// One array of a .params file. A dense array has only `data`. A row-sparse one has the stored rows
/// in `data` and their numbers in aux[0]; a CSR one the values, aux[0] = indptr, aux[1] = indices.
/// An array that was never given a shape has no data.
struct SavedArray {
  StorageKind stype = StorageKind::kDefault;
  Shape shape;
  NDArray data;
  std::vector<NDArray> aux;
};

struct SavedArrays {
  std::vector<SavedArray> arrays;
  std::vector<std::string> names;  ///< empty, or one for each array
  /// Write as MXNet does while NumPy shapes are on. Arrays that need it are written so anyway.
  bool numpy_shapes = false;
};

/// Reads a .params file of any version; see docs/formats/params.md. With REMX_MAP_FILES=1 the file
/// is mapped: arrays refer to its pages until they are written. Throws: ValueError naming file,
/// position and what was expected there.
SavedArrays load_params_file(const std::string& path);

/// The same from memory. `owner` keeps `bytes` alive, which nobody writes; without one the arrays
/// copy.
SavedArrays parse_params(std::string_view bytes, std::shared_ptr<const void> owner,
                         const std::string& source);

/// Writes the bytes that MXNet 1.9.1 writes, into a new file that then takes the place of `path`.
/// Throws: ValueError when the file cannot be written; the old file is then untouched.
void save_params_file(const std::string& path, const SavedArrays& arrays);

/// The bytes that save_params_file would write.
std::string params_to_bytes(const SavedArrays& arrays);

}  // namespace mx
