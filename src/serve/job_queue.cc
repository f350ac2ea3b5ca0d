#include "serve/job_queue.h"

#include <algorithm>

namespace mx::serve {

std::string key_of_rows(const std::vector<Shape>& shapes) {
  std::string key;
  for (const Shape& shape : shapes) {
    for (const int64_t size : shape) key += std::to_string(size) + ',';
    key += ';';
  }
  return key;
}

JobQueue::Put JobQueue::put(const JobPtr& job) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return Put::kClosed;
  if (jobs_.size() >= size_) return Put::kFull;
  jobs_.push_back(job);
  for (Collector* each : collectors_) {
    if (each->key != job->key || each->missing <= 0) continue;
    each->missing -= job->rows;
    if (each->missing <= 0) each->is_full.notify_one();
    return Put::kTaken;
  }
  if (idle_) arrived_.notify_one();
  return Put::kTaken;
}

void JobQueue::close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
  arrived_.notify_all();
  for (Collector* each : collectors_) each->is_full.notify_one();
}

std::vector<JobPtr> JobQueue::take(const BatchWish& wish) {
  std::vector<JobPtr> batch, ended;
  Lock lock(mutex_);
  while (!skip_ended(ended)) {
    if (is_closed_) return batch;
    ++idle_;
    arrived_.wait(lock);
    --idle_;
  }
  batch.push_back(std::move(jobs_.front()));
  jobs_.pop_front();
  if (!batch.front()->key.empty()) collect(lock, batch, wish);
  if (!jobs_.empty() && idle_) arrived_.notify_one();
  return batch;
}

/// Joins jobs to the first one of a batch until it is full or time is up.
void JobQueue::collect(Lock& lock, std::vector<JobPtr>& batch, const BatchWish& wish) {
  const Clock::time_point full = batch.front()->since + wish.max_delay;
  const Clock::time_point patient = Clock::now() + wish.patience;
  const int64_t wanted = std::min(wish.wanted, wish.max_rows);
  Collector collector;
  collector.key = batch.front()->key;
  for (int64_t rows = batch.front()->rows;;) {
    rows = join(batch, rows, wish.max_rows);
    const Clock::time_point now = Clock::now();
    const int64_t enough = now < full ? wish.max_rows : wanted;
    const Clock::time_point until = now < full ? full : patient;
    if (rows >= enough || now >= until || is_closed_) return;
    if (!jobs_.empty() && idle_) arrived_.notify_one();  // for what does not fit here
    collector.missing = enough - rows;
    const auto place = collectors_.insert(collectors_.end(), &collector);
    collector.is_full.wait_until(lock, until);
    collectors_.erase(place);
  }
}

/// Moves jobs that fit from the queue to the batch; gives the rows of the batch.
int64_t JobQueue::join(std::vector<JobPtr>& batch, int64_t rows, int64_t max_rows) {
  const std::string key = batch.front()->key;
  std::deque<JobPtr> left;
  for (JobPtr& job : jobs_) {
    if (job->key == key && rows + job->rows <= max_rows && !job->is_over) {
      rows += job->rows;
      batch.push_back(std::move(job));
    } else {
      left.push_back(std::move(job));
    }
  }
  jobs_ = std::move(left);
  return rows;
}

std::vector<JobPtr> JobQueue::forget_ended() {
  const std::lock_guard lock(mutex_);
  const auto is_waited_for = [](const JobPtr& job) { return !job->is_over; };
  const auto first = std::stable_partition(jobs_.begin(), jobs_.end(), is_waited_for);
  std::vector<JobPtr> ended(std::make_move_iterator(first), std::make_move_iterator(jobs_.end()));
  jobs_.erase(first, jobs_.end());
  return ended;
}

/// Forgets jobs at the front that nobody waits for; gives whether others are there.
bool JobQueue::skip_ended(std::vector<JobPtr>& ended) {
  for (; !jobs_.empty() && jobs_.front()->is_over; jobs_.pop_front())
    ended.push_back(std::move(jobs_.front()));
  return !jobs_.empty();
}

std::vector<JobPtr> JobQueue::take_all() {
  const std::lock_guard lock(mutex_);
  std::vector<JobPtr> all(std::make_move_iterator(jobs_.begin()),
                          std::make_move_iterator(jobs_.end()));
  jobs_.clear();
  return all;
}

bool JobQueue::has_ended() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(jobs_.begin(), jobs_.end(),
                     [](const JobPtr& job) -> bool { return job->is_over; });
}

size_t JobQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size();
}

}  // namespace mx::serve
