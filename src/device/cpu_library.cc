#include "device/cpu_library.h"

#include <dlfcn.h>

#include <cstdlib>
#include <sstream>
#include <string_view>
#include <vector>

#include "base/env.h"
#include "base/registry_lock.h"
#include "device/plugin.h"

namespace mx {
namespace {

struct CpuLibrary {
  std::string level, problem;
};

bool runs_here([[maybe_unused]] std::string_view level) {
#if defined(__x86_64__)
  // The built-in function takes literals only.
  if (level == "x86-64-v2") return __builtin_cpu_supports("x86-64-v2");
  if (level == "x86-64-v3") return __builtin_cpu_supports("x86-64-v3");
  if (level == "x86-64-v4") return __builtin_cpu_supports("x86-64-v4");
#endif
  return false;
}

/// The highest level that this library was built with and the processor has; REMX_CPU_LEVEL lowers
/// it. The levels' names are in order.
std::string best_level(std::string* problem) {
  const std::string limit = env::text("REMX_CPU_LEVEL");
  std::istringstream levels(MX_CPU_LEVELS);
  std::string best;
  bool is_known = limit.empty();
  for (std::string level; levels >> level;) {
    is_known |= level == limit;
    if (runs_here(level) && (limit.empty() || level <= limit)) best = level;
  }
  if (!is_known)
    *problem = "REMX_CPU_LEVEL=" + limit + " is unknown; expected one of " MX_CPU_LEVELS;
  else if (best.empty())
    *problem = "this processor has none of the levels " MX_CPU_LEVELS;
  return best;
}

CpuLibrary open_library() {
  CpuLibrary library;
  if (std::string_view(MX_CPU_LEVELS).empty()) return {"built in", ""};
  library.level = best_level(&library.problem);
  if (!library.problem.empty()) return library;
  const std::string path = folder_of_this_library() + "libmxnet_cpu_" + library.level + ".so";
  const RegistryFilling filling;
  if (!dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) library.problem = dlerror();
  return library;
}

const CpuLibrary& cpu_library() {
  static const auto* library = new CpuLibrary(open_library());
  return *library;
}

/// Whoever loads libmxnet.so has kernels: there is no function to call first, and no lookup has to
/// ask whether they are there.
[[gnu::constructor]] void open_at_start() { cpu_library(); }

}  // namespace

const std::string& cpu_level() { return cpu_library().level; }
const std::string& cpu_library_problem() { return cpu_library().problem; }

}  // namespace mx
