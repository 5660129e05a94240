// libavformat, opened over a View with all that it could do besides reading it shut off.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "bytes.h"
#include "video/avio.h"
#include "video/view.h"

struct AVFormatContext;

namespace imgpeek {

// How a whole file is opened.
struct WholeFile {
  const char* decoders;  // libavcodec's names, comma-divided: those that may see packets
  std::uint64_t probe_size;
  std::chrono::milliseconds max_analysis;  // of the streams; 0 leaves it to libavformat
};

// An open demuxer. Neither owns `bytes` nor `view`; both must outlive it.
class Demuxer {
 public:
  // Opens the whole file, in the steps that libavformat takes. Throws Missing too.
  Demuxer(const Bytes& bytes, const char* name, const WholeFile& how);

  // Opens the view with the demuxer of that name, and no other: content is not sniffed by
  // libavformat. Throws Malformed where it refuses the bytes.
  Demuxer(const Bytes& bytes, const View& view, const char* name);

  AVFormatContext* operator->() { return format_.get(); }
  AVFormatContext& operator*() { return *format_; }

  // Of a whole file: throws Missing where what was read last is not held.
  void require_read() const;

  // Reads the packets in the view, for demuxers that make their streams of them.
  void read_packets();

  // Reads packets, and decodes first frames, as far as the view goes, until the streams' parameters
  // are known. Damage leaves them as they are.
  void analyze();
  // The same of a whole file, of which `bytes` may be read.
  void analyze(std::uint64_t bytes);

 private:
  struct Close {
    void operator()(AVFormatContext* format) const;
  };

  void open(const char* name, const WholeFile& how);

  // Counts what libavformat asks between two steps: a bound on work that time would make unsteady.
  static int interrupt(void* self) noexcept;

  Avio io_;
  unsigned steps_ = 0;
  std::unique_ptr<AVFormatContext, Close> format_;
};

// The demuxer's comma-divided list of names: what the answer calls the format.
std::string demuxer_names(const char* name);

}  // namespace imgpeek
