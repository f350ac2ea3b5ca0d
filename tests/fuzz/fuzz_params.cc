// libFuzzer target: any bytes are a .params file or give an mx::Error. What was read is written,
// and that must read and write as the same bytes again. tests/fuzz/run.sh builds and runs it.
#include <memory>
#include <string>

#include "base/error.h"
#include "io/formats/params_file.h"

namespace {

void check(bool holds) {
  if (!holds) __builtin_trap();
}

void read_and_write(std::string_view bytes, std::shared_ptr<const void> owner) {
  const mx::SavedArrays arrays = mx::parse_params(bytes, std::move(owner), "fuzz");
  check(arrays.names.empty() || arrays.names.size() == arrays.arrays.size());
  const std::string written = mx::params_to_bytes(arrays);
  check(mx::params_to_bytes(mx::parse_params(written, nullptr, "fuzz")) == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    read_and_write(bytes, nullptr);
    const auto kept = std::make_shared<std::string>(bytes);
    read_and_write(*kept, kept);
  } catch (const mx::Error&) {
  }
  return 0;
}
