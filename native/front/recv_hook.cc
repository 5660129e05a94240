#include "front/recv_hook.h"

#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <string_view>
#include <utility>

#include "front/request_head.h"

namespace imgpeek {
namespace {

// Set once, before the library serves.
std::vector<std::string>& kept_fields() {
  static std::vector<std::string> kept;
  return kept;
}

// The connections on which a head comes next, by descriptor.
std::vector<bool>& at_head() {
  static std::vector<bool> flags;
  return flags;
}

bool is_at_head(int socket) {
  const auto index = static_cast<std::size_t>(socket);
  return index < at_head().size() && at_head()[index];
}

int accept_noted(int listener, sockaddr* address, socklen_t* length, int flags) noexcept {
  const int socket = ::accept4(listener, address, length, flags);
  if (socket < 0) return socket;
  const auto index = static_cast<std::size_t>(socket);
  try {
    if (index >= at_head().size()) at_head().resize(index + 1);
    at_head()[index] = true;
  } catch (const std::bad_alloc&) {
    // A connection that is not noted is served as it is.
  }
  return socket;
}

ssize_t receive_mended(int socket, void* buffer, std::size_t capacity, int flags) noexcept {
  const ssize_t received = ::recv(socket, buffer, capacity, flags);
  if (received <= 0 || (flags & MSG_PEEK) != 0 || !is_at_head(socket)) return received;
  const std::span<char> bytes(static_cast<char*>(buffer), capacity);
  const MendedHead mended =
      mend_request_head(bytes, static_cast<std::size_t>(received), kept_fields());
  at_head()[static_cast<std::size_t>(socket)] = mended.head_follows;
  return static_cast<ssize_t>(mended.length);
}

// A type of relocation that makes an imported function's slot, of any machine that we build for.
bool is_slot(std::uint64_t type) {
#if defined(__x86_64__)
  return type == R_X86_64_JUMP_SLOT || type == R_X86_64_GLOB_DAT;
#elif defined(__aarch64__)
  return type == R_AARCH64_JUMP_SLOT || type == R_AARCH64_GLOB_DAT;
#else
  return false;
#endif
}

// The tables of a loaded object that are needed here (System V ABI, "Dynamic Section").
struct DynamicTables {
  const ElfW(Sym) * symbols = nullptr;
  const char* names = nullptr;
  std::span<const ElfW(Rela)> relocations;
  std::span<const ElfW(Rela)> slots;
};

template <typename T>
T* to_pointer(ElfW(Addr) address) {
  return std::bit_cast<T*>(address);
}

DynamicTables read_tables(const ElfW(Dyn) * entry) {
  DynamicTables tables;
  const ElfW(Rela)* relocations = nullptr;
  const ElfW(Rela)* slots = nullptr;
  std::size_t relocations_size = 0;
  std::size_t slots_size = 0;
  for (; entry->d_tag != DT_NULL; ++entry) {
    switch (entry->d_tag) {
      case DT_SYMTAB:
        tables.symbols = to_pointer<const ElfW(Sym)>(entry->d_un.d_ptr);
        break;
      case DT_STRTAB:
        tables.names = to_pointer<const char>(entry->d_un.d_ptr);
        break;
      case DT_RELA:
        relocations = to_pointer<const ElfW(Rela)>(entry->d_un.d_ptr);
        break;
      case DT_RELASZ:
        relocations_size = entry->d_un.d_val;
        break;
      case DT_JMPREL:
        slots = to_pointer<const ElfW(Rela)>(entry->d_un.d_ptr);
        break;
      case DT_PLTRELSZ:
        slots_size = entry->d_un.d_val;
        break;
      default:
        break;
    }
  }
  if (relocations != nullptr)
    tables.relocations = {relocations, relocations_size / sizeof(ElfW(Rela))};
  if (slots != nullptr) tables.slots = {slots, slots_size / sizeof(ElfW(Rela))};
  return tables;
}

// The slot may lie in a page that was made read-only once it was filled.
bool write_slot(ElfW(Addr) slot, ElfW(Addr) value) {
  const auto page_size = static_cast<ElfW(Addr)>(sysconf(_SC_PAGESIZE));
  void* page = to_pointer<void>(slot & ~(page_size - 1));
  if (mprotect(page, page_size, PROT_READ | PROT_WRITE) != 0) return false;
  std::memcpy(to_pointer<void>(slot), &value, sizeof(value));
  return true;
}

// Points the slots of the imported function `name` at another one. False where it is not imported.
template <typename Function>
bool replace_import(ElfW(Addr) base, const DynamicTables& tables, std::string_view name,
                    Function* ours) {
  if (tables.symbols == nullptr || tables.names == nullptr) return false;
  bool found = false;
  for (const std::span<const ElfW(Rela)> part : {tables.slots, tables.relocations}) {
    for (const ElfW(Rela) & relocation : part) {
      if (!is_slot(ELF64_R_TYPE(relocation.r_info))) continue;
      const ElfW(Sym)& symbol =
          std::span(tables.symbols, ELF64_R_SYM(relocation.r_info) + 1).back();
      if (name != std::span(tables.names, symbol.st_name + 1).last(1).data()) continue;
      found = write_slot(base + relocation.r_offset, std::bit_cast<ElfW(Addr)>(ours)) || found;
    }
  }
  return found;
}

struct Search {
  const std::string& library;
  bool done = false;
};

int visit(dl_phdr_info* object, std::size_t /*size*/, void* data) noexcept {
  auto& search = *static_cast<Search*>(data);
  if (std::strstr(object->dlpi_name, search.library.c_str()) == nullptr) return 0;
  for (const ElfW(Phdr) & header : std::span(object->dlpi_phdr, object->dlpi_phnum)) {
    if (header.p_type != PT_DYNAMIC) continue;
    const auto* entries = to_pointer<const ElfW(Dyn)>(object->dlpi_addr + header.p_vaddr);
    const DynamicTables tables = read_tables(entries);
    search.done = replace_import(object->dlpi_addr, tables, "accept4", accept_noted) &&
                  replace_import(object->dlpi_addr, tables, "recv", receive_mended);
  }
  return search.done ? 1 : 0;
}

}  // namespace

bool mend_received_heads(const std::string& library, std::vector<std::string> kept) {
  kept_fields() = std::move(kept);
  Search search{library};
  dl_iterate_phdr(visit, &search);
  return search.done;
}

}  // namespace imgpeek
