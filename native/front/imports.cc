#include "front/imports.h"

#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace imgpeek {
namespace {

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

// Points the slots of an imported function at its replacement. False where it is not imported.
bool replace_import(ElfW(Addr) base, const DynamicTables& tables, const Replacement& replacement) {
  if (tables.symbols == nullptr || tables.names == nullptr) return false;
  const std::string_view wanted(replacement.name);
  bool found = false;
  for (const std::span<const ElfW(Rela)> part : {tables.slots, tables.relocations}) {
    for (const ElfW(Rela) & relocation : part) {
      if (!is_slot(ELF64_R_TYPE(relocation.r_info))) continue;
      const ElfW(Sym)& symbol =
          std::span(tables.symbols, ELF64_R_SYM(relocation.r_info) + 1).back();
      if (wanted != std::span(tables.names, symbol.st_name + 1).last(1).data()) continue;
      found =
          write_slot(base + relocation.r_offset, std::bit_cast<ElfW(Addr)>(replacement.function)) ||
          found;
    }
  }
  return found;
}

struct Search {
  const std::string& library;
  std::span<const Replacement> replacements;
  bool done = false;
};

int visit(dl_phdr_info* object, std::size_t /*size*/, void* data) noexcept {
  auto& search = *static_cast<Search*>(data);
  if (std::strstr(object->dlpi_name, search.library.c_str()) == nullptr) return 0;
  for (const ElfW(Phdr) & header : std::span(object->dlpi_phdr, object->dlpi_phnum)) {
    if (header.p_type != PT_DYNAMIC) continue;
    const auto* entries = to_pointer<const ElfW(Dyn)>(object->dlpi_addr + header.p_vaddr);
    const DynamicTables tables = read_tables(entries);
    search.done = std::all_of(search.replacements.begin(), search.replacements.end(),
                              [object, &tables](const Replacement& replacement) {
                                return replace_import(object->dlpi_addr, tables, replacement);
                              });
  }
  return search.done ? 1 : 0;
}

}  // namespace

bool replace_imports(const std::string& library, std::span<const Replacement> replacements) {
  Search search{library, replacements};
  dl_iterate_phdr(visit, &search);
  return search.done;
}

}  // namespace imgpeek
