#pragma once
#include "backends/ebpf/bpf/metrics.h"
#include "backends/ebpf/bpf/parse.h"
/*
 * Connections that policy allowed. One lookup serves both directions: the key is the endpoint's view (its own side first),
 * the entry says which side opened the connection. Entries are only ever written whole: an LRU element may be reused
 * while a pointer to it is held, so a new epoch or verdict never goes through such a pointer.
 */
#if WEIR_CONNTRACK
#define WEIR_CT_MAP(name, key_type)            \
  struct {                                     \
    WEIR_NUMBER(type, BPF_MAP_TYPE_LRU_HASH);  \
    WEIR_NUMBER(max_entries, WEIR_MAX_CONNTRACK); \
    WEIR_TYPE(key, key_type);                  \
    WEIR_TYPE(value, struct weir_ct);          \
  } name SEC(".maps")

WEIR_CT_MAP(conntrack4, struct weir_ct4_key);
WEIR_CT_MAP(conntrack6, struct weir_ct6_key);
#endif

/* v6 comes first, so that `= {}` clears all of it: the verifier reads 44 bytes on paths that only it believes in. */
struct weir_ct_key {
  union {
    struct weir_ct6_key v6;
    struct weir_ct4_key v4;
  };
};

/* The request type when `p` is a query that is answered (RFC 792, RFC 4443), else 0. *reply: it is the answer. */
static __always_inline uint8_t weir_icmp_query(const struct weir_packet *p, bool *reply) {
  *reply = false;
  if (p->code) return 0;
  if (p->family == 4 && p->protocol == WEIR_PROTO_ICMP) {
    *reply = p->type == 0 || p->type == 14;
    if (p->type == 8 || p->type == 0) return 8;
    if (p->type == 13 || p->type == 14) return 13;
  }
  if (p->family == 6 && p->protocol == WEIR_PROTO_ICMPV6) {
    *reply = p->type == 129;
    if (p->type == 128 || p->type == 129) return 128;
  }
  return 0;
}

static __always_inline bool weir_is_icmp(const struct weir_packet *p) {
  return p->slot == WEIR_SLOT_ICMP || p->slot == WEIR_SLOT_ICMPV6;
}

/* The key of `p` seen at `hook`; false: this packet is no part of a connection. */
WEIR_GLOBAL int weir_ct_key_of(const struct weir_packet *p, uint32_t endpoint, uint32_t hook, struct weir_ct_key *key) {
  bool reply = false;
  uint8_t query = 0;
  if (!p || !key) return false;
  if (p->fragment) return false;
  if (weir_is_icmp(p)) {
    query = weir_icmp_query(p, &reply);
    if (!query) return false;
  }
  bool from_pod = hook == WEIR_EGRESS;
  uint16_t local_port = WEIR_EITHER(from_pod, p->source_port, p->destination_port);
  uint16_t peer_port = WEIR_EITHER(from_pod, p->destination_port, p->source_port);
  // one layout for both families: IPv4 uses the first word
  struct weir_ct6_key *k = &key->v6;
  k->local_port = query ? p->identifier : local_port;
  k->peer_port = query ? query : peer_port;
  k->endpoint = endpoint;
  k->protocol = p->protocol;
  k->initiator = query ? (hook ^ reply) : 0;
  k->reserved = 0;
  WEIR_UNROLL
  for (int i = 0; i < 4; i++) {
    k->word[i].local = WEIR_EITHER(from_pod, p->source[i], p->destination[i]);
    k->word[i].peer = WEIR_EITHER(from_pod, p->destination[i], p->source[i]);
  }
  return true;
}

static __always_inline struct weir_ct *weir_ct_find(const struct weir_packet *p, const struct weir_ct_key *key) {
#if WEIR_CONNTRACK
  if (p->family == 4) WEIR_NO_MERGE return bpf_map_lookup_elem(&conntrack4, &key->v4);
  WEIR_NO_MERGE return bpf_map_lookup_elem(&conntrack6, &key->v6);
#else
  return NULL;
#endif
}

static __always_inline void weir_ct_delete(const struct weir_packet *p, const struct weir_ct_key *key) {
#if WEIR_CONNTRACK
  if (p->family == 4)
    WEIR_NO_MERGE bpf_map_delete_elem(&conntrack4, &key->v4);
  else
    WEIR_NO_MERGE bpf_map_delete_elem(&conntrack6, &key->v6);
#endif
}

static __always_inline void weir_ct_write(const struct weir_packet *p, const struct weir_ct_key *key,
                                          const struct weir_ct *entry) {
#if WEIR_CONNTRACK
  long failed;
  if (p->family == 4)
    WEIR_NO_MERGE failed = bpf_map_update_elem(&conntrack4, &key->v4, entry, BPF_ANY);
  else
    WEIR_NO_MERGE failed = bpf_map_update_elem(&conntrack6, &key->v6, entry, BPF_ANY);
  if (failed) weir_count(WEIR_METRIC_CT_FULL, 0);
#endif
}

static __always_inline bool weir_ct_alive(const struct weir_packet *p, const struct weir_ct *ct, uint64_t now) {
  uint64_t limit = WEIR_CT_OTHER_NS;
  if (p->protocol == WEIR_PROTO_TCP) limit = ct->tcp & WEIR_CT_CLOSED ? WEIR_CT_CLOSED_NS : WEIR_CT_TCP_NS;
  return (int64_t)(now - ct->seen_ns) < (int64_t)limit;
}

/* Does this packet open a connection of its own, whatever the entry says? A SYN in the reply direction would otherwise let
 * the server open connections to its client; one on a closed entry is a reused port. */
static __always_inline bool weir_ct_reopens(const struct weir_packet *p, const struct weir_ct *ct, uint8_t hook) {
  if (p->protocol != WEIR_PROTO_TCP || (p->tcp_flags & (WEIR_TCP_SYN | WEIR_TCP_ACK)) != WEIR_TCP_SYN) return false;
  return ct->direction != hook || ct->tcp & WEIR_CT_CLOSED;
}

static __always_inline uint8_t weir_ct_tcp(uint8_t tcp, uint8_t flags, bool reply) {
  if (flags & WEIR_TCP_RST) tcp |= WEIR_CT_CLOSED;
  if (flags & WEIR_TCP_FIN) tcp |= reply ? WEIR_CT_FIN_REPLY : WEIR_CT_FIN_FIRST;
  if ((tcp & (WEIR_CT_FIN_FIRST | WEIR_CT_FIN_REPLY)) == (WEIR_CT_FIN_FIRST | WEIR_CT_FIN_REPLY)) tcp |= WEIR_CT_CLOSED;
  return tcp;
}

/* Keeps the entry alive. Neither field can make a denied packet pass. */
static __always_inline void weir_ct_touch(const struct weir_packet *p, struct weir_ct *ct, uint64_t now, uint8_t hook) {
  if (now - ct->seen_ns > 1000000000ull) ct->seen_ns = now;
  if (p->tcp_flags & (WEIR_TCP_FIN | WEIR_TCP_RST)) ct->tcp = weir_ct_tcp(ct->tcp, p->tcp_flags, ct->direction != hook);
}
