#include "dispatch/layout.h"

#include <mutex>
#include <vector>

namespace mx {
namespace {

struct LibraryLayouts {
  std::mutex mutex;
  std::vector<size_t> bytes;
};

LibraryLayouts& library_layouts() {
  static auto* table = new LibraryLayouts;
  return *table;
}

}  // namespace

size_t layout_bytes(const Shape& shape, DType dtype, Layout layout) {
  if (layout >= Layout::kFirstLibrary) {
    LibraryLayouts& table = library_layouts();
    std::lock_guard lock(table.mutex);
    return table.bytes.at(static_cast<size_t>(layout) - static_cast<size_t>(Layout::kFirstLibrary));
  }
  const auto element = static_cast<size_t>(dtype_size(dtype));
  const bool blocked = layout == Layout::kBlock8 || layout == Layout::kBlock16;
  if (!blocked || shape.ndim() < 2) return static_cast<size_t>(shape.size()) * element;
  const int64_t block = layout == Layout::kBlock8 ? 8 : 16;
  Shape padded = shape;
  padded[1] = (shape[1] + block - 1) / block * block;
  return static_cast<size_t>(padded.size()) * element;
}

Layout add_library_layout(size_t bytes) {
  LibraryLayouts& table = library_layouts();
  std::lock_guard lock(table.mutex);
  table.bytes.push_back(bytes);
  return static_cast<Layout>(static_cast<int32_t>(Layout::kFirstLibrary) +
                             static_cast<int32_t>(table.bytes.size()) - 1);
}

}  // namespace mx
