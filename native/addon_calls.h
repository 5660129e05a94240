// The calls of the addon that threads work on. One of the files that know Node-API.
#pragma once

#include <napi.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "addon_values.h"
#include "analyze.h"
#include "bytes.h"
#include "crash_note.h"
#include "info.h"
#include "jobs.h"

namespace imgpeek {

// What one call of probe() takes, parsed on the JavaScript thread.
struct Request {
  std::vector<Bytes::Segment> segments;
  std::optional<std::uint64_t> size;
  bool last_round = false;
  Wanted wanted;
  std::string key;  // names the file where reading it crashes or hangs
};

// (held, size, wanted, lastRound, key): `held` has an offset and its bytes by turns.
Request to_request(const Napi::CallbackInfo& args);

// The result, which takes what `request` holds.
ProbeResult run(Request& request) noexcept;

// The result where there soon is one; the request is left as it is.
std::optional<ProbeResult> run_briefly(const Request& request) noexcept;

// One call under way. `pinned_` keeps the JavaScript buffers alive until the promise is settled.
class Call : public Job {
 public:
  Call(const Napi::CallbackInfo& args, std::string key)
      : key_(std::move(key)),
        pinned_(Napi::Persistent(args[0].As<Napi::Object>())),
        deferred_(Napi::Promise::Deferred::New(args.Env())) {}

  const std::string& key() const override { return key_; }
  Napi::Promise promise() const { return deferred_.Promise(); }

  // On the JavaScript thread.
  void settle(Napi::Env env, const Napi::Function& make_info) {
    deferred_.Resolve(result(env, make_info));
  }
  virtual void fail(std::string reason) = 0;

 protected:
  virtual Napi::Value result(Napi::Env env, const Napi::Function& make_info) const = 0;

 private:
  std::string key_;
  Napi::ObjectReference pinned_;
  Napi::Promise::Deferred deferred_;
};

class ProbeCall : public Call {
 public:
  ProbeCall(const Napi::CallbackInfo& args, Request request)
      : Call(args, request.key), request_(std::move(request)) {}

  void run() noexcept override { result_ = imgpeek::run(request_); }
  void fail(std::string reason) override { result_ = Failure{std::move(reason)}; }

 protected:
  Napi::Value result(Napi::Env env, const Napi::Function& make_info) const override {
    return to_js(env, make_info, result_);
  }

 private:
  Request request_;
  ProbeResult result_;
};

// A call that decodes pixels: what its question asks for, and the time that it has from when a
// thread begins it.
class PixelsCall : public Call {
 public:
  void run() noexcept override {
    const SharedCrashNote note(key());
    limits_.deadline = std::chrono::steady_clock::now() + time_;
    try {
      result_ = answer(wanted_, limits_);
    } catch (const std::exception& error) {
      result_ = Failure{error.what()};
    }
  }
  void fail(std::string reason) override { result_ = Failure{std::move(reason)}; }

 protected:
  PixelsCall(const Napi::CallbackInfo& args, std::string key, const Napi::Object& question)
      : Call(args, std::move(key)),
        wanted_(to_analysis_wanted(question)),
        limits_(to_decode_limits(question)),
        time_(question.Get("time").As<Napi::Number>().Int64Value()) {}

  virtual AnalyzeResult answer(const AnalysisWanted& wanted, const DecodeLimits& limits) = 0;

  Napi::Value result(Napi::Env env, const Napi::Function& /*make_info*/) const override {
    return to_js(env, result_);
  }

 private:
  AnalysisWanted wanted_;
  DecodeLimits limits_;
  std::chrono::milliseconds time_;
  AnalyzeResult result_;
};

class AnalyzeCall : public PixelsCall {
 public:
  // analyze(file, format, question, key)
  explicit AnalyzeCall(const Napi::CallbackInfo& args)
      : AnalyzeCall(args, args[2].As<Napi::Object>()) {}

 protected:
  AnalyzeResult answer(const AnalysisWanted& wanted, const DecodeLimits& limits) override {
    return analyze(picture_, wanted, limits);
  }

 private:
  AnalyzeCall(const Napi::CallbackInfo& args, const Napi::Object& question)
      : PixelsCall(args, args[3].As<Napi::String>().Utf8Value(), question),
        format_(args[1].As<Napi::String>().Utf8Value()) {
    const auto file = args[0].As<Napi::Uint8Array>();
    picture_ = {.file = {file.Data(), file.ByteLength()},
                .format = format_,
                .raw = question.Get("raw").ToBoolean().Value(),
                .page = question.Get("page").As<Napi::Number>().Uint32Value(),
                .orientation = question.Get("orientation").As<Napi::Number>().Int32Value()};
  }

  std::string format_;
  Picture picture_;
};

class AnalyzeFrameCall : public PixelsCall {
 public:
  // analyzeFrame(held, size, wanted, lastRound, key, question)
  explicit AnalyzeFrameCall(const Napi::CallbackInfo& args)
      : AnalyzeFrameCall(args, to_request(args), args[5].As<Napi::Object>()) {}

 protected:
  AnalyzeResult answer(const AnalysisWanted& wanted, const DecodeLimits& limits) override {
    Bytes bytes(std::move(request_.segments), request_.size, request_.last_round);
    return analyze_frame(bytes, frame_, wanted, limits);
  }

 private:
  AnalyzeFrameCall(const Napi::CallbackInfo& args, Request request, const Napi::Object& question)
      : PixelsCall(args, request.key, question),
        request_(std::move(request)),
        frame_(to_frame_wanted(question)) {}

  Request request_;
  FrameWanted frame_;
};

}  // namespace imgpeek
