#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace mx::comm {

/// A library of this folder that is opened when it is first needed.
struct PluginName {
  const char* variable;  ///< of the environment, which may hold its path; "" for none
  const char* file;      ///< looked for beside libmxnet.so and by the loader
  const char* entry;     ///< its entry point: entry(version, why, size) gives a pointer
};

/// The entry point in the file at `path`; nullptr after a reason was added to `tried`.
void* plugin_entry(const std::string& path, const char* entry, std::string& tried);
/// The paths at which a plug-in may be, by their order.
std::vector<std::string> plugin_paths(const PluginName& name);
/// Adds a reason to those for which a plug-in cannot be used.
void add_reason(std::string& tried, const std::string& reason);

/// What the first plug-in gives that is there and usable; nullptr after all reasons were written
/// into `tried`.
template <typename Entry>
auto open_plugin(const PluginName& name, int version, std::string& tried)
    -> decltype(Entry{}(0, nullptr, 0)) {
  for (const std::string& path : plugin_paths(name)) {
    const auto open = reinterpret_cast<Entry>(plugin_entry(path, name.entry, tried));
    if (!open) continue;
    char why[512] = "";
    if (auto* opened = open(version, why, sizeof why)) return opened;
    add_reason(tried, path + ": " + why);
  }
  return nullptr;
}

}  // namespace mx::comm
