#pragma once
#include "backends/ebpf/bpf/parse.h"
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

/* Of the peer of `p`: its destination when the packet comes from the pod. */
static __always_inline uint32_t weir_peer_of(const struct weir_packet *p, bool from_pod) {
  const uint32_t *found = NULL;
#if WEIR_IPV4
  if (p->family == 4) {
    struct weir_ipcache4_key key = {.prefix_length = 32};
    uint32_t address = WEIR_EITHER(from_pod, p->destination[0], p->source[0]);
    __builtin_memcpy(key.address, &address, 4);
    WEIR_NO_MERGE found = bpf_map_lookup_elem(&ipcache4, &key);
  }
#endif
#if WEIR_IPV6
  if (p->family == 6) {
    struct weir_ipcache6_key key = {.prefix_length = 128};
    uint32_t address[4];
    WEIR_UNROLL
    for (int i = 0; i < 4; i++) address[i] = WEIR_EITHER(from_pod, p->destination[i], p->source[i]);
    __builtin_memcpy(key.address, address, 16);
    WEIR_NO_MERGE found = bpf_map_lookup_elem(&ipcache6, &key);
  }
#endif
  return found ? *found : 0;
}
