#pragma once
#include <memory>
#include <string>
#include <vector>

#include "comm/communicator.h"

namespace mx::comm {

/// One message of a transfer. Several arrays are packed into one piece of memory on the way.
struct Communicator::Part {
  Message message;
  std::unique_ptr<char[]> packed;
  std::unique_ptr<Request> request;  ///< nullptr once it is through
  Clock::time_point ended;           ///< when that was seen

  size_t bytes() const;
  void send(Transport& transport, int tag);
  void receive(Transport& transport, int tag);
  /// Whether it is through; then the arrays that it filled are whole.
  bool is_done(bool receives);
};

/// A transfer that has started.
struct Communicator::Transfer {
  TransferOptions options;
  std::vector<Part> sends, receives;
  Completion completion;
  Clock::time_point started, warned;
  /// Whether all of its messages are through.
  bool advance();
};

/// Bytes for, or from, next_post.
struct Communicator::Post {
  int peer;
  std::string bytes;
  std::unique_ptr<Request> request;
};

}  // namespace mx::comm
