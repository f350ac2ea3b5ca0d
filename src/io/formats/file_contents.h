#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace mx {

/// The bytes of a file in memory that starts at a page.
class FileContents {
 public:
  /// Whether a file of some kind can begin with these bytes, which are some thousands or all.
  using MayBegin = bool (*)(std::string_view);

  /// Reads all of a file, or of a pipe, into private memory: nobody can change it afterwards.
  /// Where `may_begin` says no, only the beginning is read, which is enough for its reader to
  /// refuse it. So what never ends, as /dev/zero, is not read until memory is full. Throws:
  /// SystemError naming the path and the system's reason; ValueError if a pipe gives more than half
  /// of the machine's memory.
  static std::shared_ptr<FileContents> read(const std::string& path, MayBegin may_begin);
  /// The file's own pages, read one by one on use. They cannot be written, and they change when
  /// somebody writes the file in place. Throws: as read().
  static std::shared_ptr<FileContents> map(const std::string& path);
  ~FileContents();
  FileContents(const FileContents&) = delete;
  FileContents& operator=(const FileContents&) = delete;
  std::string_view bytes() const { return {static_cast<const char*>(data_), size_}; }

 private:
  FileContents(void* data, size_t size, size_t reserved)
      : data_(data), size_(size), reserved_(reserved) {}
  void grow(const std::string& path);
  /// Reads once, `most` bytes at most. Returns: whether there may be more.
  bool read_some(int descriptor, size_t most, const std::string& path);

  void* data_;
  size_t size_, reserved_;
};

}  // namespace mx
