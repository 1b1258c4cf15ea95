#pragma once
#include "backends/ebpf/bpf/conntrack.h"
/* ICMP errors about a packet of a known connection (RFC 792, RFC 4443 2.4c: as much of the packet as fits). */

static __always_inline bool weir_is_icmp_error(const struct weir_packet *p) {
  if (p->slot == WEIR_SLOT_ICMP) return p->family == 4 && (p->type == 3 || p->type == 11 || p->type == 12);
  return p->slot == WEIR_SLOT_ICMPV6 && p->family == 6 && p->type >= 1 && p->type <= 4;
}

/* The first 8 bytes of the quoted transport header: no TCP flags. */
static __always_inline bool weir_parse_quoted_l4(struct __sk_buff *skb, struct weir_packet *inner) {
  struct weir_l4 l4 = {};
  bool ports = inner->protocol == WEIR_PROTO_TCP || inner->protocol == WEIR_PROTO_UDP ||
               inner->protocol == WEIR_PROTO_SCTP;
  bool icmp = inner->protocol == WEIR_PROTO_ICMP || inner->protocol == WEIR_PROTO_ICMPV6;
  inner->slot = WEIR_SLOT_OTHER;
  if (!ports && !icmp) return true;
  if (!weir_pkt_bytes(skb, inner->l4_offset, &l4, 8)) return false;
  if (ports) {
    inner->slot = inner->protocol == WEIR_PROTO_TCP ? WEIR_SLOT_TCP
                  : inner->protocol == WEIR_PROTO_UDP ? WEIR_SLOT_UDP
                                                      : WEIR_SLOT_SCTP;
    inner->source_port = l4.source;
    inner->destination_port = l4.destination;
    return true;
  }
  inner->slot = inner->protocol == WEIR_PROTO_ICMP ? WEIR_SLOT_ICMP : WEIR_SLOT_ICMPV6;
  inner->type = l4.type;
  inner->code = l4.code;
  inner->identifier = l4.identifier;
  return true;
}

/* The packet inside the error `p`; false: none, a later fragment, or not one that the error's receiver sent. */
static __always_inline bool weir_parse_quoted(struct __sk_buff *skb, const struct weir_packet *p,
                                              struct weir_packet *inner) {
  uint32_t at = (uint32_t)p->l4_offset + 8;
  inner->family = p->family;
  if (p->family == 4) {
    struct weir_ip4 ip;
    if (!weir_pkt_bytes(skb, at, &ip, sizeof(ip)) || ip.fragment & weir_net16(0x1fff)) return false;
    inner->protocol = ip.protocol;
    inner->source[0] = ip.source;
    inner->destination[0] = ip.destination;
    inner->l4_offset = at + (ip.version_ihl & 15) * 4;
    if (ip.source != p->destination[0]) return false;
  } else {
    struct weir_ip6 ip;
    if (!weir_pkt_bytes(skb, at, &ip, sizeof(ip))) return false;
    inner->protocol = ip.next;
    __builtin_memcpy(inner->source, ip.source, 16);
    __builtin_memcpy(inner->destination, ip.destination, 16);
    inner->l4_offset = at + sizeof(ip);
    WEIR_UNROLL
    for (int i = 0; i < 4; i++)
      if (ip.source[i] != p->destination[i]) return false;
    if (weir_parse_extensions(skb, inner) || inner->fragment) return false;
  }
  return weir_parse_quoted_l4(skb, inner);
}
