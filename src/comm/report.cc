#include "comm/report.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <sstream>

#include "base/error.h"

namespace mx::comm {
namespace {

/// What would end a field.
std::string as_field(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\t' || c == '\n'; }, ' ');
  return text;
}

}  // namespace

std::string report_text(const std::string& secret, const Report& report) {
  static constexpr const char* kStates[] = {"runs", "ends", "failed"};
  return concat(secret, '\t', report.rank, '\t', report.size, '\t',
                kStates[static_cast<size_t>(report.state)], '\t', report.step, '\t', report.samples,
                '\t', report.waited_for, '\t', report.waited, '\t', as_field(report.host), '\t',
                as_field(report.last), '\t', as_field(report.failure));
}

Reporter::Reporter(const std::string& where) {
  if (where.empty()) return;
  std::istringstream words(where);
  std::string port, address;
  words >> secret_ >> port;
  while (words >> address) {
    addrinfo hints{}, *found = nullptr;
    hints.ai_socktype = SOCK_DGRAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    const int problem = getaddrinfo(address.c_str(), port.c_str(), &hints, &found);
    require(problem == 0, "environment: REMX_MONITOR=", where, " does not fit (",
            gai_strerror(problem), "); expected a secret, a port and addresses in numbers");
    const int opened = socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    // An address that this machine has no way to is none that it is told by.
    if (opened >= 0 && connect(opened, found->ai_addr, found->ai_addrlen) == 0)
      sockets_.push_back(opened);
    else if (opened >= 0)
      close(opened);
    freeaddrinfo(found);
  }
  require(!address.empty(), "environment: REMX_MONITOR=", where,
          " names no address; expected a secret, a port and addresses in numbers");
}

Reporter::~Reporter() {
  for (const int opened : sockets_) close(opened);
}

void Reporter::send(const Report& report) {
  const std::string text = report_text(secret_, report);
  for (const int opened : sockets_)
    static_cast<void>(::send(opened, text.data(), text.size(), MSG_NOSIGNAL));
}

}  // namespace mx::comm
