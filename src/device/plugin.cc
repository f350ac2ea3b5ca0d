#include "device/plugin.h"

#include <dlfcn.h>

#include <vector>

#include "base/env.h"
#include "base/error.h"
#include "base/registry_lock.h"

namespace mx {
namespace {

std::string try_library(const std::string& path) {
  const RegistryFilling filling;
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) return dlerror();
  const auto entry = reinterpret_cast<PluginRegisterFn>(dlsym(library, "mx_plugin_register"));
  if (!entry) return path + ": has no entry point mx_plugin_register";
  char why[512] = "";
  return entry(kPluginApiVersion, why, sizeof why) == 0 ? "" : path + ": " + why;
}

std::string load() {
  std::vector<std::string> candidates;
  if (const std::string chosen = env::text("REMX_CUDA_LIBRARY"); !chosen.empty())
    candidates.push_back(chosen);
  candidates.push_back(folder_of_this_library() + "libmxnet_cuda.so");
  candidates.push_back("libmxnet_cuda.so");
  std::string tried;
  for (const std::string& path : candidates) {
    const std::string problem = try_library(path);
    if (problem.empty()) return {};
    tried += (tried.empty() ? "" : "; ") + problem;
  }
  return tried;
}

}  // namespace

std::string folder_of_this_library() {
  Dl_info info{};
  if (!dladdr(reinterpret_cast<const void*>(&load_cuda_plugin), &info) || !info.dli_fname)
    return {};
  const std::string path = info.dli_fname;
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

const std::string& load_cuda_plugin() {
  static const auto* tried = new std::string(load());
  return *tried;
}

}  // namespace mx
