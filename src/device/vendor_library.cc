#include "device/vendor_library.h"

#include <dlfcn.h>

#include <sstream>

#include "base/env.h"
#include "base/error.h"

namespace mx {
namespace {

/// Folder two levels above this library: site-packages, when it lies in site-packages/mxnet.
std::string folder_of_packages() {
  Dl_info info{};
  if (!dladdr(reinterpret_cast<const void*>(&folder_of_packages), &info) || !info.dli_fname)
    return {};
  const std::string path = info.dli_fname;
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string("..") : path.substr(0, slash) + "/..";
}

std::vector<std::string> package_roots() {
  std::vector<std::string> roots{folder_of_packages()};
  std::istringstream given(env::text("REMX_NVIDIA_PATH"));
  for (std::string folder; std::getline(given, folder, ':');)
    if (!folder.empty()) roots.push_back(folder);
  return roots;
}

std::vector<std::string> candidates(const std::vector<std::string>& files,
                                    const std::vector<std::string>& package_folders) {
  std::vector<std::string> paths = files;
  for (const std::string& root : package_roots())
    for (const std::string& folder : package_folders)
      for (const std::string& file : files) paths.push_back(concat(root, '/', folder, '/', file));
  for (const std::string& file : files) paths.push_back("/usr/local/cuda/lib64/" + file);
  return paths;
}

}  // namespace

VendorLibrary::VendorLibrary(const char* name, const std::vector<std::string>& files,
                             const std::vector<std::string>& package_folders,
                             const std::string& chosen)
    : name_(name) {
  std::string tried;
  const auto paths =
      chosen.empty() ? candidates(files, package_folders) : std::vector<std::string>{chosen};
  for (const std::string& path : paths) {
    handle_ = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle_) {
      path_ = path;
      return;
    }
    const char* problem = dlerror();
    tried += concat(tried.empty() ? "" : "; ", problem ? problem : path.c_str());
  }
  fail(ErrorKind::kDevice, name, ": the library cannot be opened; tried: ", tried);
}

void* VendorLibrary::address(const char* symbol) const {
  void* found = dlsym(handle_, symbol);
  if (!found)
    fail(ErrorKind::kDevice, name_, ": ", path_, " has no function ", symbol,
         "; expected a newer version");
  return found;
}

}  // namespace mx
