#include "engine/engine.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

namespace mx {
namespace {

using Vars = std::vector<Var*>;

void queue(std::function<void()> work, const Vars& reads, const Vars& writes, int priority = 0,
           Lane lane = Lane::kCompute) {
  Engine::get().push(std::move(work), reads, writes, {"test", lane, priority});
}

/// Keeps the threads of a lane busy until it is opened.
class Gate {
 public:
  explicit Gate(Lane lane = Lane::kCompute) {
    queue([this] { opened_.get_future().wait(); }, {}, {&var_}, 1000, lane);
  }
  void open() { opened_.set_value(); }
  Var& var() { return var_; }

 private:
  Var var_;
  std::promise<void> opened_;
};

TEST(Engine, RunsWritesInOrderAndReadsAfterThem) {
  Var var;
  int value = 0, seen = -1;
  Gate gate;
  queue([&] { value = 1; }, {}, {&var});
  queue([&] { value = value * 10 + 2; }, {}, {&var});
  queue([&] { seen = value; }, {&var}, {});
  queue([&] { value = 7; }, {}, {&var});
  gate.open();
  Engine::get().wait_all();
  EXPECT_EQ(seen, 12);
  EXPECT_EQ(value, 7);
}

TEST(Engine, RunsSmallWorkAtOnceUnlessSomebodyUsesItsVars) {
  Var var;
  bool done = false;
  Engine::get().push([&] { done = true; }, {}, Vars{&var}, true, {"test"});
  EXPECT_TRUE(done);
  Gate gate;
  queue([] {}, {}, {&var});
  done = false;
  Engine::get().push([&] { done = true; }, Vars{&var}, {}, true, {"test"});
  EXPECT_FALSE(done);
  gate.open();
  Engine::get().wait_all();
  EXPECT_TRUE(done);
}

TEST(Engine, CrossedReadsAndWritesOfThreadsEnd) {
  constexpr int kVars = 6, kThreads = 4, kOperations = 4000;
  std::vector<Var> vars(kVars);
  std::vector<int64_t> values(kVars);  // each is written under its Var alone
  std::atomic<int64_t> written{0};
  const auto push_all = [&](unsigned seed) {
    std::mt19937 random(seed);
    for (int i = 0; i < kOperations; ++i) {
      Vars reads, writes;
      std::vector<size_t> targets;
      for (size_t v = 0; v < kVars; ++v) {
        const auto choice = random() % 4;
        if (choice < 2) reads.push_back(&vars[v]);
        if (choice == 1 || choice == 2) writes.push_back(&vars[v]), targets.push_back(v);
      }
      Engine::get().push(
          [&, targets] {
            for (size_t v : targets) ++values[v], ++written;
          },
          reads, writes, i % 3 == 0, {"crossed"});
      if (i % 500 == 0) Engine::get().wait_to_read(vars[random() % kVars]);
    }
  };
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < kThreads; ++t) threads.emplace_back(push_all, t);
  for (std::thread& thread : threads) thread.join();
  Engine::get().wait_all();
  int64_t sum = 0;
  for (int64_t value : values) sum += value;
  EXPECT_EQ(sum, written);
}

TEST(Engine, KeepsAnErrorUntilTheVarIsWrittenAsAWhole) {
  Var failed, other;
  bool ran = false;
  const auto fails = [&] { queue([] { throw std::runtime_error("broken"); }, {}, {&failed}); };
  fails();
  EXPECT_THROW(Engine::get().wait_to_read(failed), std::runtime_error);
  queue([&] { ran = true; }, {&failed}, {&other});  // reads it
  EXPECT_THROW(Engine::get().wait_to_read(other), std::runtime_error);
  for (const bool small : {false, true}) {  // updates it
    Engine::get().push([&] { ran = true; }, Vars{&failed}, Vars{&failed}, small, {"test"});
    EXPECT_THROW(Engine::get().wait_to_read(failed), std::runtime_error);
  }
  EXPECT_FALSE(ran);
  for (const bool small : {false, true}) {
    Engine::get().push([&] { ran = true; }, {}, Vars{&failed}, small, {"test"});
    EXPECT_NO_THROW(Engine::get().wait_to_read(failed));
    fails();
  }
  EXPECT_THROW(Engine::get().wait_all(), std::runtime_error);
  EXPECT_NO_THROW(Engine::get().wait_all());
}

TEST(Engine, AttemptThatCouldNotBeginLeavesErrorsAndCounts) {
  Var failed, busy;
  queue([] { throw std::runtime_error("broken"); }, {}, {&failed});
  EXPECT_THROW(Engine::get().wait_to_read(failed), std::runtime_error);
  Gate gate;
  queue([] {}, {}, {&busy});
  const uint64_t writes = failed.scheduled_writes();
  // Cannot begin at once, since it reads what is busy; its place in the queues comes after that.
  Engine::get().push([] {}, Vars{&busy, &failed}, Vars{&failed}, true, {"test"});
  EXPECT_EQ(failed.scheduled_writes(), writes + 1);
  gate.open();
  EXPECT_THROW(Engine::get().wait_to_read(failed), std::runtime_error);
  Engine::get().wait_all();
}

TEST(Engine, InterruptedInlineWorkLeavesTheErrorThatWasThere) {
  Var var;
  queue([] { throw std::runtime_error("first"); }, {}, {&var});
  EXPECT_THROW(Engine::get().wait_to_read(var), std::runtime_error);
  const auto push = [&] {
    Engine::get().push([] { throw std::logic_error("second"); }, {}, Vars{&var}, true, {"test"});
  };
  EXPECT_THROW(push(), std::logic_error);
  EXPECT_THROW(Engine::get().wait_to_read(var), std::runtime_error);
}

TEST(Engine, RunsHereInTheCallersThreadInOrder) {
  Var var;
  int value = 0;
  Gate gate;
  queue([&] { value = 5; }, {}, {&var});
  std::thread opener([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    gate.open();
  });
  std::thread::id ran_in;
  int seen = 0;
  Engine::get().run_here([&] { ran_in = std::this_thread::get_id(), seen = value; }, Vars{&var}, {},
                         "test");
  EXPECT_EQ(ran_in, std::this_thread::get_id());
  EXPECT_EQ(seen, 5);
  opener.join();
  EXPECT_THROW(Engine::get().run_here([] { throw std::runtime_error("here"); }, {}, Vars{&var}, ""),
               std::runtime_error);
}

TEST(Engine, RunsTheMostUrgentFirst) {
  std::vector<int> order;
  Var done;
  Gate gate(Lane::kIo);
  for (const int priority : {0, 5, -3, 5})
    queue([&order, priority] { order.push_back(priority); }, {}, {}, priority, Lane::kIo);
  gate.open();
  Engine::get().wait_all();
  EXPECT_EQ(order, (std::vector<int>{5, 5, 0, -3}));
}

TEST(Engine, LanesDoNotWaitForEachOther) {
  Gate communication(Lane::kCommunication), io(Lane::kIo);
  Var var;
  bool computed = false;
  queue([&] { computed = true; }, {}, {&var});
  Engine::get().wait_to_read(var);
  EXPECT_TRUE(computed);
  communication.open();
  io.open();
  Engine::get().wait_all();
}

TEST(Engine, AsynchronousOperationsEndWithTheirCompletion) {
  Var var;
  std::promise<Completion> started;
  Engine::get().push_async([&](Completion done) { started.set_value(std::move(done)); }, {},
                           Vars{&var}, {"send", Lane::kCommunication});
  std::atomic<bool> read = false, next = false;
  queue([&] { read = true; }, {&var}, {});
  const Completion done = started.get_future().get();
  queue([&] { next = true; }, {}, {}, 0, Lane::kCommunication);  // its thread is free
  while (!next) std::this_thread::yield();
  EXPECT_FALSE(read);
  std::thread([done] { done(); }).join();
  Engine::get().wait_all();
  EXPECT_TRUE(read);
  done();  // only the first call counts
}

TEST(Engine, AsynchronousOperationsFail) {
  Var dropped, thrown, told;
  Engine::get().push_async([](const Completion&) {}, {}, Vars{&dropped}, {"forgotten"});
  EXPECT_THROW(Engine::get().wait_to_read(dropped), std::exception);
  Engine::get().push_async([](const Completion&) { throw std::runtime_error("start"); }, {},
                           Vars{&thrown}, {"throws"});
  EXPECT_THROW(Engine::get().wait_to_read(thrown), std::runtime_error);
  Engine::get().push_async(
      [](const Completion& done) { done(std::make_exception_ptr(std::logic_error("told"))); }, {},
      Vars{&told}, {"tells"});
  EXPECT_THROW(Engine::get().wait_to_read(told), std::logic_error);
  EXPECT_NO_THROW(Engine::get().wait_all());
}

TEST(Engine, WhoeverPushesTooMuchWaits) {
  Var var;
  Gate gate;
  constexpr size_t kHuge = size_t{1} << 40;
  Engine::get().push([] {}, {}, Vars{&var}, {"huge", Lane::kCompute, 0, kHuge});
  std::atomic<bool> has_room{false};
  std::thread pusher([&] {
    Engine::get().wait_for_room();
    has_room = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  EXPECT_FALSE(has_room);
  gate.open();
  pusher.join();
}

}  // namespace
}  // namespace mx
