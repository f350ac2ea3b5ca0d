#include <algorithm>
#include <deque>

#include "io/formats/atomic_file.h"
#include "io/formats/params_file.h"
#include "io/formats/params_format.h"

namespace mx {
namespace {

using namespace params_format;

/// Shapes that could not be told from unknown ones before V3.
bool needs_numpy_shape(const Shape& shape) {
  return shape.ndim() == 0 || std::find(shape.begin(), shape.end(), 0) != shape.end();
}

class ParamsWriter {
 public:
  /// The file's contents in pieces; they live as long as the writer.
  std::vector<std::string_view> run(const SavedArrays& arrays) {
    put<uint64_t>(kListMagic);
    put<uint64_t>(0);
    put<uint64_t>(arrays.arrays.size());
    for (const SavedArray& array : arrays.arrays) write(array, arrays.numpy_shapes);
    put<uint64_t>(arrays.names.size());
    for (const std::string& name : arrays.names) {
      put<uint64_t>(name.size());
      header_ += name;
    }
    flush();
    return std::move(views_);
  }

 private:
  template <typename T>
  void put(T value) {
    header_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  void put_shape(const Shape& shape) {
    put<int32_t>(shape.ndim());
    for (int64_t dim : shape) put<int64_t>(dim);
  }

  void write(const SavedArray& array, bool numpy_shapes) {
    const bool is_dense = array.stype == StorageKind::kDefault;
    const bool is_v3 = is_dense && array.data && (numpy_shapes || needs_numpy_shape(array.shape));
    put<uint32_t>(is_v3 ? kMagicV3 : kMagicV2);
    put<int32_t>(static_cast<int32_t>(array.stype));
    if (!is_dense) put_shape(array.data ? array.data.shape() : Shape({0}));
    if (!array.data) return put<int32_t>(0);
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
    views_.emplace_back(array.as<char>(), array.bytes());
  }

  void flush() {
    if (!header_.empty()) views_.push_back(headers_.emplace_back(std::move(header_)));
    header_.clear();
  }

  std::string header_;
  std::deque<std::string> headers_;
  std::vector<NDArray> kept_;
  std::vector<std::string_view> views_;
};

}  // namespace

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
