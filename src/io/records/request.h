#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <stop_token>
#include <vector>

#include "io/records/byte_source.h"

namespace mx::records {

/// Bytes of files, read by a thread of its own for somebody who may stop waiting for them.
///
/// Whoever drops a request does not wait either: the thread keeps what it reads from and into, and
/// ends when the files answer.
///
/// Thread safety: one thread at a time.
class Request {
 public:
  /// What is read of each file.
  using Pieces = std::map<std::shared_ptr<const ByteSource>, std::vector<Piece>>;

  /// Starts to read `pieces` into `bytes`, in which they lie.
  Request(std::vector<uint8_t> bytes, Pieces pieces, std::stop_token stop);

  /// The bytes, when they are there; may be called again after whatever it has thrown.
  ///
  /// Throws: what reading throws; ValueError when `stop` is requested; what the poll hook throws
  /// (engine/waiting.h), such as Ctrl-C.
  const std::vector<uint8_t>& wait() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
  std::stop_token stop_;
};

}  // namespace mx::records
