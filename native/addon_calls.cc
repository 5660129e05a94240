#include "addon_calls.h"

#include <exception>
#include <utility>

#include "addon_values.h"
#include "crash_note.h"
#include "probe.h"

namespace imgpeek {

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

ProbeResult run(Request& request) noexcept {
  const CrashNote note(request.key);
  try {
    Bytes bytes(std::move(request.segments), request.size, request.last_round);
    return probe(bytes, request.wanted);
  } catch (const std::exception& error) {
    return Failure{error.what()};
  }
}

std::optional<ProbeResult> run_briefly(const Request& request) noexcept {
  std::size_t held = 0;
  for (const Bytes::Segment& segment : request.segments) held += segment.data.size();
  if (held > kMaxBrief) return std::nullopt;
  const CrashNote note(request.key);
  try {
    Bytes bytes(request.segments, request.size, request.last_round, Effort::kBrief);
    return probe_briefly(bytes, request.wanted);
  } catch (const std::exception& error) {
    return Failure{error.what()};
  }
}

}  // namespace imgpeek
