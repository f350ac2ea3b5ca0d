#include "io/records/batch_reader.h"

#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/parallel.h"
#include "engine/waiting.h"
#include "io/image/picture_size.h"
#include "io/records/augment.h"
#include "io/records/detect_plan.h"
#include "io/records/image_record.h"
#include "io/records/record_index.h"
#include "io/records/write_pixels.h"

namespace mx::records {
namespace {

// The seeds of MXNet 1.9.1, for augmentation and for the order of shuffled records.
constexpr int64_t kSeed = 111, kDetectSeed = 233;
// What a label for detection begins with: channels, height, width and the number of those behind.
constexpr int64_t kDetectHead = 4;

/// A batch in the making.
struct Making {
  Batch batch;
  int64_t running = 0;  ///< pictures that threads work on
  bool is_full = false;
  std::exception_ptr error;
};

/// One picture to decode and where it goes.
struct Job {
  std::shared_ptr<Making> batch;
  int64_t slot = 0;
  Record record;
  std::span<const uint8_t> picture;  ///< inside of record
  Plan plan;
};

image::ColorMode color_mode(int64_t channels) {
  return channels == 1   ? image::ColorMode::kGrayscale
         : channels == 3 ? image::ColorMode::kColor
                         : image::ColorMode::kUnchanged;
}

using NamedValue = std::pair<const char*, float>;

std::vector<NamedValue> color_changes(const AugmentParam& a) {
  return {{"brightness", a.brightness},
          {"contrast", a.contrast},
          {"saturation", a.saturation},
          {"pca_noise", a.pca_noise},
          {"random_h", static_cast<float>(a.random_h)},
          {"random_s", static_cast<float>(a.random_s)},
          {"random_l", static_cast<float>(a.random_l)}};
}

std::vector<NamedValue> color_changes(const DetectParam& d) {
  return {{"random_hue_prob", d.random_hue_prob},
          {"random_saturation_prob", d.random_saturation_prob},
          {"random_illumination_prob", d.random_illumination_prob}};
}

/// Colours are changed in pictures that have them.
void check_colors(const ReaderOptions& options, const std::string& who) {
  const auto changes =
      options.detect ? color_changes(*options.detect) : color_changes(options.augment);
  for (const auto& [name, value] : changes) {
    require(value <= 0 || options.read.data_shape[0] == 3, who, ": ", name, "=", value,
            " does not fit data_shape=", options.read.data_shape, "; 3 channels are expected");
  }
}

}  // namespace

class BatchReader::Impl {
 public:
  Impl(const ReaderOptions& options, const std::string& who)
      : options_(options),
        files_(options.read.path_imgrec, who, options.remote, stop_.get_token()),
        source_(make_record_source(files_, source_options())),
        draws_(static_cast<uint32_t>(base_seed())) {
    const ReadParam& read = options_.read;
    check_colors(options_, who);
    if (!read.path_imglist.empty()) {
      const int64_t width = options_.detect ? options_.detect->label_width : read.label_width;
      list_ = read_label_list(read.path_imglist, width, options_.remote, who);
    }
    label_width_ = options_.detect ? kDetectHead + padded_label_width() : read.label_width;
    const int64_t cores = std::max(1u, std::thread::hardware_concurrency());
    num_threads_ = std::min<int64_t>(read.preprocess_threads, cores);
  }

  ~Impl() {
    {
      const std::lock_guard lock(mutex_);
      stop_.request_stop();
    }
    work_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  std::optional<Batch> next() {
    std::unique_lock lock(mutex_);
    start_threads();
    wait_for(lock, [&] {
      return making_.empty() ? epoch_over_ : making_[0]->is_full && making_[0]->running == 0;
    });
    if (making_.empty()) return std::nullopt;
    const std::shared_ptr<Making> first = std::move(making_.front());
    making_.pop_front();
    work_.notify_all();
    if (first->error) {
      discard(lock);
      std::rethrow_exception(first->error);
    }
    return std::move(first->batch);
  }

  int64_t label_width() const { return label_width_; }

  void reset() {
    std::unique_lock lock(mutex_);
    const bool whole = epoch_over_ && making_.empty() && !failed_;
    if (!whole) {
      discard(lock);
      source_->rewind();
      source_ended_ = false;
    }
    failed_ = epoch_over_ = false;
    work_.notify_all();
  }

 private:
  int64_t base_seed() const { return options_.detect ? kDetectSeed : kSeed; }

  SourceOptions source_options() const {
    const ReadParam& read = options_.read;
    return {read.path_imgidx,        read.num_parts, read.part_index,         read.shuffle,
            read.shuffle_chunk_size, read.seed,      read.shuffle_chunk_seed, base_seed(),
            read.part_handle};
  }

  void start_threads() {
    if (!threads_.empty()) return;
    for (int64_t i = 0; i < num_threads_; ++i) threads_.emplace_back([this] { run(); });
  }

  /// A wait of the user's thread. Throws: what interrupts it.
  template <typename Condition>
  void wait_for(std::unique_lock<std::mutex>& lock, const Condition& condition) {
    while (!done_.wait_for(lock, kPollInterval, condition)) {
      lock.unlock();
      poll_wait();
      lock.lock();
    }
  }

  /// Ends the epoch before its end: drops what is being made, and waits until no thread works on
  /// it.
  void discard(std::unique_lock<std::mutex>& lock) {
    failed_ = epoch_over_ = true;
    filling_ = nullptr;
    making_.clear();
    wait_for(lock, [&] { return jobs_running_ == 0 && !reading_; });
  }

  bool may_take_job() const {
    return !epoch_over_ && !reading_ &&
           (filling_ || static_cast<int64_t>(making_.size()) <= options_.read.prefetch_buffer);
  }

  void run() {
    const ScopedSerial serial;  // threads of the pipeline, not of OpenMP
    std::unique_lock lock(mutex_);
    for (;;) {
      work_.wait(lock, [&] { return stop_.stop_requested() || may_take_job(); });
      if (stop_.stop_requested()) return;
      Job job;
      if (!take_job(job, lock)) continue;
      ++jobs_running_;
      lock.unlock();
      std::exception_ptr error;
      try {
        decode(job);
      } catch (...) {
        error = std::current_exception();
      }
      lock.lock();
      --jobs_running_;
      --job.batch->running;
      if (error && !job.batch->error) job.batch->error = error;
      done_.notify_all();
    }
  }

  /// The next picture of the epoch; false at its end, or after an error, which its batch keeps.
  bool take_job(Job& job, std::unique_lock<std::mutex>& lock) {
    try {
      return take_job_or_throw(job, lock);
    } catch (...) {
      if (epoch_over_) return false;  // it was dropped meanwhile
      if (!filling_) begin_batch_for_error();
      filling_->error = std::current_exception();
      end_batch();
      end_epoch();
      return false;
    }
  }

  bool take_job_or_throw(Job& job, std::unique_lock<std::mutex>& lock) {
    if (source_ended_) {
      // The last batch took the rest of this pass.
      source_->rewind();
      source_ended_ = false;
    }
    while (!read_record(job.record, lock)) {
      if (epoch_over_ || !on_end_of_pass()) return false;
    }
    if (epoch_over_) return false;
    empty_passes_ = 0;
    if (!filling_) begin_batch();
    job.batch = filling_;
    job.slot = slot_;
    const ImageRecord parsed = parse_image_record(job.record, files_);
    job.picture = parsed.picture;
    filling_->batch.keys[static_cast<size_t>(slot_)] = parsed.key;
    const std::vector<float> labels = labels_of(parsed);
    if (options_.detect) {
      plan_detection(job, labels);
    } else {
      std::copy_n(labels.begin(), label_width_, label_row(job.slot));
      make_plan_of(job);
    }
    ++filling_->running;
    if (++slot_ == options_.read.batch_size) {
      const bool rounded = filling_->batch.pad > 0;
      end_batch();
      if (rounded) end_epoch();
    }
    return true;
  }

  /// Reads the next record of the pass, without the lock: batches that are ready can be taken
  /// meanwhile, and the epoch may end. False at the end of the pass.
  bool read_record(Record& record, std::unique_lock<std::mutex>& lock) {
    const Reading reading(*this, lock);
    return source_->next(record);
  }

  /// While it lives, a thread is the one that reads records and does not hold the lock.
  class Reading {
   public:
    Reading(Impl& impl, std::unique_lock<std::mutex>& lock) : impl_(impl), lock_(lock) {
      impl_.reading_ = true;
      lock_.unlock();
    }
    ~Reading() {
      lock_.lock();
      impl_.reading_ = false;
      impl_.work_.notify_one();
      if (impl_.epoch_over_) impl_.done_.notify_all();  // whoever ended it waits
    }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

   private:
    Impl& impl_;
    std::unique_lock<std::mutex>& lock_;
  };

  /// Goes on with the next pass to fill the batch up; false when the epoch is over.
  bool on_end_of_pass() {
    require(++empty_passes_ < 2, files_.who(), ": part_index=", options_.read.part_index,
            " of num_parts=", options_.read.num_parts, " has no record; fewer parts are expected");
    if (!filling_) {
      source_ended_ = true;
      end_epoch();
      return false;
    }
    if (filling_->batch.pad == 0) filling_->batch.pad = options_.read.batch_size - slot_;
    if (!options_.read.round_batch) {
      clear_rest();
      end_batch();
      source_ended_ = true;
      end_epoch();
      return false;
    }
    source_->rewind();
    return true;
  }

  void begin_batch() {
    const ReadParam& read = options_.read;
    auto made = std::make_shared<Making>();
    const Shape& s = read.data_shape;
    made->batch.data = NDArray(Shape{read.batch_size, s[0], s[1], s[2]}, options_.dtype);
    made->batch.label =
        NDArray(label_width_ == 1 ? Shape{read.batch_size} : Shape{read.batch_size, label_width_},
                DType::kFloat32);
    made->batch.keys.assign(static_cast<size_t>(read.batch_size), 0);
    filling_ = made;
    slot_ = 0;
    making_.push_back(std::move(made));
  }

  void begin_batch_for_error() {
    filling_ = std::make_shared<Making>();
    making_.push_back(filling_);
  }

  void end_batch() {
    filling_->is_full = true;
    filling_ = nullptr;
    done_.notify_all();
  }

  void end_epoch() {
    epoch_over_ = true;
    done_.notify_all();
  }

  void clear_rest() {
    const auto clear = [&](const NDArray& array) {
      const size_t row = array.bytes() / static_cast<size_t>(options_.read.batch_size);
      const size_t used = row * static_cast<size_t>(slot_);
      std::memset(array.as<char>() + used, 0, array.bytes() - used);
    };
    clear(filling_->batch.data);
    clear(filling_->batch.label);
  }

  float* label_row(int64_t slot) const {
    return filling_->batch.label.as<float>() + slot * label_width_;
  }

  /// The labels of a record, or of its key in the list; at least label_width of them.
  std::vector<float> labels_of(const ImageRecord& parsed) const {
    if (list_) {
      const auto found = list_->find(parsed.key);
      require(found != list_->end(), files_.who(), ": path_imglist='", options_.read.path_imglist,
              "' lacks the key ", parsed.key, "; a line for each record is expected");
      return found->second;
    }
    const int64_t width =
        options_.detect ? options_.detect->label_width : options_.read.label_width;
    const int64_t count = std::max(1u, parsed.num_labels);
    require(width < 1 || count == width, files_.who(), ": label_width=", width,
            " does not fit a record of ", count, " labels; as many are expected");
    if (parsed.num_labels == 0) return {parsed.label};
    std::vector<float> labels(parsed.num_labels);
    std::memcpy(labels.data(), parsed.labels.data(), parsed.labels.size());
    return labels;
  }

  /// label_pad_width, or the most labels that a record of this part has.
  int64_t padded_label_width() {
    int64_t most = 0;
    Record record;
    while (source_->next(record)) {
      const auto count = static_cast<int64_t>(labels_of(parse_image_record(record, files_)).size());
      most = std::max(most, count);
    }
    source_ = make_record_source(files_, source_options());
    const int64_t wanted = options_.detect->label_pad_width;
    require(wanted < 1 || wanted >= most, files_.who(), ": label_pad_width=", wanted,
            " does not fit a record of ", most, " labels; at least as many are expected");
    return std::max(wanted, most);
  }

  void plan_detection(Job& job, const std::vector<float>& labels) {
    const DetectParam& detect = *options_.detect;
    try {
      const image::Extent size = image::picture_size(job.picture);
      ObjectLabel objects(labels);
      job.plan = make_detect_plan({size.height, size.width}, options_.read.data_shape, detect,
                                  options_.normalize, objects, draws_);
      const std::vector<float> values = objects.values();
      float* to = label_row(job.slot);
      *to++ = static_cast<float>(options_.read.data_shape[0]);
      *to++ = static_cast<float>(job.plan.made.height);
      *to++ = static_cast<float>(job.plan.made.width);
      *to++ = static_cast<float>(values.size());
      to = std::copy(values.begin(), values.end(), to);
      std::fill(to, label_row(job.slot) + label_width_, detect.label_pad_value);
    } catch (const Error& error) {
      fail_at(job.record, error);
    }
  }

  void make_plan_of(Job& job) {
    try {
      const image::Extent size = image::picture_size(job.picture);
      if (options_.read.seed_aug) {
        draws_.seed(static_cast<uint32_t>(kSeed + *options_.read.seed_aug + job.record.ordinal));
      }
      job.plan = make_plan(size.height, size.width, options_.read.data_shape, options_.augment,
                           options_.normalize, options_.dtype == DType::kUint8, draws_);
    } catch (const Error& error) {
      fail_at(job.record, error);
    }
  }

  [[noreturn]] void fail_at(const Record& record, const Error& error) const {
    fail(error.kind(), files_.who(), ": ", files_.place(record.offset), ": ", error.message());
  }

  /// In a thread of the pipeline, without the lock.
  void decode(Job& job) const {
    try {
      const Shape& shape = options_.read.data_shape;
      image::Image image = image::decode(job.picture, image::DecodeOptions{color_mode(shape[0])});
      require(image.channels == shape[0], "data_shape=", shape, " does not fit a picture of ",
              image.channels, " channels; as many are expected");
      require(image.height == job.plan.height && image.width == job.plan.width,
              "the picture has another size than its header says; an undamaged file is expected");
      image = run_steps(std::move(image), job.plan.steps);
      internal_check(image.height == job.plan.made.height && image.width == job.plan.made.width,
                     "BatchReader: a picture was planned for another size");
      const NDArray& data = job.batch->batch.data;
      const size_t row = data.bytes() / static_cast<size_t>(options_.read.batch_size);
      write_pixels(image, job.plan, options_,
                   data.as<char>() + row * static_cast<size_t>(job.slot));
    } catch (const Error& error) {
      fail_at(job.record, error);
    }
  }

  std::stop_source stop_;
  const ReaderOptions options_;
  const RecordFiles files_;
  std::unique_ptr<RecordSource> source_;
  std::optional<LabelsByKey> list_;
  Draws draws_;
  int64_t num_threads_ = 1, label_width_ = 1;

  // Guarded by mutex_, as is draws_. source_ belongs to the thread that set reading_, or to whoever
  // has the lock while nobody reads.
  std::mutex mutex_;
  std::condition_variable work_;  ///< there may be a picture to take
  std::condition_variable done_;  ///< a picture or an epoch is done
  std::deque<std::shared_ptr<Making>> making_;
  std::shared_ptr<Making> filling_;  ///< the last of making_, until it has all its pictures
  int64_t slot_ = 0;
  int64_t jobs_running_ = 0;
  int empty_passes_ = 0;
  bool epoch_over_ = false, source_ended_ = false, failed_ = false;
  bool reading_ = false;  ///< a thread reads a record
  std::vector<std::thread> threads_;
};

BatchReader::BatchReader(ReaderOptions options, std::string who)
    : options_(std::move(options)),
      who_(std::move(who)),
      process_(::getpid()),
      impl_(std::make_unique<Impl>(options_, who_)) {}

BatchReader::~BatchReader() {
  // Threads of the parent are not there to be waited for.
  if (process_ != ::getpid()) static_cast<void>(impl_.release());
}

void BatchReader::own_process() {
  if (process_ == ::getpid()) return;
  // Its threads and perhaps its lock belong to the parent; only the memory of it is here.
  static_cast<void>(impl_.release());
  impl_ = std::make_unique<Impl>(options_, who_);
  process_ = ::getpid();
}

std::optional<Batch> BatchReader::next() {
  own_process();
  return impl_->next();
}

int64_t BatchReader::label_width() const { return impl_->label_width(); }

void BatchReader::reset() {
  own_process();
  impl_->reset();
}

}  // namespace mx::records
