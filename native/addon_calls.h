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

class AnalyzeCall : public Call {
 public:
  // analyze(file, format, question, key)
  explicit AnalyzeCall(const Napi::CallbackInfo& args)
      : Call(args, args[3].As<Napi::String>().Utf8Value()),
        format_(args[1].As<Napi::String>().Utf8Value()) {
    const auto file = args[0].As<Napi::Uint8Array>();
    picture_.file = {file.Data(), file.ByteLength()};
    picture_.format = format_;
    const auto question = args[2].As<Napi::Object>();
    picture_.page = question.Get("page").As<Napi::Number>().Uint32Value();
    picture_.orientation = question.Get("orientation").As<Napi::Number>().Int32Value();
    wanted_ = to_analysis_wanted(question);
    limits_ = to_decode_limits(question);
    time_ = std::chrono::milliseconds(question.Get("time").As<Napi::Number>().Int64Value());
  }

  void run() noexcept override {
    const SharedCrashNote note(key());
    limits_.deadline = std::chrono::steady_clock::now() + time_;
    try {
      result_ = analyze(picture_, wanted_, limits_);
    } catch (const std::exception& error) {
      result_ = Failure{error.what()};
    }
  }
  void fail(std::string reason) override { result_ = Failure{std::move(reason)}; }

 protected:
  Napi::Value result(Napi::Env env, const Napi::Function& /*make_info*/) const override {
    return to_js(env, result_);
  }

 private:
  std::string format_;
  Picture picture_;
  AnalysisWanted wanted_;
  DecodeLimits limits_;
  std::chrono::milliseconds time_{0};
  AnalyzeResult result_;
};

class AnalyzeFrameCall : public Call {
 public:
  // analyzeFrame(held, size, wanted, lastRound, key, question)
  explicit AnalyzeFrameCall(const Napi::CallbackInfo& args)
      : AnalyzeFrameCall(args, to_request(args)) {}

  void run() noexcept override {
    const SharedCrashNote note(key());
    limits_.deadline = std::chrono::steady_clock::now() + time_;
    try {
      Bytes bytes(std::move(request_.segments), request_.size, request_.last_round);
      result_ = analyze_frame(bytes, frame_, wanted_, limits_);
    } catch (const std::exception& error) {
      result_ = Failure{error.what()};
    }
  }
  void fail(std::string reason) override { result_ = Failure{std::move(reason)}; }

 protected:
  Napi::Value result(Napi::Env env, const Napi::Function& /*make_info*/) const override {
    return to_js(env, result_);
  }

 private:
  AnalyzeFrameCall(const Napi::CallbackInfo& args, Request request)
      : Call(args, request.key), request_(std::move(request)) {
    const auto question = args[5].As<Napi::Object>();
    frame_ = to_frame_wanted(question);
    wanted_ = to_analysis_wanted(question);
    limits_ = to_decode_limits(question);
    time_ = std::chrono::milliseconds(question.Get("time").As<Napi::Number>().Int64Value());
  }

  Request request_;
  FrameWanted frame_;
  AnalysisWanted wanted_;
  DecodeLimits limits_;
  std::chrono::milliseconds time_{0};
  AnalyzeFrameResult result_;
};

}  // namespace imgpeek
