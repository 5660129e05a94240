// What the addon exports: JavaScript values in, the core on threads of our own, JavaScript values
// out. With addon_values.* and addon_calls.* the only file that knows Node-API.
#include <napi.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "addon_calls.h"
#include "addon_values.h"
#include "crash_note.h"
#include "datagram.h"
#include "front/connections.h"
#include "front/sweep.h"
#include "heap.h"
#include "image/vips_header.h"
#include "jobs.h"
#include "pixels/decode.h"
#include "video/video.h"

namespace {

using imgpeek::AnalyzeCall;
using imgpeek::AnalyzeFrameCall;
using imgpeek::Call;
using imgpeek::Job;
using imgpeek::JobThreads;
using imgpeek::ProbeCall;
using imgpeek::ProbeResult;
using imgpeek::Request;

// Two, so that one that a file holds up stalls no other. More than a few would only wait: the
// JavaScript thread takes longer for a request than they do, and there are as many processes as
// cores.
constexpr unsigned kMinThreads = 2;
constexpr unsigned kMaxThreads = 4;

// As many decode pixels, which takes memory; they are started when pixels are first asked for.
constexpr unsigned kDecodingThreads = 2;
// So far they stand back behind what answers from headers: the weight of a tenth (sched(7)).
constexpr int kDecodingNiceness = 10;
static_assert(kDecodingThreads <= imgpeek::SharedCrashNote::kMaxShared);

// Threads of the addon's own, so that a slow resolver or disk in libuv's pool stalls no probe. Each
// instance of the addon owns one.
class Addon : public Napi::Addon<Addon> {
 public:
  Addon(Napi::Env env, Napi::Object exports) {
    imgpeek::mark_javascript_thread();
    imgpeek::start_vips();
    imgpeek::start_libav();
    DefineAddon(
        exports,
        {InstanceMethod("probe", &Addon::probe), InstanceMethod("probeSync", &Addon::probe_sync),
         InstanceMethod("analyze", &Addon::analyze),
         InstanceMethod("analyzeFrame", &Addon::analyze_frame),
         InstanceMethod("canDecode", &Addon::can_decode),
         InstanceMethod("vipsMemory", &Addon::vips_memory),
         InstanceMethod("releaseMemory", &Addon::release_memory),
         InstanceMethod("discard", &Addon::discard),
         InstanceMethod("sendDatagram", &Addon::send_datagram),
         InstanceMethod("guardConnections", &Addon::guard_connections),
         InstanceMethod("endLateConnections", &Addon::end_late_connections),
         InstanceMethod("noteCrashes", &Addon::note_crashes),
         InstanceMethod("running", &Addon::running), InstanceMethod("giveUp", &Addon::give_up)});
    make_info_ = Napi::Persistent(imgpeek::create_make_info(env));
    settler_ = Settler::New(env, "imgpeek.probe", 0, 1, this);
    settler_.Unref(env);
    const unsigned count =
        std::clamp(std::thread::hardware_concurrency(), kMinThreads, kMaxThreads);
    probing_ = std::make_unique<JobThreads>(count, 0, done());
  }

  Addon(const Addon&) = delete;
  Addon& operator=(const Addon&) = delete;

  ~Addon() {
    probing_.reset();
    decoding_.reset();
    settler_.Release();
  }

 private:
  // What libvips holds: {bytes, highest bytes so far, allocations}.
  Napi::Value vips_memory(const Napi::CallbackInfo& args) {
    const imgpeek::VipsMemory memory = imgpeek::vips_memory();
    auto out = Napi::Object::New(args.Env());
    out.Set("bytes", static_cast<double>(memory.bytes));
    out.Set("maxBytes", static_cast<double>(memory.max_bytes));
    out.Set("allocs", static_cast<double>(memory.allocs));
    return out;
  }

  void release_memory(const Napi::CallbackInfo& /*args*/) { imgpeek::release_free_memory(); }

  // discard(buffers): frees ArrayBuffers that no thread is at. They are empty from then on.
  void discard(const Napi::CallbackInfo& args) {
    const auto buffers = args[0].As<Napi::Array>();
    for (std::uint32_t i = 0; i < buffers.Length(); ++i) {
      buffers.Get(i).As<Napi::ArrayBuffer>().Detach();
    }
  }

  // guardConnections(library, kept, times in ms): whether the library's are guarded from now on.
  Napi::Value guard_connections(const Napi::CallbackInfo& args) {
    const auto names = args[1].As<Napi::Array>();
    std::vector<std::string> kept;
    for (std::uint32_t i = 0; i < names.Length(); ++i) {
      kept.push_back(names.Get(i).As<Napi::String>().Utf8Value());
    }
    const auto times = args[2].As<Napi::Object>();
    const auto time = [&times](const char* name) {
      return std::chrono::milliseconds(times.Get(name).As<Napi::Number>().Int64Value());
    };
    const imgpeek::ConnectionTimes limits{.read_request = time("readRequest"),
                                          .write_response = time("writeResponse"),
                                          .keep_alive = time("keepAlive")};
    uv_loop_s* loop = nullptr;
    const bool done =
        napi_get_uv_event_loop(args.Env(), &loop) == napi_ok &&
        imgpeek::slow_sweep(
            loop, std::max({limits.read_request, limits.write_response, limits.keep_alive})) &&
        imgpeek::guard_connections(args[0].As<Napi::String>().Utf8Value(), std::move(kept), limits);
    return Napi::Boolean::New(args.Env(), done);
  }

  Napi::Value end_late_connections(const Napi::CallbackInfo& args) {
    return Napi::Number::New(args.Env(), static_cast<double>(imgpeek::end_late_connections()));
  }

  Napi::Value send_datagram(const Napi::CallbackInfo& args) {
    const std::string path = args[0].As<Napi::String>();
    const std::string message = args[1].As<Napi::String>();
    return Napi::Boolean::New(args.Env(), imgpeek::send_datagram(path, message));
  }

  // Back on the JavaScript thread: settles the promise of a finished call.
  static void settle(Napi::Env env, Napi::Function /*unused*/, Addon* addon, Call* finished) {
    const std::unique_ptr<Call> call(finished);
    if (env == nullptr) return;  // the environment is being torn down
    const Napi::HandleScope scope(env);
    call->settle(env, addon->make_info_.Value());
    if (--addon->under_way_ == 0) addon->settler_.Unref(env);
  }
  using Settler = Napi::TypedThreadSafeFunction<Addon, Call, settle>;

  // probe(held, size, wanted, lastRound, key): the result where there soon is one, else a promise
  // of it. Whoever waits for a thread waits longer than most files take to be read.
  Napi::Value probe(const Napi::CallbackInfo& args) {
    Request request = imgpeek::to_request(args);
    if (const std::optional<ProbeResult> result = imgpeek::run_briefly(request)) {
      return imgpeek::to_js(args.Env(), make_info_.Value(), *result);
    }
    return start(args.Env(), *probing_, std::make_unique<ProbeCall>(args, std::move(request)));
  }

  // analyze(file, format, question, key): a promise of what its pixels say.
  Napi::Value analyze(const Napi::CallbackInfo& args) {
    return start(args.Env(), decoding_threads(), std::make_unique<AnalyzeCall>(args));
  }

  // analyzeFrame(held, size, wanted, lastRound, key, question): the same of a film's frame, or what
  // must be held for it.
  Napi::Value analyze_frame(const Napi::CallbackInfo& args) {
    return start(args.Env(), decoding_threads(), std::make_unique<AnalyzeFrameCall>(args));
  }

  JobThreads& decoding_threads() {
    if (!decoding_) {
      decoding_ = std::make_unique<JobThreads>(kDecodingThreads, kDecodingNiceness, done());
    }
    return *decoding_;
  }

  Napi::Value can_decode(const Napi::CallbackInfo& args) {
    const std::string format = args[0].As<Napi::String>();
    return Napi::Boolean::New(args.Env(), imgpeek::can_decode(format));
  }

  Napi::Value start(Napi::Env env, JobThreads& threads, std::unique_ptr<Call> call) {
    const Napi::Promise promise = call->promise();
    if (under_way_++ == 0) settler_.Ref(env);
    threads.add(std::move(call));
    return promise;
  }

  // Brings a call that was run to the JavaScript thread.
  JobThreads::Done done() {
    return [this](std::unique_ptr<Job> job) {
      auto* call = static_cast<Call*>(job.get());  // all jobs here are calls
      if (settler_.NonBlockingCall(call) == napi_ok) static_cast<void>(job.release());
    };
  }

  // The same on the JavaScript thread, for callers that have nothing else to do.
  Napi::Value probe_sync(const Napi::CallbackInfo& args) {
    Request request = imgpeek::to_request(args);
    return imgpeek::to_js(args.Env(), make_info_.Value(), imgpeek::run(request));
  }

  // noteCrashes(fd): a fault writes the key of the file that it happened in to `fd`.
  void note_crashes(const Napi::CallbackInfo& args) {
    signal_stack_.emplace();  // of the JavaScript thread, which may probe too
    imgpeek::note_crashes(args[0].As<Napi::Number>().Int32Value());
  }

  // running(): the keys of the calls that threads are at, as many as threads at the most, with a
  // number that no other call has, and whether they decode.
  Napi::Value running(const Napi::CallbackInfo& args) {
    auto out = Napi::Array::New(args.Env());
    std::uint32_t index = 0;
    const auto append = [&](const std::unique_ptr<JobThreads>& threads, bool decodes) {
      if (!threads) return;
      for (const imgpeek::RunningJob& job : threads->running()) {
        auto item = Napi::Object::New(args.Env());
        item.Set("key", job.key);
        item.Set("serial", static_cast<double>(job.serial));
        item.Set("decodes", decodes);
        out.Set(index++, item);
      }
    };
    append(probing_, false);
    append(decoding_, true);
    return out;
  }

  // giveUp(key): the calls with this key that no thread has begun yet will not be.
  void give_up(const Napi::CallbackInfo& args) {
    const std::string key = args[0].As<Napi::String>().Utf8Value();
    for (const auto& threads : {probing_.get(), decoding_.get()}) {
      if (threads == nullptr) continue;
      for (std::unique_ptr<Job>& job : threads->give_up(key)) {
        auto* call = static_cast<Call*>(job.release());
        call->fail("given up");
        settle(args.Env(), {}, this, call);
      }
    }
  }

  std::optional<imgpeek::SignalStack> signal_stack_;
  Settler settler_;
  Napi::FunctionReference make_info_;
  // touched on the JavaScript thread only; the loop lives while it is not 0
  unsigned under_way_ = 0;
  std::unique_ptr<JobThreads> probing_;
  std::unique_ptr<JobThreads> decoding_;
};

}  // namespace

NODE_API_ADDON(Addon)
