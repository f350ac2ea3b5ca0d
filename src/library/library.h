#pragma once
#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/param.h"
#include "library/abi.h"

namespace mx::library {

/// Attributes as the C functions take them; valid while the map is.
class CAttributes {
 public:
  explicit CAttributes(const AttrMap& attrs);
  Keys keys() const { return keys_.data(); }
  Keys values() const { return values_.data(); }
  int count() const { return static_cast<int>(keys_.size()); }

 private:
  std::vector<const char*> keys_, values_;
};

/// A shared object that was compiled with lib_api.h. Never closed: operators and graphs name it.
/// Thread safety: read-only once opened; calls are as safe as the library's code.
class Library {
 public:
  /// Throws: MXNetError naming the path when it cannot be opened, has not the
  /// functions of lib_api.h or refuses this version.
  explicit Library(std::string path);

  const std::string& path() const { return path_; }
  /// A function by the name under which it is exported. Throws: MXNetError when it is missing.
  template <typename Function>
  Function function(const char* name) const {
    return reinterpret_cast<Function>(find(name));
  }
  /// Throws MXNetError with the library's messages when a call returned 0.
  void check(int success, std::string_view who, std::string_view what) const;
  void free(void* memory) const { function<Free>("_opCallFree")(memory); }

 private:
  void* find(const char* name) const;
  std::string messages() const;

  std::string path_;
  void* handle_ = nullptr;
  /// The library keeps all messages; those before this one were told.
  mutable std::atomic<int> told_{0};
};

/// What a library brought, by name.
struct Contents {
  std::vector<std::string> operators, partitioners, passes;
};

/// Opens a library and registers what it brings; a path that was loaded before is not opened again.
/// Names that another library brought before stand for the new one from now on.
/// Throws: as Library; ValueError when an operator has the name of one of ours.
Contents load(const std::string& path);

}  // namespace mx::library
