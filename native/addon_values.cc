#include "addon_values.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "value.h"

namespace imgpeek {
namespace {

Napi::Value to_text(Napi::Env env, const std::string& text) {
  return text.empty() ? env.Undefined() : Napi::String::New(env, text);
}

Napi::Value to_text(Napi::Env env, const std::optional<std::string>& json) {
  return json ? Napi::String::New(env, *json) : env.Undefined();
}

template <typename Json>
Napi::Value to_text(Napi::Env env, const std::optional<Json>& value) {
  return value ? Napi::String::New(env, to_json(*value)) : env.Undefined();
}

constexpr const char* kMakeInfo = R"((
    format, mimeType, video, raw, width, height, orientation, exif, iptc, photoshop, xmp, videoMeta,
    videoStreams, colorspace, bands, sampleFormat, pagesNumber
) => ({
    format, mimeType, video, raw, width, height, orientation, exif, iptc, photoshop, xmp, videoMeta,
    videoStreams, colorspace, bands, sampleFormat, pagesNumber
}))";

// The answer, with each metadata object as JSON text: it is only ever written into a response.
Napi::Value to_js(Napi::Env env, const Napi::Function& make_info, const Info& info) {
  return make_info.Call({
      Napi::String::New(env, info.format),
      Napi::String::New(env, info.mime_type),
      Napi::Boolean::New(env, info.video),
      Napi::Boolean::New(env, info.raw),
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

Napi::Value to_js(Napi::Env env, const Need& need) {
  auto out = Napi::Object::New(env);
  auto ranges = Napi::Array::New(env, need.ranges.size());
  std::uint32_t index = 0;
  for (const Range& range : need.ranges) {
    auto item = Napi::Object::New(env);
    item.Set("offset", static_cast<double>(range.offset));
    item.Set("length", range.length == kToEnd
                           ? Napi::Number::New(env, std::numeric_limits<double>::infinity())
                           : Napi::Number::New(env, static_cast<double>(range.length)));
    ranges.Set(index++, item);
  }
  out.Set("need", ranges);
  return out;
}

Napi::Value to_js(Napi::Env env, const Napi::Function& /*make_info*/, const Need& need) {
  return to_js(env, need);
}

Napi::Value to_js(Napi::Env env, const Failure& failure) {
  auto out = Napi::Object::New(env);
  out.Set("failure", failure.reason);
  return out;
}

Napi::Value to_js(Napi::Env env, const Napi::Function& /*make_info*/, const Failure& failure) {
  return to_js(env, failure);
}

// The bytes stay where they are, for as long as the array that is made over them.
Napi::Value to_js(Napi::Env env, const NetPixels& net) {
  auto out = Napi::Object::New(env);
  out.Set("width", net.width);
  out.Set("height", net.height);
  using Held = std::shared_ptr<std::vector<std::uint8_t>>;
  auto held = std::make_unique<Held>(net.rgb);
  const auto bytes = Napi::ArrayBuffer::New(
      env, net.rgb->data(), net.rgb->size(),
      [](Napi::Env /*env*/, void* /*data*/, Held* rgb) { const std::unique_ptr<Held> gone(rgb); },
      held.get());
  static_cast<void>(held.release());
  out.Set("rgb", Napi::Uint8Array::New(env, net.rgb->size(), bytes, 0));
  return out;
}

Napi::Value to_js(Napi::Env env, const Analysis& analysis) {
  auto out = Napi::Object::New(env);
  out.Set("transparency", to_text(env, analysis.transparency));
  out.Set("smartCrop", to_text(env, analysis.smart_crop));
  out.Set("palette", to_text(env, analysis.palette));
  out.Set("average", to_text(env, analysis.average));
  out.Set("dominantColors", to_text(env, analysis.dominant_colors));
  out.Set("blurhash", to_text(env, analysis.blurhash));
  out.Set("thumbHash", to_text(env, analysis.thumb_hash));
  out.Set("perceptualHash", to_text(env, analysis.perceptual_hash));
  auto nets = Napi::Array::New(env, analysis.nets.size());
  std::uint32_t index = 0;
  for (const NetPixels& net : analysis.nets) nets.Set(index++, to_js(env, net));
  out.Set("nets", nets);
  return out;
}

std::vector<NetInput> to_net_inputs(const Napi::Array& array) {
  std::vector<NetInput> nets;
  for (std::uint32_t index = 0; index < array.Length(); ++index) {
    const auto net = array.Get(index).As<Napi::Object>();
    const unsigned side = net.Get("side").As<Napi::Number>().Uint32Value();
    nets.push_back({.side = std::clamp(side, 1U, kMaxNetSide),
                    .keeps_shape = net.Get("keepsShape").ToBoolean().Value()});
  }
  return nets;
}

}  // namespace

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

AnalysisWanted to_analysis_wanted(const Napi::Object& question) {
  const auto bit = [&question](const char* name) { return question.Get(name).ToBoolean().Value(); };
  const auto number = [&question](const char* name) {
    return question.Get(name).As<Napi::Number>().Uint32Value();
  };
  AnalysisWanted wanted{.transparency = bit("checkTransparency"),
                        .smart_crop = std::nullopt,
                        .palette = number("palette"),
                        .average = bit("average"),
                        .average_ignores_transparent = bit("averageIgnoresTransparent"),
                        .dominant_colors = bit("dominantColors"),
                        .build_missed = bit("dominantColorsBuildMissed"),
                        .blurhash_x = number("blurhashX"),
                        .blurhash_y = number("blurhashY"),
                        .thumb_hash = bit("thumbHash"),
                        .perceptual_hash = bit("perceptualHash"),
                        .nets = to_net_inputs(question.Get("nets").As<Napi::Array>())};
  if (const Napi::Value crop = question.Get("smartCrop"); crop.IsObject()) {
    const auto size = crop.As<Napi::Object>();
    wanted.smart_crop = {.width = size.Get("width").As<Napi::Number>().DoubleValue(),
                         .height = size.Get("height").As<Napi::Number>().DoubleValue()};
  }
  return wanted;
}

DecodeLimits to_decode_limits(const Napi::Object& question) {
  const auto number = [&question](const char* name) {
    return static_cast<std::uint64_t>(question.Get(name).As<Napi::Number>().Int64Value());
  };
  DecodeLimits limits;
  limits.max_resolution = number("maxSrcResolution");
  limits.max_frame_resolution = number("maxAnimationFrameResolution");
  limits.max_frames = question.Get("maxAnimationFrames").As<Napi::Number>().Uint32Value();
  limits.png_unlimited = question.Get("pngUnlimited").ToBoolean().Value();
  limits.svg_unlimited = question.Get("svgUnlimited").ToBoolean().Value();
  return limits;
}

FrameWanted to_frame_wanted(const Napi::Object& question) {
  return {.second = question.Get("videoThumbnailSecond").As<Napi::Number>().DoubleValue(),
          .keyframe_only = question.Get("videoThumbnailKeyframes").ToBoolean().Value(),
          .probe_size = static_cast<std::uint64_t>(
              question.Get("videoThumbnailProbeSize").As<Napi::Number>().Int64Value()),
          .max_analysis = std::chrono::milliseconds(
              question.Get("videoThumbnailMaxAnalyzeDuration").As<Napi::Number>().Int64Value())};
}

Napi::Function create_make_info(Napi::Env env) {
  return env.RunScript(kMakeInfo).As<Napi::Function>();
}

Napi::Value to_js(Napi::Env env, const Napi::Function& make_info, const ProbeResult& result) {
  return std::visit([&](const auto& some) { return to_js(env, make_info, some); }, result);
}

Napi::Value to_js(Napi::Env env, const AnalyzeResult& result) {
  return std::visit([env](const auto& some) { return to_js(env, some); }, result);
}

}  // namespace imgpeek
