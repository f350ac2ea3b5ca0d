#include "io/formats/params_file.h"

#include <optional>

#include "io/formats/byte_reader.h"
#include "io/formats/mapped_file.h"

namespace mx {
namespace {

constexpr uint64_t kListMagic = 0x112;
constexpr uint32_t kMagicV1 = 0xF993FAC8, kMagicV2 = 0xF993FAC9, kMagicV3 = 0xF993FACA;
constexpr uint32_t kMaxRank = 64;

/// Reads the arrays of one file.
class ParamsReader {
 public:
  ParamsReader(std::string_view bytes, std::shared_ptr<const void> owner, const std::string& source)
      : in_(bytes, source), owner_(std::move(owner)) {}

  SavedArrays run() {
    if (in_.read<uint64_t>("file type") != kListMagic)
      in_.fail_here("file type", "0x112, the mark of a list of arrays");
    in_.read<uint64_t>("reserved");
    SavedArrays result;
    const uint64_t count = read_count("number of arrays", 8);
    for (uint64_t i = 0; i < count; ++i) result.arrays.push_back(read_array());
    const uint64_t names = read_count("number of names", 8);
    if (names != 0 && names != count)
      in_.fail_here("number of names", concat("0 or ", count, ", not ", names));
    for (uint64_t i = 0; i < names; ++i) {
      const auto length = in_.read<uint64_t>("length of a name");
      result.names.emplace_back(in_.take(length, "name"));
    }
    return result;
  }

 private:
  /// A count of things that take at least `least` bytes each, so that it cannot exceed the file.
  uint64_t read_count(std::string_view what, uint64_t least) {
    const auto count = in_.read<uint64_t>(what);
    if (count > in_.remaining() / least)
      in_.fail_here(what, concat("at most ", in_.remaining() / least, ", not ", count));
    return count;
  }

  SavedArray read_array() {
    const auto magic = in_.read<uint32_t>("array header");
    if (magic == kMagicV2 || magic == kMagicV3) return read_tagged(magic == kMagicV3);
    SavedArray array;
    array.shape = magic == kMagicV1 ? read_shape<int64_t>(in_.read<uint32_t>("rank"))
                                    : read_shape<uint32_t>(magic);
    if (array.shape.ndim() > 0) array.data = read_data(array.shape, read_type());
    return array;
  }

  SavedArray read_tagged(bool numpy_shape) {
    SavedArray array;
    const auto stype = in_.read<int32_t>("storage type");
    if (stype < 0 || stype > 2) in_.fail_here("storage type", concat("0, 1 or 2, not ", stype));
    array.stype = static_cast<StorageType>(stype);
    Shape stored;
    if (stype != 0) stored = read_shape<int64_t>(in_.read<uint32_t>("rank"));
    const auto rank = in_.read<int32_t>("rank");
    if (numpy_shape ? rank < 0 : rank == 0) return array;
    array.shape = read_shape<int64_t>(static_cast<uint32_t>(rank));
    const DType dtype = read_type();
    if (stype == 0) {
      array.data = read_data(array.shape, dtype);
      return array;
    }
    check_stored_shape(array, stored);
    std::vector<std::pair<DType, Shape>> aux;
    for (int i = 0; i < stype; ++i) {
      const DType aux_dtype = dtype_of(in_.read<int32_t>("index dtype"));
      aux.emplace_back(aux_dtype, read_shape<int64_t>(in_.read<uint32_t>("rank")));
    }
    array.data = read_data(stored, dtype);
    for (const auto& [aux_dtype, shape] : aux) array.aux.push_back(read_data(shape, aux_dtype));
    return array;
  }

  void check_stored_shape(const SavedArray& array, const Shape& stored) const {
    const bool fits = array.stype == StorageType::kCsr
                          ? array.shape.ndim() == 2 && stored.ndim() == 1
                          : stored.ndim() == array.shape.ndim();
    if (!fits)
      in_.fail_here("shape of the stored part",
                    concat("one that fits ", array.shape, ", not ", stored));
  }

  template <typename Dim>
  Shape read_shape(uint32_t rank) {
    if (rank > kMaxRank) in_.fail_here("rank", concat("at most ", kMaxRank, ", not ", rank));
    Shape shape = Shape::filled(static_cast<int>(rank), 0);
    for (int64_t& dim : shape) {
      dim = static_cast<int64_t>(in_.read<Dim>("dimension"));
      if (dim < 0) in_.fail_here("dimension", concat("0 or more, not ", dim));
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
    if (!is_dtype_code(code)) in_.fail_here("dtype", concat("a known number, not ", code));
    return static_cast<DType>(code);
  }

  NDArray read_data(const Shape& shape, DType dtype) {
    uint64_t bytes = static_cast<uint64_t>(dtype_size(dtype));
    for (int64_t dim : shape)
      if (__builtin_mul_overflow(bytes, static_cast<uint64_t>(dim), &bytes))
        in_.fail_here("shape", concat("a size that fits the file, not ", shape));
    const std::string_view data = in_.take(bytes, "elements");
    const bool aligned =
        reinterpret_cast<uintptr_t>(data.data()) % static_cast<uintptr_t>(dtype_size(dtype)) == 0;
    if (!owner_ || !aligned) {
      NDArray copy(shape, dtype);
      copy.copy_from_host(data.data());
      return copy;
    }
    // Each array has a buffer of its own, so that writing one never copies the others.
    auto buffer = std::make_shared<Buffer>(const_cast<char*>(data.data()), data.size(), Device{},
                                           [owner = owner_] {});
    return NDArray(std::move(buffer), shape, dtype);
  }

  ByteReader in_;
  std::shared_ptr<const void> owner_;
};

class ParamsWriter {
 public:
  /// The file's contents in pieces; they live as long as the writer.
  std::vector<std::string_view> run(const SavedArrays& arrays) {
    put<uint64_t>(kListMagic);
    put<uint64_t>(0);
    put<uint64_t>(arrays.arrays.size());
    for (const SavedArray& array : arrays.arrays) write(array);
    put<uint64_t>(arrays.names.size());
    for (const std::string& name : arrays.names) {
      put<uint64_t>(name.size());
      header_ += name;
    }
    flush();
    std::vector<std::string_view> views;
    for (const Part& part : parts_)
      views.push_back(part.view ? *part.view : std::string_view(part.text));
    return views;
  }

 private:
  struct Part {
    std::string text;
    std::optional<std::string_view> view;
  };

  template <typename T>
  void put(T value) {
    header_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  void put_shape(const Shape& shape) {
    put<int32_t>(shape.ndim());
    for (int64_t dim : shape) put<int64_t>(dim);
  }

  void write(const SavedArray& array) {
    put<uint32_t>(kMagicV2);
    put<int32_t>(static_cast<int32_t>(array.stype));
    if (!array.data) return put<int32_t>(0);
    if (array.stype != StorageType::kDefault) put_shape(array.data.shape());
    put_shape(array.shape);
    put<int32_t>(static_cast<int32_t>(DeviceType::kCpu));
    put<int32_t>(0);
    put<int32_t>(static_cast<int32_t>(array.data.dtype()));
    for (const NDArray& aux : array.aux) {
      put<int32_t>(static_cast<int32_t>(aux.dtype()));
      put_shape(aux.shape());
    }
    put_data(array.data);
    for (const NDArray& aux : array.aux) put_data(aux);
  }

  void put_data(NDArray array) {
    array.wait_to_read();
    if (!array.device().is_host()) {
      NDArray on_host(array.shape(), array.dtype());
      array.copy_to_host(on_host.data());
      array = on_host;
    }
    kept_.push_back(array);
    flush();
    parts_.push_back({"", std::string_view(array.as<char>(), array.bytes())});
  }

  void flush() {
    if (!header_.empty()) parts_.push_back({std::move(header_), std::nullopt});
    header_.clear();
  }

  std::string header_;
  std::vector<Part> parts_;
  std::vector<NDArray> kept_;
};

}  // namespace

SavedArrays parse_params(std::string_view bytes, std::shared_ptr<const void> owner,
                         const std::string& source) {
  return ParamsReader(bytes, std::move(owner), source).run();
}

SavedArrays load_params_file(const std::string& path) {
  const std::shared_ptr<MappedFile> file = MappedFile::open(path);
  return parse_params(file->bytes(), file, path);
}

void save_params_file(const std::string& path, const SavedArrays& arrays) {
  ParamsWriter writer;
  write_file_atomically(path, writer.run(arrays));
}

std::string params_to_bytes(const SavedArrays& arrays) {
  ParamsWriter writer;
  std::string bytes;
  for (std::string_view part : writer.run(arrays)) bytes += part;
  return bytes;
}

}  // namespace mx
