#include "library/library.h"

#include <dlfcn.h>

#include <map>
#include <mutex>

#include "library/graph_tools.h"
#include "library/operators.h"

namespace mx::library {

CAttributes::CAttributes(const AttrMap& attrs) {
  for (const auto& [key, value] : attrs) {
    keys_.push_back(key.c_str());
    values_.push_back(value.c_str());
  }
}

Library::Library(std::string path) : path_(std::move(path)) {
  handle_ = dlopen(path_.c_str(), RTLD_LAZY | RTLD_LOCAL);
  if (!handle_)
    fail(ErrorKind::kUserCode, "library.load: path=", path_, " cannot be opened: ", dlerror());
  const int version = function<Count>("_opVersion")();
  if (version != kInterfaceVersion)
    fail(ErrorKind::kUserCode, "library.load: path=", path_, " was compiled with version ", version,
         " of lib_api.h; expected version ", kInterfaceVersion, ", that of MXNet 1.9.1");
  if (!function<Initialize>("initialize")(kMxnetVersion))
    fail(ErrorKind::kUserCode, "library.load: path=", path_, " refuses MXNet 1.9.1", messages());
}

void* Library::find(const char* name) const {
  void* found = dlsym(handle_, name);
  if (!found)
    fail(ErrorKind::kUserCode, "library.load: path=", path_, " has no function ", name,
         "; expected a library compiled with lib_api.h of MXNet 1.9.1");
  return found;
}

std::string Library::messages() const {
  const int count = function<Count>("_msgSize")();
  std::string text;
  for (int i = told_.exchange(count); i < count; ++i) {
    const char* message = nullptr;
    function<GetMessage>("_msgGet")(i, &message);
    if (!message) continue;
    std::string line(message);
    while (!line.empty() && (line.back() == '\n' || line.back() == ' ')) line.pop_back();
    text += (text.empty() ? ": " : "; ") + line;
  }
  return text;
}

void Library::check(int success, std::string_view who, std::string_view what) const {
  if (success) return;
  fail(ErrorKind::kUserCode, who, ": ", what, " of ", path_, " failed", messages());
}

Contents load(const std::string& path) {
  static auto* const mutex = new std::mutex;
  static auto* const loaded = new std::map<std::string, Contents>;
  std::lock_guard lock(*mutex);
  if (const auto found = loaded->find(path); found != loaded->end()) return found->second;
  const auto library = std::make_shared<const Library>(path);
  Contents contents;
  contents.operators = register_operators(library);
  contents.partitioners = register_partitioners(library);
  contents.passes = register_passes(library);
  return (*loaded)[path] = std::move(contents);
}

}  // namespace mx::library
