#pragma once

namespace mx {

/// The registries (operators, kernels) are filled by static objects of libraries: of this one
/// before main, of a plug-in when it is opened. They live to the end of the process. An entry is
/// complete only when its library is, so whoever opens a library holds RegistryFilling meanwhile,
/// and whoever looks something up holds RegistryReading. A
/// thread may nest readings, and readings in a filling; it may not begin a filling while it reads.
class RegistryReading {
 public:
  RegistryReading();
  ~RegistryReading();
  RegistryReading(const RegistryReading&) = delete;
  RegistryReading& operator=(const RegistryReading&) = delete;
};

/// Waits for all readers and keeps other threads from reading. This thread may read and add.
class RegistryFilling {
 public:
  RegistryFilling();
  ~RegistryFilling();
  RegistryFilling(const RegistryFilling&) = delete;
  RegistryFilling& operator=(const RegistryFilling&) = delete;
};

}  // namespace mx
