#include "comm/heartbeat.h"

#include <algorithm>
#include <cstring>

#include "comm/tags.h"

namespace mx::comm {
namespace {

constexpr std::chrono::milliseconds kBetweenBeats{1000};

}  // namespace

Heartbeat::Heartbeat(Transport& transport, std::chrono::milliseconds silence)
    : transport_(transport), silence_(silence), peers_(static_cast<size_t>(transport.size())) {
  for (int rank = 0; rank < transport.size(); ++rank) {
    if (rank == transport.rank()) continue;
    peers_[static_cast<size_t>(rank)].heard = Clock::now();
    receive(rank);
  }
}

void Heartbeat::receive(int rank) {
  Peer& peer = peers_[static_cast<size_t>(rank)];
  peer.request = transport_.receive(rank, kBeatTag, &peer.incoming, sizeof peer.incoming);
}

void Heartbeat::send(const Beat& own) {
  sent_ = own;
  next_ = Clock::now() + kBetweenBeats;
  for (int rank = 0; rank < transport_.size(); ++rank)
    if (rank != transport_.rank())
      sending_.push_back(transport_.send(rank, kBeatTag, &sent_, sizeof sent_));
}

void Heartbeat::run(const Beat& own) {
  std::erase_if(sending_, [](const auto& request) { return request->is_done(); });
  // The memory of a beat is free for the next one only when all of it has been sent.
  const bool due = Clock::now() >= next_ || own.state != Beat::State::kRuns;
  if (sending_.empty() && due && sent_.state == Beat::State::kRuns) send(own);
  for (int rank = 0; rank < transport_.size(); ++rank) {
    Peer& peer = peers_[static_cast<size_t>(rank)];
    while (peer.request && peer.request->is_done()) {
      peer.last = peer.incoming;
      peer.heard = Clock::now();
      peer.request.reset();
      if (peer.last.state == Beat::State::kRuns)
        receive(rank);
      else
        peer.ended_at = peer.heard;
    }
  }
}

std::string Heartbeat::failure() const {
  for (int rank = 0; rank < transport_.size(); ++rank) {
    if (rank == transport_.rank() ||
        peers_[static_cast<size_t>(rank)].last.state == Beat::State::kEnds)
      continue;
    const Peer& peer = peers_[static_cast<size_t>(rank)];
    if (peer.last.state == Beat::State::kFailed) return describe(rank) + " ended with an error";
    if (Clock::now() - peer.heard > silence_)
      return concat(describe(rank), " has been silent for ", silence_.count() / 1000.0,
                    " s; it is dead or hangs");
  }
  return {};
}

std::string Heartbeat::describe(int rank) const {
  const Beat& beat = peers_[static_cast<size_t>(rank)].last;
  const std::string last(beat.last.data(), strnlen(beat.last.data(), beat.last.size()));
  return concat("rank=", rank, " (host ", transport_.host(rank), ", step ", beat.step, ", last ",
                last.empty() ? "nothing" : last, ")");
}

bool Heartbeat::has_ended(int rank) const {
  return peers_[static_cast<size_t>(rank)].last.state != Beat::State::kRuns;
}

bool Heartbeat::all_have_ended() const {
  for (int rank = 0; rank < transport_.size(); ++rank)
    if (rank != transport_.rank() && !has_ended(rank)) return false;
  return true;
}

}  // namespace mx::comm
