#include "image/tiff/tiff_pages.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "image/tiff/tiff_tags.h"

namespace imgpeek {
namespace {

// libtiff goes as far as this.
constexpr std::uint64_t kMaxDirectories = 65535;
// Directories may overlap, so that a small file could hold very many entries.
constexpr std::uint64_t kMaxEntries = 1U << 20U;

// Pages that are stored one after the other have their directories about as far apart. To find
// several with one request costs their pixels, so it is worth it for small pages only.
constexpr std::uint64_t kSmallPage = 1U << 17U;
constexpr std::uint64_t kMaxRun = 1U << 20U;

bool is_page(Tiff& tiff, const TiffDirectory& directory) {
  if (const auto type = tiff.number(directory, kNewSubfileType)) {
    return (*type & (kReducedImage | kTransparencyMask)) == 0;
  }
  return tiff.number(directory, kSubfileType) != kOldReducedImage;
}

// TIFF 6.0, section 12: the number of the page, then how many there are; 0 is unknown.
std::uint64_t told_pages(Tiff& tiff, const TiffDirectory& directory, std::uint64_t page) {
  const TiffEntry* entry = directory.find(kPageNumber);
  if (entry == nullptr || tiff.number(*entry, 0) != page) return 0;
  return tiff.number(*entry, 1).value_or(0);
}

}  // namespace

std::uint64_t count_tiff_pages(Tiff& tiff, const TiffDirectory& ifd0) {
  const std::uint64_t told = told_pages(tiff, ifd0, 0);
  std::unordered_set<std::uint64_t> seen = {tiff.first_directory()};
  std::uint64_t pages = is_page(tiff, ifd0) ? 1 : 0;
  std::uint64_t offset = tiff.first_directory();
  std::uint64_t next = ifd0.next;
  std::uint64_t entries = ifd0.entries.size();
  while (next != 0 && entries < kMaxEntries && seen.size() < kMaxDirectories &&
         seen.insert(next).second) {
    const std::uint64_t step = next > offset ? next - offset : 0;
    const bool is_large = step > kSmallPage;
    if (!is_large && seen.size() > 2) {
      tiff.want_directory(next, std::min(step * seen.size(), kMaxRun));
      tiff.fetch_wanted();
    }
    TiffDirectory directory;
    try {
      directory = tiff.read_directory(next);
    } catch (const Malformed&) {
      if (tiff.bytes().last_round()) pages = std::max(pages, told);
      break;
    }
    entries += directory.entries.size();
    if (is_page(tiff, directory)) ++pages;
    // The walk would cost a request a page: the count is believed where two pages agree on it.
    if (is_large && told > 2 && pages == 2 && told_pages(tiff, directory, 1) == told) return told;
    offset = next;
    next = directory.next;
  }
  return std::max<std::uint64_t>(pages, 1);
}

}  // namespace imgpeek
