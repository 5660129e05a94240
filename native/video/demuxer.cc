#include "video/demuxer.h"

extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
}

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <string>

namespace imgpeek {
namespace {

// The demuxers that we answer for. None of them opens a second file by itself; what may (playlists,
// manifests, concatenations, image sequences, session descriptions) must never get in here.
constexpr char kFormats[] =
    "mov,matroska,avi,flv,mpegts,mpeg,mpegvideo,ogg,asf,mxf,mp3,aac,flac,wav,aiff,ivf,yuv4mpegpipe";

// The decoders that may look at first frames: those of codecs whose containers leave the size of
// the picture, or the layout of the sound, to the stream itself.
constexpr char kDecoders[] =
    "h264,hevc,mpeg1video,mpeg2video,mpeg4,msmpeg4,vc1,h263,flv,vp6,vp6f,"
    "aac,aac_latm,ac3,eac3,dca,mp1float,mp2float,mp3float,mp1,mp2,mp3";

// Streams of one file; broadcast masters have a few dozen.
constexpr char kMaxStreams[] = "256";
// Bytes of packets that analyze() may read. The view is the closer bound, as a rule.
constexpr std::uint64_t kProbeSize = 5'000'000;
constexpr unsigned kMaxSteps = 100'000;
constexpr unsigned kMaxPackets = 1024;
// What is fetched where libavformat reads on in a whole file: more than most steps of it.
constexpr std::uint64_t kStep = std::uint64_t{1} << 20U;

// libavformat is never to open anything: neither a reference in a file, nor a further segment.
int refuse_open(AVFormatContext* /*format*/, AVIOContext** /*io*/, const char* /*url*/,
                int /*flags*/, AVDictionary** /*options*/) noexcept {
  return AVERROR(EPERM);
}

class Options {
 public:
  Options() = default;
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;
  ~Options() { av_dict_free(&dictionary_); }

  void set(const char* key, const char* value) {
    if (av_dict_set(&dictionary_, key, value, 0) < 0) throw std::bad_alloc();
  }
  AVDictionary** address() { return &dictionary_; }

 private:
  AVDictionary* dictionary_ = nullptr;
};

struct FreePacket {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};

}  // namespace

void Demuxer::Close::operator()(AVFormatContext* format) const { avformat_close_input(&format); }

int Demuxer::interrupt(void* self) noexcept {
  auto& demuxer = *static_cast<Demuxer*>(self);
  return ++demuxer.steps_ > kMaxSteps || demuxer.io_.exhausted() ? 1 : 0;
}

Demuxer::Demuxer(const Bytes& bytes, const View& view, const char* name) : io_(bytes, view) {
  open(name, {.decoders = kDecoders, .probe_size = kProbeSize, .max_analysis = {}});
}

Demuxer::Demuxer(const Bytes& bytes, const char* name, const WholeFile& how) : io_(bytes) {
  open(name, how);
}

void Demuxer::open(const char* name, const WholeFile& how) {
  const AVInputFormat* demuxer = av_find_input_format(name);
  if (demuxer == nullptr) throw Malformed(std::string(name) + ": this build has no such demuxer");

  Options options;
  options.set("format_whitelist", kFormats);
  options.set("protocol_whitelist", "");
  options.set("codec_whitelist", how.decoders);
  options.set("max_streams", kMaxStreams);
  // Less than 32 is refused.
  options.set("probesize", std::to_string(std::max<std::uint64_t>(how.probe_size, 32)).c_str());
  options.set("analyzeduration",
              std::to_string(std::chrono::microseconds(how.max_analysis).count()).c_str());

  format_.reset(avformat_alloc_context());
  if (!format_) throw std::bad_alloc();
  format_->pb = io_.context();
  format_->io_open = refuse_open;
  format_->interrupt_callback = {.callback = &Demuxer::interrupt, .opaque = this};

  // avformat_open_input() frees the context that it is given when it fails.
  AVFormatContext* context = format_.release();
  const int status = avformat_open_input(&context, "", demuxer, options.address());
  if (status >= 0) format_.reset(context);
  require_read();
  if (status < 0) throw Malformed(std::string(name) + ": libavformat refuses the header");
}

void Demuxer::require_read() const {
  if (const auto at = io_.starved_at()) throw Missing{Need{{{.offset = *at, .length = kStep}}}};
}

void Demuxer::read_packets() {
  steps_ = 0;
  std::unique_ptr<AVPacket, FreePacket> packet(av_packet_alloc());
  if (!packet) throw std::bad_alloc();
  for (unsigned i = 0; i < kMaxPackets && av_read_frame(format_.get(), packet.get()) >= 0; ++i) {
    av_packet_unref(packet.get());
  }
}

void Demuxer::analyze() {
  steps_ = 0;
  // A failure leaves the parameters as far as they are known, which is what is wanted.
  avformat_find_stream_info(format_.get(), nullptr);
}

void Demuxer::analyze(std::uint64_t bytes) {
  io_.set_limit(bytes);
  analyze();
  io_.set_limit(std::nullopt);
}

std::string demuxer_names(const char* name) {
  const AVInputFormat* demuxer = av_find_input_format(name);
  return demuxer == nullptr ? name : demuxer->name;
}

}  // namespace imgpeek
