#pragma once
#include <string>
#include <vector>

namespace mx {

/// A library of NVIDIA that is opened when it is first needed, and never closed.
class VendorLibrary {
 public:
  /// Opens one of `files` (names, newest first): where the loader finds it, in `package_folders` of
  /// NVIDIA's Python packages, or in the toolkit's usual place. Packages are looked for beside the
  /// package that holds libmxnet.so and in the folders of REMX_NVIDIA_PATH. `chosen`, if not empty,
  /// is the path of the only one that is tried. Throws: DeviceError that lists what was tried.
  VendorLibrary(const char* name, const std::vector<std::string>& files,
                const std::vector<std::string>& package_folders, const std::string& chosen = {});

  /// Sets `function` to the function of that name. Throws: DeviceError when there is none.
  template <typename F>
  void load(F*& function, const char* symbol) const {
    function = reinterpret_cast<F*>(address(symbol));
  }

 private:
  void* address(const char* symbol) const;

  const char* name_;
  std::string path_;
  void* handle_ = nullptr;
};

}  // namespace mx
