#pragma once
#include "backends/ebpf/bpf/conntrack.h"
#include "backends/ebpf/bpf/tables.h"
/*
 * Listeners of gateways (datapath.md 3 "Gateways"): destination NAT on the way out of the client's pod, before policy, so
 * that its egress policy sees the backend; reverse NAT on the way back in, after policy. Nothing of this is in a program
 * whose tables have no listener.
 */
#if WEIR_BACKENDS
WEIR_TABLE(backends, struct weir_backend, WEIR_BACKENDS);

struct {
  WEIR_NUMBER(type, BPF_MAP_TYPE_HASH);
  WEIR_NUMBER(max_entries, WEIR_MAX_LISTENERS);
  WEIR_TYPE(key, struct weir_listener_key);
  WEIR_TYPE(value, struct weir_listener);
} listeners SEC(".maps");

struct {
  WEIR_NUMBER(type, BPF_MAP_TYPE_LRU_HASH);
  WEIR_NUMBER(max_entries, WEIR_MAX_CONNTRACK);
  WEIR_TYPE(key, struct weir_ct6_key);
  WEIR_TYPE(value, struct weir_nat);
} nat SEC(".maps");

#define WEIR_DIRECT 0   /* no listener: the packet goes where it says */
#define WEIR_BALANCED 1 /* *to is the backend */
#define WEIR_REFUSED 2

/* The column itself or its alias, by chance. A function of its own: the verifier wants one lookup in `backends` each. */
WEIR_GLOBAL int weir_alias(uint32_t copy, uint32_t first, uint32_t column) {
  copy &= 1;
  const struct weir_backend *at = WEIR_ELEMENT(backends, WEIR_BACKENDS, &copy, (uint64_t)first + column);
  if (!at) return column;
  return bpf_get_prandom_u32() > at->threshold ? at->alias : column;
}

/* A backend for a new connection to p's destination, by weight, from the tables of `epoch`. */
WEIR_GLOBAL int weir_pick(const struct weir_packet *p, uint32_t epoch, struct weir_nat *to) {
  if (!p || !to) return WEIR_DIRECT;
  struct weir_listener_key key = {.port = p->destination_port, .protocol = p->protocol, .family = p->family, .copy = epoch & 1};
  __builtin_memcpy(key.address, p->destination, 16);
  const struct weir_listener *listener = bpf_map_lookup_elem(&listeners, &key);
  if (!listener) return WEIR_DIRECT;
  if (listener->kind != WEIR_LISTENER_BALANCE || !listener->count) return WEIR_REFUSED;
  uint32_t copy = epoch & 1;
  uint32_t column = weir_alias(copy, listener->first, (uint64_t)bpf_get_prandom_u32() * listener->count >> 32);
  const struct weir_backend *backend = WEIR_ELEMENT(backends, WEIR_BACKENDS, &copy, (uint64_t)listener->first + column);
  if (!backend) return WEIR_REFUSED;
  if (!backend->port) return WEIR_REFUSED;
  __builtin_memcpy(to->address, backend->address, 16);
  to->port = backend->port;
  to->reserved = 0;
  return WEIR_BALANCED;
}

/* The key of `p` seen at `hook`: `kind` is WEIR_NAT_*. */
static __always_inline bool weir_nat_key(const struct weir_packet *p, uint32_t endpoint, uint32_t hook, uint16_t kind,
                                         struct weir_ct_key *key) {
  if (!weir_ct_key_of(p, endpoint, hook, key)) return false;
  key->v6.reserved = kind;
  key->v6.initiator = p->family;
  return true;
}

/* What this side of the connection was given before; 0: nothing. */
WEIR_GLOBAL int weir_nat_find(const struct weir_packet *p, uint32_t endpoint, uint32_t hook, struct weir_nat *to) {
  struct weir_ct_key key = {};
  if (!p || !to) return 0;
  uint16_t kind = hook == WEIR_EGRESS ? WEIR_NAT_TO_BACKEND : WEIR_NAT_TO_LISTENER;
  if (!weir_nat_key(p, endpoint, hook, kind, &key)) return 0;
  const struct weir_nat *found = bpf_map_lookup_elem(&nat, &key.v6);
  if (!found) return 0;
  *to = *found;
  return 1;
}

/* p goes to `to`; *from becomes where it went. In memory only: policy and events see the backend. */
static __always_inline void weir_redirect_packet(struct weir_packet *p, const struct weir_nat *to, struct weir_nat *from) {
  __builtin_memcpy(from->address, p->destination, 16);
  from->port = p->destination_port;
  from->reserved = 0;
  __builtin_memcpy(p->destination, to->address, 16);
  p->destination_port = to->port;
}

/* Both entries of a new connection; p already goes to its backend, `listener` is where the client sent it. The reply entry
 * first: a reply must find it. */
WEIR_GLOBAL int weir_nat_write(const struct weir_packet *p, uint32_t endpoint, const struct weir_nat *listener) {
  struct weir_ct_key key = {};
  struct weir_nat backend = {};
  if (!p || !listener || !weir_nat_key(p, endpoint, WEIR_EGRESS, WEIR_NAT_TO_LISTENER, &key)) return 0;
  long failed = bpf_map_update_elem(&nat, &key.v6, listener, BPF_ANY);
  __builtin_memcpy(backend.address, p->destination, 16);
  backend.port = p->destination_port;
  key.v6.reserved = WEIR_NAT_TO_BACKEND;
  key.v6.peer_port = listener->port;
  WEIR_UNROLL
  for (int i = 0; i < 4; i++) key.v6.word[i].peer = listener->address[i];
  failed |= bpf_map_update_elem(&nat, &key.v6, &backend, BPF_ANY);
  if (failed) weir_count(WEIR_METRIC_CT_FULL, 0);
  return 0;
}

/* Writes one side's address and port into the packet and mends its checksums. `source`: that side is the source. Returns 0
 * unless the packet could not be written, and then it must be dropped: half of it may be. */
WEIR_GLOBAL int weir_pkt_rewrite(struct __sk_buff *skb, const struct weir_packet *p, const struct weir_nat *was,
                                 const struct weir_nat *now, uint32_t source) {
  if (!p || !was || !now) return -1;
  struct weir_nat from = *was, to = *now;
  uint32_t l4 = p->l4_offset;
  bool tcp = p->protocol == WEIR_PROTO_TCP;
  // RFC 768: a datagram without a checksum stays without one
  uint64_t flags = tcp ? 0 : BPF_F_MARK_MANGLED_0;
  uint32_t sum = l4 + (tcp ? 16 : 6);
  long failed = 0;
  if (p->family == 4) {
    failed |= bpf_l4_csum_replace(skb, sum, from.address[0], to.address[0], flags | BPF_F_PSEUDO_HDR | 4);
    failed |= bpf_l3_csum_replace(skb, WEIR_ETH_LEN + 10, from.address[0], to.address[0], 4);
    failed |= bpf_skb_store_bytes(skb, WEIR_ETH_LEN + (source ? 12 : 16), to.address, 4, 0);
  } else {
    int64_t difference = bpf_csum_diff(from.address, 16, to.address, 16, 0);
    failed |= bpf_l4_csum_replace(skb, sum, 0, difference, flags | BPF_F_PSEUDO_HDR);
    failed |= bpf_skb_store_bytes(skb, WEIR_ETH_LEN + (source ? 8 : 24), to.address, 16, 0);
  }
  failed |= bpf_l4_csum_replace(skb, sum, from.port, to.port, flags | 2);
  failed |= bpf_skb_store_bytes(skb, l4 + (source ? 0 : 2), &to.port, 2, 0);
  return failed ? -1 : 0;
}
#endif
