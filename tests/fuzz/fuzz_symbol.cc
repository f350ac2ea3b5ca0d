// libFuzzer target: any text is a symbol or gives an mx::Error. What was read is written, and that
// must read and write as the same text again. tests/fuzz/run.sh builds and runs it.
#include <string>

#include "base/error.h"
#include "ir/symbol_json.h"

namespace {

void check(bool holds) {
  if (!holds) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string written;
  try {
    const mx::Symbol symbol =
        mx::symbol_from_json({reinterpret_cast<const char*>(data), size}, "fuzz");
    symbol.attr_dict();
    check(symbol.list_inputs().size() ==
          symbol.list_arguments().size() + symbol.list_auxiliary_states().size());
    check(symbol.list_outputs().size() == symbol.num_outputs());
    written = mx::symbol_to_json(symbol);
  } catch (const mx::Error&) {
    return 0;
  }
  check(mx::symbol_to_json(mx::symbol_from_json(written, "fuzz")) == written);
  return 0;
}
