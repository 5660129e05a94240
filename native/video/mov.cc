// MP4, QuickTime and their kin: the planner.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "image/box.h"
#include "video/container.h"
#include "video/fragments.h"
#include "video/movie.h"
#include "video/track.h"

namespace imgpeek {
namespace {

// ISO/IEC 14496-12, 8.2.2.2: offsets in the contents of `mvhd`, by version.
struct MovieHeader {
  std::uint64_t timescale, matrix;
};
constexpr MovieHeader kMovieHeader[] = {{12, 36}, {20, 48}};

constexpr unsigned kMaxTracks = 256;
constexpr std::uint64_t kMaxFileType = 65536;

// What the movie's box says, and what its fragments add.
struct Header {
  std::uint32_t timescale = 0;
  DisplayMatrix matrix = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};
  std::vector<Track> tracks;
  DefaultDurations defaults;              // of samples in fragments
  std::optional<std::uint64_t> extended;  // duration with all fragments
};

Header read_header(Bytes& bytes, const Box& moov, bool with_sizes, bool first_picture_only) {
  Header header;
  BoxWalker boxes(bytes, moov);
  while (const std::optional<Box> box = boxes.next()) {
    if (box->type == fourcc("mvhd")) {
      const MovieHeader& at = kMovieHeader[bytes.u8(box->body) == 1 ? 1 : 0];
      header.timescale = bytes.be32(box->body + at.timescale);
      header.matrix = read_matrix(bytes, box->body + at.matrix);
    } else if (box->type == fourcc("trak") && header.tracks.size() < kMaxTracks) {
      const Track& track =
          header.tracks.emplace_back(read_track(bytes, *box, header.timescale, with_sizes));
      if (first_picture_only && track.handler == fourcc("vide") && track.stored.width != 0) break;
    } else if (box->type == fourcc("mvex")) {
      header.defaults = read_extends(bytes, *box, header.extended);
    }
  }
  return header;
}

std::optional<PictureSize> picture_of(const Header& header) {
  for (const Track& track : header.tracks) {
    if (track.handler != fourcc("vide")) continue;
    PictureSize size = track.stored;
    if (size.width == 0 || size.height == 0) continue;
    if (is_transposed(track.matrix, header.matrix)) std::swap(size.width, size.height);
    return size;
  }
  return std::nullopt;
}

// The duration of a movie in fragments: by its header, by an index, or by its last fragment.
void read_fragments(Bytes& bytes, const Movie& movie, const Header& header, Plan& plan) {
  FragmentTracks first;
  if (movie.first_fragment) first = read_fragment(bytes, *movie.first_fragment, header.defaults);
  FragmentTracks last;
  if (header.extended && *header.extended != 0 && header.timescale != 0) {
    plan.duration = static_cast<double>(*header.extended) / header.timescale;
  } else if (movie.segment_index) {
    plan.duration = read_segment_index(bytes, *movie.segment_index);
  }
  if (!plan.duration && movie.first_fragment && bytes.size()) {
    if (const std::optional<Box> box = find_last_fragment(bytes, *bytes.size())) {
      last = read_fragment(bytes, *box, header.defaults);
    }
  }
  for (const Track& track : header.tracks) {
    if (track.timescale == 0) continue;
    StreamFacts facts;
    facts.id = static_cast<int>(track.id);
    if (const auto found = last.find(track.id); found != last.end() && found->second.begin) {
      const FragmentTrack& end = found->second;
      facts.duration = static_cast<double>(*end.begin + end.duration) / track.timescale;
      plan.duration = std::max(plan.duration.value_or(0), *facts.duration);
    }
    if (const auto found = first.find(track.id);
        found != first.end() && track.handler == fourcc("vide") && found->second.duration != 0) {
      facts.fps = static_cast<double>(found->second.samples) * track.timescale /
                  static_cast<double>(found->second.duration);
    }
    plan.streams.push_back(facts);
  }
}

void read_samples(const Header& header, Plan& plan) {
  for (const Track& track : header.tracks) {
    if (track.timescale == 0 || track.duration == 0) continue;
    StreamFacts facts;
    facts.id = static_cast<int>(track.id);
    const double seconds = static_cast<double>(track.duration) / track.timescale;
    // Made-up sizes and times can give a rate that no integer holds: none is told then.
    constexpr double kMaxRate = 1e18;
    const double rate = static_cast<double>(track.data_size) * 8 / seconds;
    if (rate > 0 && rate < kMaxRate) facts.bps = static_cast<std::int64_t>(rate);
    if (track.edited) facts.duration = std::min(seconds, *track.edited);
    plan.streams.push_back(facts);
  }
}

std::string_view brand_mime_type(std::string_view brand) {
  if (brand == "qt  ") return "video/quicktime";
  if (brand.starts_with("3g2")) return "video/3gpp2";
  if (brand.starts_with("3g")) return "video/3gpp";
  if (brand.starts_with("M4V")) return "video/x-m4v";
  if (brand.starts_with("M4A") || brand.starts_with("M4B") || brand.starts_with("M4P")) {
    return "audio/mp4";
  }
  if (brand == "mjp2" || brand == "mj2s") return "video/mj2";
  return "video/mp4";
}

}  // namespace

bool is_mov(Bytes& bytes) {
  const ByteSpan head = bytes.read_up_to(0, 8);
  if (head.size() < 8) return false;
  switch (be32(head, 4)) {
    case fourcc("ftyp"):
    case fourcc("styp"):
    case fourcc("moov"):
    case fourcc("mdat"):
    case fourcc("wide"):
    case fourcc("free"):
    case fourcc("skip"):
    case fourcc("pnot"):
    case fourcc("sidx"):
    case fourcc("uuid"):
      return true;
    default:
      return false;
  }
}

Plan plan_mov(Bytes& bytes, const Wanted& wanted, unsigned attempt, MetadataBlocks& blocks) {
  // The first attempt to find nothing but a picture's size reads the headers of tracks only; where
  // it finds none, there may still be a cover in the movie's box.
  const bool picture_only = !wanted.video_meta && attempt == 0;
  Plan plan;
  plan.more = picture_only;
  const Movie movie = find_movie(bytes, wanted, !picture_only);
  const Header header = read_header(bytes, *movie.movie, wanted.video_meta, picture_only);
  plan.picture = picture_of(header);
  if (wanted.video_meta) {
    if (movie.fragmented) {
      read_fragments(bytes, movie, header, plan);
    } else {
      read_samples(header, plan);
    }
  }
  if (wanted.metadata()) read_movie_metadata(bytes, movie, wanted, blocks);
  if (picture_only) return plan;

  if (movie.file_type && movie.file_type->body_length() <= kMaxFileType) {
    plan.view.append({movie.file_type->offset, movie.file_type->end - movie.file_type->offset});
  }
  plan.view.append_view(without_samples(bytes, *movie.movie));
  return plan;
}

std::string_view mov_mime_type(Bytes& bytes, bool moving) {
  // QTFF: files from before the file type box are QuickTime's.
  std::string_view type = "video/quicktime";
  if (bytes.matches(4, "ftyp")) type = brand_mime_type(as_text(bytes.read_up_to(8, 4)));
  return moving || !type.starts_with("video/") ? type : "audio/mp4";
}

}  // namespace imgpeek
