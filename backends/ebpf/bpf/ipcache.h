#pragma once
#include "backends/ebpf/bpf/tables.h"
/* Address -> identity index: longest prefix, shared by both copies (datapath.md 3 "Update"). 0: world. */
#if WEIR_IPV4
struct {
  WEIR_NUMBER(type, BPF_MAP_TYPE_LPM_TRIE);
  WEIR_NUMBER(max_entries, WEIR_MAX_IPCACHE);
  WEIR_NUMBER(map_flags, BPF_F_NO_PREALLOC);
  WEIR_TYPE(key, struct weir_ipcache4_key);
  WEIR_TYPE(value, uint32_t);
} ipcache4 SEC(".maps");
#endif
#if WEIR_IPV6
struct {
  WEIR_NUMBER(type, BPF_MAP_TYPE_LPM_TRIE);
  WEIR_NUMBER(max_entries, WEIR_MAX_IPCACHE);
  WEIR_NUMBER(map_flags, BPF_F_NO_PREALLOC);
  WEIR_TYPE(key, struct weir_ipcache6_key);
  WEIR_TYPE(value, uint32_t);
} ipcache6 SEC(".maps");
#endif

static __always_inline uint32_t weir_identity_of(const uint32_t *address, uint32_t family) {
  const uint32_t *found = NULL;
#if WEIR_IPV4
  if (family == 4) {
    struct weir_ipcache4_key key = {.prefix_length = 32};
    __builtin_memcpy(key.address, address, 4);
    found = bpf_map_lookup_elem(&ipcache4, &key);
  }
#endif
#if WEIR_IPV6
  if (family == 6) {
    struct weir_ipcache6_key key = {.prefix_length = 128};
    __builtin_memcpy(key.address, address, 16);
    found = bpf_map_lookup_elem(&ipcache6, &key);
  }
#endif
  return found ? *found : 0;
}
