// The only file that knows Node-API: JavaScript values in, probe() on threads of our own,
// JavaScript values out.
#include <napi.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "crash_note.h"
#include "datagram.h"
#include "front/connections.h"
#include "front/sweep.h"
#include "heap.h"
#include "image/vips_header.h"
#include "info.h"
#include "probe.h"
#include "video/video.h"

namespace {

using imgpeek::Bytes;
using imgpeek::Failure;
using imgpeek::Info;
using imgpeek::Need;
using imgpeek::ProbeResult;
using imgpeek::Range;
using imgpeek::Wanted;

// What one call of probe() takes, parsed on the JavaScript thread.
struct Request {
  std::vector<Bytes::Segment> segments;
  std::optional<std::uint64_t> size;
  bool last_round = false;
  Wanted wanted;
  std::string key;  // names the file where reading it crashes or hangs
};

ProbeResult run(Request& request) noexcept {
  const imgpeek::CrashNote note(request.key);
  try {
    Bytes bytes(std::move(request.segments), request.size, request.last_round);
    return imgpeek::probe(bytes, request.wanted);
  } catch (const std::exception& error) {
    return Failure{error.what()};
  }
}

// The result where there soon is one; the request is left as it is.
std::optional<ProbeResult> run_briefly(const Request& request) noexcept {
  std::size_t held = 0;
  for (const Bytes::Segment& segment : request.segments) held += segment.data.size();
  if (held > imgpeek::kMaxBrief) return std::nullopt;
  const imgpeek::CrashNote note(request.key);
  try {
    Bytes bytes(request.segments, request.size, request.last_round, imgpeek::Effort::kBrief);
    return imgpeek::probe_briefly(bytes, request.wanted);
  } catch (const std::exception& error) {
    return Failure{error.what()};
  }
}

// The bits of `wanted`, in the order in which src/native.ts has them.
Wanted to_wanted(std::uint32_t bits) {
  unsigned next = 0;
  const auto bit = [bits, &next] { return (bits >> next++ & 1U) != 0; };
  return {.dimensions = bit(),
          .exif = bit(),
          .exif_canonical = bit(),
          .iptc = bit(),
          .xmp = bit(),
          .video_meta = bit(),
          .colorspace = bit(),
          .bands = bit(),
          .sample_format = bit(),
          .pages_number = bit()};
}

// (held, size, wanted, lastRound, key): `held` has an offset and its bytes by turns.
Request to_request(const Napi::CallbackInfo& args) {
  Request request;
  const auto held = args[0].As<Napi::Array>();
  const std::uint32_t count = held.Length() / 2;
  request.segments.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const Napi::Value offset = held[2 * i];
    const Napi::Value bytes = held[2 * i + 1];
    const auto data = bytes.As<Napi::Uint8Array>();
    request.segments.push_back({static_cast<std::uint64_t>(offset.As<Napi::Number>().Int64Value()),
                                {data.Data(), data.ByteLength()}});
  }
  if (args[1].IsNumber()) {
    request.size = static_cast<std::uint64_t>(args[1].As<Napi::Number>().Int64Value());
  }
  request.wanted = to_wanted(args[2].As<Napi::Number>().Uint32Value());
  request.last_round = args[3].As<Napi::Boolean>().Value();
  if (args[4].IsString()) request.key = args[4].As<Napi::String>().Utf8Value();
  return request;
}

Napi::Value to_text(Napi::Env env, const std::string& text) {
  return text.empty() ? env.Undefined() : Napi::String::New(env, text);
}

Napi::Value to_text(Napi::Env env, const std::optional<std::string>& json) {
  return json ? Napi::String::New(env, *json) : env.Undefined();
}

template <typename Json>
Napi::Value to_text(Napi::Env env, const std::optional<Json>& value) {
  return value ? Napi::String::New(env, imgpeek::to_json(*value)) : env.Undefined();
}

// Makes the answer by a literal of JavaScript's, whose shape is known: to set so many properties
// through Node-API, each by its name, takes several times as long.
constexpr const char* kMakeInfo = R"((
    format, mimeType, video, width, height, orientation, exif, iptc, photoshop, xmp, videoMeta,
    videoStreams, colorspace, bands, sampleFormat, pagesNumber
) => ({
    format, mimeType, video, width, height, orientation, exif, iptc, photoshop, xmp, videoMeta,
    videoStreams, colorspace, bands, sampleFormat, pagesNumber
}))";

// The answer, with each metadata object as JSON text: it is only ever written into a response.
Napi::Value to_js(Napi::Env env, const Napi::Function& make_info, const Info& info) {
  return make_info.Call({
      Napi::String::New(env, info.format),
      Napi::String::New(env, info.mime_type),
      Napi::Boolean::New(env, info.video),
      Napi::Number::New(env, static_cast<double>(info.width)),
      Napi::Number::New(env, static_cast<double>(info.height)),
      Napi::Number::New(env, info.orientation),
      to_text(env, info.exif),
      to_text(env, info.iptc),
      to_text(env, info.photoshop),
      to_text(env, info.xmp),
      to_text(env, info.video_meta),
      to_text(env, info.video_streams),
      to_text(env, info.colorspace),
      info.bands == 0 ? env.Undefined() : Napi::Number::New(env, info.bands),
      to_text(env, info.sample_format),
      Napi::Number::New(env, static_cast<double>(info.pages_number)),
  });
}

Napi::Value to_js(Napi::Env env, const Napi::Function& /*make_info*/, const Need& need) {
  auto out = Napi::Object::New(env);
  auto ranges = Napi::Array::New(env, need.ranges.size());
  std::uint32_t index = 0;
  for (const Range& range : need.ranges) {
    auto item = Napi::Object::New(env);
    item.Set("offset", static_cast<double>(range.offset));
    item.Set("length", range.length == imgpeek::kToEnd
                           ? Napi::Number::New(env, std::numeric_limits<double>::infinity())
                           : Napi::Number::New(env, static_cast<double>(range.length)));
    ranges.Set(index++, item);
  }
  out.Set("need", ranges);
  return out;
}

Napi::Value to_js(Napi::Env env, const Napi::Function& /*make_info*/, const Failure& failure) {
  auto out = Napi::Object::New(env);
  out.Set("failure", failure.reason);
  return out;
}

Napi::Value to_js(Napi::Env env, const Napi::Function& make_info, const ProbeResult& result) {
  return std::visit([&](const auto& some) { return to_js(env, make_info, some); }, result);
}

// One call under way. `pinned` keeps the JavaScript buffers alive until the promise is settled.
struct Call {
  std::uint64_t serial;
  Request request;
  ProbeResult result;
  Napi::ObjectReference pinned;
  Napi::Promise::Deferred deferred;
};

// Two, so that one that a file holds up stalls no other. More than a few would only wait: the
// JavaScript thread takes longer for a request than they do, and there are as many processes as
// cores.
constexpr unsigned kMinThreads = 2;
constexpr unsigned kMaxThreads = 4;

// Threads of the addon's own, so that a slow resolver or disk in libuv's pool stalls no probe. Each
// instance of the addon owns one.
class Addon : public Napi::Addon<Addon> {
 public:
  Addon(Napi::Env env, Napi::Object exports) {
    imgpeek::start_vips();
    imgpeek::start_libav();
    DefineAddon(
        exports,
        {InstanceMethod("probe", &Addon::probe), InstanceMethod("probeSync", &Addon::probe_sync),
         InstanceMethod("vipsMemory", &Addon::vips_memory),
         InstanceMethod("releaseMemory", &Addon::release_memory),
         InstanceMethod("sendDatagram", &Addon::send_datagram),
         InstanceMethod("guardConnections", &Addon::guard_connections),
         InstanceMethod("endLateConnections", &Addon::end_late_connections),
         InstanceMethod("noteCrashes", &Addon::note_crashes),
         InstanceMethod("running", &Addon::running), InstanceMethod("giveUp", &Addon::give_up)});
    make_info_ = Napi::Persistent(env.RunScript(kMakeInfo).As<Napi::Function>());
    settler_ = Settler::New(env, "imgpeek.probe", 0, 1, this);
    settler_.Unref(env);
    const unsigned count =
        std::clamp(std::thread::hardware_concurrency(), kMinThreads, kMaxThreads);
    for (unsigned i = 0; i < count; ++i) threads_.emplace_back([this] { work(); });
  }

  Addon(const Addon&) = delete;
  Addon& operator=(const Addon&) = delete;

  ~Addon() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
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
    call->deferred.Resolve(to_js(env, addon->make_info_.Value(), call->result));
    if (--addon->under_way_ == 0) addon->settler_.Unref(env);
  }
  using Settler = Napi::TypedThreadSafeFunction<Addon, Call, settle>;

  // probe(held, size, wanted, lastRound, key): the result where there soon is one, else a promise
  // of it. Whoever waits for a thread waits longer than most files take to be read.
  Napi::Value probe(const Napi::CallbackInfo& args) {
    Request request = to_request(args);
    if (const std::optional<ProbeResult> result = run_briefly(request)) {
      return to_js(args.Env(), make_info_.Value(), *result);
    }
    auto call = std::make_unique<Call>(Call{++serials_, std::move(request), Failure{},
                                            Napi::Persistent(args[0].As<Napi::Object>()),
                                            Napi::Promise::Deferred::New(args.Env())});
    const Napi::Promise promise = call->deferred.Promise();
    if (under_way_++ == 0) settler_.Ref(args.Env());
    {
      const std::lock_guard lock(mutex_);
      queue_.push_back(std::move(call));
    }
    wake_.notify_one();
    return promise;
  }

  // The same on the JavaScript thread, for callers that have nothing else to do.
  Napi::Value probe_sync(const Napi::CallbackInfo& args) {
    Request request = to_request(args);
    return to_js(args.Env(), make_info_.Value(), run(request));
  }

  // noteCrashes(fd): a fault writes the key of the file that it happened in to `fd`.
  void note_crashes(const Napi::CallbackInfo& args) {
    signal_stack_.emplace();  // of the JavaScript thread, which may probe too
    imgpeek::note_crashes(args[0].As<Napi::Number>().Int32Value());
  }

  // running(): the keys of the calls that threads are at, as many as threads at the most, with a
  // number that no other call has.
  Napi::Value running(const Napi::CallbackInfo& args) {
    auto out = Napi::Array::New(args.Env());
    const std::lock_guard lock(mutex_);
    std::uint32_t index = 0;
    for (const Call* call : running_) {
      auto item = Napi::Object::New(args.Env());
      item.Set("key", call->request.key);
      item.Set("serial", static_cast<double>(call->serial));
      out.Set(index++, item);
    }
    return out;
  }

  // giveUp(key): the calls with this key that no thread has begun yet will not be.
  void give_up(const Napi::CallbackInfo& args) {
    const std::string key = args[0].As<Napi::String>().Utf8Value();
    std::vector<std::unique_ptr<Call>> given_up;
    {
      const std::lock_guard lock(mutex_);
      for (auto& call : queue_) {
        if (call->request.key == key) given_up.push_back(std::move(call));
      }
      std::erase(queue_, nullptr);
    }
    for (auto& call : given_up) {
      call->result = Failure{"given up"};
      settle(args.Env(), {}, this, call.release());
    }
  }

  void work() {
    const imgpeek::SignalStack signal_stack;
    for (;;) {
      std::unique_ptr<Call> call;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (stopping_) return;
        call = std::move(queue_.front());
        queue_.pop_front();
        running_.insert(call.get());
      }
      call->result = run(call->request);
      {
        const std::lock_guard lock(mutex_);
        running_.erase(call.get());
      }
      if (settler_.NonBlockingCall(call.get()) == napi_ok) static_cast<void>(call.release());
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::unique_ptr<Call>> queue_;
  std::set<const Call*> running_;
  std::uint64_t serials_ = 0;
  std::optional<imgpeek::SignalStack> signal_stack_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
  Settler settler_;
  Napi::FunctionReference make_info_;
  unsigned under_way_ =
      0;  // touched on the JavaScript thread only; the loop lives while it is not 0
};

}  // namespace

NODE_API_ADDON(Addon)
