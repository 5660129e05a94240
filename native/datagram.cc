#include "datagram.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>

namespace imgpeek {
namespace {

// One socket serves the whole process: it is bound to no peer.
class Datagrams {
 public:
  Datagrams() noexcept : fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
  Datagrams(const Datagrams&) = delete;
  Datagrams& operator=(const Datagrams&) = delete;
  ~Datagrams() {
    if (fd_ >= 0) close(fd_);
  }

  [[nodiscard]] int fd() const noexcept { return fd_; }

 private:
  int fd_;
};

}  // namespace

bool send_datagram(std::string_view path, std::span<const char> message) noexcept {
  static const Datagrams kDatagrams;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  // The path ends with a NUL: unix(7).
  if (kDatagrams.fd() < 0 || path.size() >= sizeof(address.sun_path)) return false;
  std::copy(path.begin(), path.end(), address.sun_path);
  return sendto(kDatagrams.fd(), message.data(), message.size(), MSG_NOSIGNAL,
                // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): as the sockets' API
                // is made
                reinterpret_cast<const sockaddr*>(&address), sizeof(address)) >= 0;
}

}  // namespace imgpeek
