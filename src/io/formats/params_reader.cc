#include <sys/mman.h>

#include <cstring>
#include <limits>

#include "base/env.h"
#include "base/text.h"
#include "io/formats/byte_reader.h"
#include "io/formats/file_contents.h"
#include "io/formats/foreign_file.h"
#include "io/formats/params_file.h"
#include "io/formats/params_format.h"

namespace mx {
namespace {

using namespace params_format;

/// Lets go of the whole pages of an array that is not needed any more, though others of its file
/// still are.
void give_pages_back(char* data, size_t size) {
  constexpr uintptr_t kPage = 4096;
  const uintptr_t first = (reinterpret_cast<uintptr_t>(data) + kPage - 1) / kPage * kPage;
  const uintptr_t last = (reinterpret_cast<uintptr_t>(data) + size) / kPage * kPage;
  if (first < last) ::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

bool may_begin_params(std::string_view bytes) {
  uint64_t magic = 0;
  if (bytes.size() < sizeof(magic)) return true;
  std::memcpy(&magic, bytes.data(), sizeof(magic));
  return magic == kListMagic;
}

/// Reads the arrays of one file.
class ParamsReader {
 public:
  /// `source` says what the owner's memory is.
  ParamsReader(std::string_view bytes, std::shared_ptr<const void> owner, Chunk::Source source,
               const std::string& name)
      : in_(bytes, name), owner_(std::move(owner)), source_(source) {
    refuse_foreign_file(bytes, name, "a .params file");
  }

  SavedArrays run() {
    const auto magic = in_.read<uint64_t>("file type");
    if (magic != kListMagic)
      in_.fail_here("file type", concat("=", magic, " is not that of a .params file"), "274");
    in_.read<uint64_t>("reserved");
    SavedArrays result;
    const uint64_t count = read_count("number of arrays", sizeof(uint32_t));
    for (uint64_t i = 0; i < count; ++i) {
      in_.set_part(concat("array ", i));
      result.arrays.push_back(read_array());
    }
    in_.set_part("");
    const uint64_t names = read_count("number of names", sizeof(uint64_t));
    if (names != 0 && names != count)
      in_.fail_here("number of names", concat("=", names, " does not fit ", count, " arrays"),
                    concat("0 or ", count));
    for (uint64_t i = 0; i < names; ++i) result.names.push_back(read_name(i));
    return result;
  }

 private:
  /// A count of things that take at least `least` bytes each, so that it cannot exceed the file.
  uint64_t read_count(std::string_view what, uint64_t least) {
    const auto count = in_.read<uint64_t>(what);
    if (const uint64_t most = in_.remaining() / least; count > most)
      in_.fail_here(what, concat("=", count, " does not fit what is left of the file"),
                    concat("at most ", most));
    return count;
  }

  std::string read_name(uint64_t i) {
    in_.set_part(concat("name ", i));
    const auto length = in_.read<uint64_t>("length");
    const std::string_view name = in_.take(length, "text");
    if (!is_utf8(name)) in_.fail_here("text=", quoted_text(name) + " is malformed", "UTF-8");
    return std::string(name);
  }

  SavedArray read_array() {
    const auto magic = in_.read<uint32_t>("rank");
    if (magic == kMagicV2 || magic == kMagicV3) return read_tagged(magic == kMagicV3);
    SavedArray array;
    if (magic == kMagicV1)
      array.shape = read_shape<int64_t>();
    else
      array.shape = read_dims<uint32_t>(checked_rank(magic));
    if (array.shape.ndim() > 0) array.data = read_data(array.shape, read_type());
    return array;
  }

  SavedArray read_tagged(bool numpy_shape) {
    SavedArray array;
    const auto stype = in_.read<int32_t>("storage type");
    if (stype < 0 || stype > 2)
      in_.fail_here("storage type", concat("=", stype, " is not known"), "0, 1 or 2");
    array.stype = static_cast<StorageKind>(stype);
    Shape stored;
    if (stype != 0) stored = read_shape<int64_t>();
    const auto rank = in_.read<int32_t>("rank");
    if (numpy_shape ? rank == -1 : rank == 0) return array;
    array.shape = read_dims<int64_t>(checked_rank(static_cast<uint32_t>(rank)));
    const DType dtype = read_type();
    if (stype == 0)
      array.data = read_data(array.shape, dtype);
    else
      read_sparse_parts(array, stored, dtype);
    return array;
  }

  void read_sparse_parts(SavedArray& array, const Shape& stored, DType dtype) {
    const int count = array.stype == StorageKind::kCsr ? 2 : 1;
    std::vector<std::pair<DType, Shape>> types;
    for (int i = 0; i < count; ++i) {
      const DType aux_dtype = dtype_of(in_.read<int32_t>("dtype of indices"));
      if (aux_dtype != DType::kInt64 && aux_dtype != DType::kInt32)
        in_.fail_here("dtype of indices", concat("=", dtype_name(aux_dtype), " cannot be used"),
                      "int64 or int32");
      types.emplace_back(aux_dtype, read_shape<int64_t>());
    }
    check_sparse_shapes(array, stored, types);
    array.data = read_data(stored, dtype);
    for (const auto& [aux_dtype, shape] : types) array.aux.push_back(read_data(shape, aux_dtype));
    const int64_t rows = array.shape[0];
    if (array.stype == StorageKind::kRowSparse)
      return check_indices(array.aux[0], "row number", 0, rows - 1, false);
    check_indices(array.aux[0], "row start", 0, stored[0], true);
    check_indices(array.aux[1], "column number", 0, array.shape[1] - 1, false);
  }

  void check_sparse_shapes(const SavedArray& array, const Shape& stored,
                           std::span<const std::pair<DType, Shape>> types) const {
    Shape expected = array.shape;
    bool fits = array.shape.ndim() > 0 && stored.ndim() > 0;
    if (fits && array.stype == StorageKind::kRowSparse) {
      expected[0] = stored[0];
      fits = stored == expected && types[0].second == Shape({stored[0]});
    } else if (fits) {
      fits = array.shape.ndim() == 2 && stored.ndim() == 1 &&
             types[0].second == Shape({array.shape[0] + 1}) && types[1].second == stored;
    }
    if (!fits)
      in_.fail_here("stored shape", concat("=", stored, " does not fit ", array.shape),
                    "shapes of values and indices that agree");
  }

  /// Indices must be in [low, high]; those of rows' starts also ascend from low to high.
  void check_indices(const NDArray& indices, std::string_view what, int64_t low, int64_t high,
                     bool ascend) const {
    const bool wide = indices.dtype() == DType::kInt64;
    const int64_t count = indices.size();
    int64_t last = low;
    for (int64_t i = 0; i < count; ++i) {
      const int64_t value = wide ? indices.as<int64_t>()[i] : indices.as<int32_t>()[i];
      const bool is_end = ascend && (i == 0 || i == count - 1);
      const int64_t wanted = i == 0 ? low : high;
      if (value < low || value > high || (ascend && value < last) || (is_end && value != wanted))
        in_.fail_here(what, concat(" ", i, "=", value, " is out of place"),
                      ascend ? concat("ascending numbers from ", low, " to ", high)
                             : concat(low, " to ", high));
      last = value;
    }
  }

  uint32_t checked_rank(uint32_t rank) const {
    if (rank > kMostDimensions)
      in_.fail_here("rank", concat("=", static_cast<int32_t>(rank), " is out of range"),
                    concat("0 to ", kMostDimensions));
    return rank;
  }

  template <typename Dim>
  Shape read_shape() {
    return read_dims<Dim>(checked_rank(in_.read<uint32_t>("rank")));
  }

  /// Dimensions whose product, zeros left out, is an int64.
  template <typename Dim>
  Shape read_dims(uint32_t rank) {
    Shape shape = Shape::filled(static_cast<int>(rank), 0);
    int64_t product = 1;
    for (int64_t& dim : shape) {
      dim = static_cast<int64_t>(in_.read<Dim>("dimension"));
      if (dim < 0) in_.fail_here("dimension", concat("=", dim, " is negative"), "0 or more");
      if (dim > 0 && __builtin_mul_overflow(product, dim, &product))
        in_.fail_here("dimension", concat("=", dim, " makes the shape too large"),
                      "fewer than 2**63 elements");
    }
    return shape;
  }

  /// Skips the device that the array was on and reads the dtype.
  DType read_type() {
    in_.read<int32_t>("device type");
    in_.read<int32_t>("device number");
    return dtype_of(in_.read<int32_t>("dtype"));
  }

  DType dtype_of(int32_t code) const {
    if (!is_dtype_code(code))
      in_.fail_here("dtype", concat("=", code, " is not known"), "0 to 7 or 12");
    return static_cast<DType>(code);
  }

  NDArray read_data(const Shape& shape, DType dtype) {
    uint64_t bytes = 0;
    if (__builtin_mul_overflow(static_cast<uint64_t>(shape.size()),
                               static_cast<uint64_t>(dtype_size(dtype)), &bytes))
      bytes = std::numeric_limits<uint64_t>::max();
    const std::string_view data = in_.take(bytes, concat("elements of shape ", shape));
    const bool aligned =
        reinterpret_cast<uintptr_t>(data.data()) % static_cast<uintptr_t>(dtype_size(dtype)) == 0;
    if (dtype == DType::kBool) check_bools(data);
    if (!owner_ || !aligned) {
      NDArray copy(shape, dtype);
      copy.copy_from_host(data.data());
      return copy;
    }
    // Each array has a buffer of its own, so that writing one never copies the others.
    char* elements = const_cast<char*>(data.data());
    auto release = [owner = owner_, elements, size = data.size(), source = source_] {
      if (source == Chunk::Source::kMemory) give_pages_back(elements, size);
    };
    auto buffer = std::make_shared<Buffer>(elements, data.size(), Device{}, std::move(release));
    return NDArray(std::move(buffer), shape, dtype, 0, source_);
  }

  /// C++ knows no other bools than 0 and 1.
  void check_bools(std::string_view data) const {
    for (size_t i = 0; i < data.size(); ++i)
      if (static_cast<uint8_t>(data[i]) > 1)
        in_.fail_here("element", concat(" ", i, "=", static_cast<int>(data[i]), " is not a bool"),
                      "0 or 1");
  }

  ByteReader in_;
  std::shared_ptr<const void> owner_;
  Chunk::Source source_;
};

}  // namespace

SavedArrays parse_params(std::string_view bytes, std::shared_ptr<const void> owner,
                         const std::string& source) {
  return ParamsReader(bytes, std::move(owner), Chunk::Source::kFile, source).run();
}

SavedArrays load_params_file(const std::string& path) {
  const bool maps = env::flag("REMX_MAP_FILES");
  const std::shared_ptr<FileContents> file =
      maps ? FileContents::map(path) : FileContents::read(path, &may_begin_params);
  const Chunk::Source source = maps ? Chunk::Source::kFile : Chunk::Source::kMemory;
  // A process may have some tens of thousands of mappings, and more small files than that.
  constexpr size_t kSmallFile = 1 << 17;
  const bool copies = !maps && file->bytes().size() <= kSmallFile;
  return ParamsReader(file->bytes(), copies ? nullptr : file, source, path).run();
}

}  // namespace mx
