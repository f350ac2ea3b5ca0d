#include "comm/open_plugin.h"

#include <dlfcn.h>

#include "base/env.h"
#include "device/plugin.h"

namespace mx::comm {

void add_reason(std::string& tried, const std::string& reason) {
  tried += (tried.empty() ? "" : "; ") + reason;
}

std::vector<std::string> plugin_paths(const PluginName& name) {
  std::vector<std::string> paths;
  if (*name.variable)
    if (const std::string chosen = env::text(name.variable); !chosen.empty())
      paths.push_back(chosen);
  paths.push_back(folder_of_this_library() + name.file);
  paths.push_back(name.file);
  return paths;
}

void* plugin_entry(const std::string& path, const char* entry, std::string& tried) {
  // Global: the parts of Open MPI that are opened later look for its symbols.
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (!library) {
    add_reason(tried, dlerror());
    return nullptr;
  }
  void* found = dlsym(library, entry);
  if (!found) add_reason(tried, path + ": has no entry point " + entry);
  return found;
}

}  // namespace mx::comm
