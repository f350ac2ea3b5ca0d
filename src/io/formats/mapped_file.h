#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace mx {

/// A file in memory, read page by page on use. The pages cannot be written.
class MappedFile {
 public:
  /// Throws: ValueError naming the path and the system's reason.
  static std::shared_ptr<MappedFile> open(const std::string& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  std::string_view bytes() const { return {static_cast<const char*>(data_), size_}; }

 private:
  MappedFile(void* data, size_t size) : data_(data), size_(size) {}
  void* data_;
  size_t size_;
};

}  // namespace mx
