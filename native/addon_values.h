// Values of JavaScript's to the core's and back. One of the files that know Node-API.
#pragma once

#include <napi.h>

#include <cstdint>

#include "analyze.h"
#include "info.h"

namespace imgpeek {

// The bits of `wanted`, in the order in which src/native.ts has them.
Wanted to_wanted(std::uint32_t bits);

// The fields of a question about pixels, as src/native.ts has them. The limits have no deadline
// yet.
AnalysisWanted to_analysis_wanted(const Napi::Object& question);
DecodeLimits to_decode_limits(const Napi::Object& question);

FrameWanted to_frame_wanted(const Napi::Object& question);

// The function that makes an answer: a literal of JavaScript's, whose shape is known. To set so
// many properties through Node-API, each by its name, takes several times as long.
Napi::Function create_make_info(Napi::Env env);

// What a probe gave; `make_info` is the environment's.
Napi::Value to_js(Napi::Env env, const Napi::Function& make_info, const ProbeResult& result);

Napi::Value to_js(Napi::Env env, const AnalyzeResult& result);

}  // namespace imgpeek
