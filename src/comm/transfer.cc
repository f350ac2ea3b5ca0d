#include "comm/transfer.h"

#include <cstring>

namespace mx::comm {

size_t Communicator::Part::bytes() const {
  size_t sum = 0;
  for (const NDArray& array : message.arrays) sum += array.bytes();
  return sum;
}

void Communicator::Part::send(Transport& transport, int tag) {
  const void* data = message.arrays.size() == 1 ? message.arrays[0].data() : nullptr;
  if (!data) {
    packed = std::make_unique_for_overwrite<char[]>(bytes());
    char* to = packed.get();
    for (const NDArray& array : message.arrays) {
      std::memcpy(to, array.data(), array.bytes());
      to += array.bytes();
    }
    data = packed.get();
  }
  request = transport.send(message.peer, tag, data, bytes());
}

void Communicator::Part::receive(Transport& transport, int tag) {
  void* data = message.arrays.size() == 1 ? message.arrays[0].data() : nullptr;
  if (!data) {
    packed = std::make_unique_for_overwrite<char[]>(bytes());
    data = packed.get();
  }
  request = transport.receive(message.peer, tag, data, bytes());
}

bool Communicator::Part::is_done(bool receives) {
  if (!request) return true;
  if (!request->is_done()) return false;
  request.reset();
  ended = Clock::now();
  if (receives && packed) {
    const char* from = packed.get();
    for (const NDArray& array : message.arrays) {
      std::memcpy(array.data(), from, array.bytes());
      from += array.bytes();
    }
  }
  packed.reset();
  return true;
}

bool Communicator::Transfer::advance() {
  bool done = true;
  for (Part& part : receives) done &= part.is_done(true);
  for (Part& part : sends) done &= part.is_done(false);
  return done;
}

}  // namespace mx::comm
