#include "binding.h"
#include "dispatch/random_state.h"

namespace mx::python {

void bind_random(nb::module_& m) {
  m.def("seed_all", &seed_all, nb::arg("seed"));
  m.def(
      "seed_device",
      [](uint32_t seed, nb::handle device) { seed_device(seed, device_from(device.ptr())); },
      nb::arg("seed"), nb::arg("device"));
}

}  // namespace mx::python
