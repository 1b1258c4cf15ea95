#pragma once
#include "backends/ebpf/abi/weir_abi.h"
#include "backends/ebpf/bpf/kernel.h"
/*
 * Packet headers. Only functions named weir_pkt_* touch packet memory (backends/ebpf/build checks that): directly where the
 * header lies at its usual place in the linear part, through bpf_skb_load_bytes otherwise.
 */
#define WEIR_ETH_LEN 14
#define WEIR_ETH_IP4 0x0800
#define WEIR_ETH_ARP 0x0806
#define WEIR_ETH_IP6 0x86dd

#define WEIR_PROTO_HOPOPTS 0
#define WEIR_PROTO_ICMP 1
#define WEIR_PROTO_TCP 6
#define WEIR_PROTO_UDP 17
#define WEIR_PROTO_ROUTING 43
#define WEIR_PROTO_FRAGMENT 44
#define WEIR_PROTO_ICMPV6 58
#define WEIR_PROTO_DSTOPTS 60
#define WEIR_PROTO_SCTP 132

#define WEIR_SLOT_TCP 0
#define WEIR_SLOT_UDP 1
#define WEIR_SLOT_SCTP 2
#define WEIR_SLOT_ICMP 3
#define WEIR_SLOT_ICMPV6 4
#define WEIR_SLOT_OTHER 5
#define WEIR_SLOT_NO_HEADER 6

#define WEIR_TCP_FIN 1
#define WEIR_TCP_SYN 2
#define WEIR_TCP_RST 4
#define WEIR_TCP_ACK 16

#define weir_net16(x) __builtin_bswap16(x)

/* RFC 791 */
struct weir_ip4 {
  uint8_t version_ihl, tos;
  uint16_t total, id, fragment; /* network order */
  uint8_t ttl, protocol;
  uint16_t checksum;
  uint32_t source, destination; /* network order */
};
/* RFC 8200 */
struct weir_ip6 {
  uint32_t version_class_flow;
  uint16_t payload; /* network order */
  uint8_t next, hops;
  uint32_t source[4], destination[4]; /* network order */
};
/* The first bytes of any transport header that weir reads: ports or ICMP type, code; ICMP identifier; TCP flags. */
struct weir_l4 {
  union {
    struct {
      uint16_t source, destination; /* network order */
    };
    struct {
      uint8_t type, code;
      uint16_t checksum;
    };
  };
  uint16_t identifier, sequence; /* network order; ICMP only */
  uint32_t acknowledged;
  uint8_t data_offset, flags;    /* TCP only */
  uint16_t window;
};

/* A packet, or the packet inside an ICMP error, as policy sees it. IPv4 uses the first word of an address. */
struct weir_packet {
  uint32_t source[4], destination[4]; /* network order */
  uint16_t source_port, destination_port; /* network order; ICMP: 0 */
  uint16_t identifier;                    /* network order; ICMP queries */
  uint16_t l4_offset;
  uint8_t family;   /* 4 or 6 */
  uint8_t protocol;
  uint8_t slot;
  uint8_t fragment; /* 1: a later fragment, no transport header */
  uint8_t type, code;
  uint8_t tcp_flags;
  uint8_t hops;
};

static __always_inline bool weir_pkt_bytes(struct __sk_buff *skb, uint32_t offset, void *to, uint32_t length) {
  return bpf_skb_load_bytes(skb, offset, to, length) == 0;
}

static __always_inline bool weir_pkt_ip4(struct __sk_buff *skb, uint32_t offset, struct weir_ip4 *to) {
  const uint8_t *data = (const uint8_t *)(unsigned long)skb->data;
  const uint8_t *end = (const uint8_t *)(unsigned long)skb->data_end;
  if (offset != WEIR_ETH_LEN || data + WEIR_ETH_LEN + sizeof(*to) > end)
    return weir_pkt_bytes(skb, offset, to, sizeof(*to));
  *to = *(const struct weir_ip4 *)(data + WEIR_ETH_LEN);
  return true;
}

static __always_inline bool weir_pkt_ip6(struct __sk_buff *skb, uint32_t offset, struct weir_ip6 *to) {
  const uint8_t *data = (const uint8_t *)(unsigned long)skb->data;
  const uint8_t *end = (const uint8_t *)(unsigned long)skb->data_end;
  if (offset != WEIR_ETH_LEN || data + WEIR_ETH_LEN + sizeof(*to) > end)
    return weir_pkt_bytes(skb, offset, to, sizeof(*to));
  *to = *(const struct weir_ip6 *)(data + WEIR_ETH_LEN);
  return true;
}

/* 16 bytes for TCP, 8 for all others. `usual` is a constant: where the header lies in most packets of the family. */
static __always_inline bool weir_pkt_l4(struct __sk_buff *skb, uint32_t offset, uint32_t usual, bool tcp,
                                        struct weir_l4 *to) {
  const uint8_t *data = (const uint8_t *)(unsigned long)skb->data;
  const uint8_t *end = (const uint8_t *)(unsigned long)skb->data_end;
  if (offset != usual || data + usual + 16 > end) return weir_pkt_bytes(skb, offset, to, tcp ? 16 : 8);
  *to = *(const struct weir_l4 *)(data + usual);
  return true;
}

/* Ports, or type and code, into `p`; false: the header is cut short. `room`: bytes of the IP payload from l4_offset. */
static __always_inline bool weir_parse_l4(struct __sk_buff *skb, struct weir_packet *p, uint32_t usual, uint32_t room) {
  struct weir_l4 l4 = {};
  bool tcp = p->protocol == WEIR_PROTO_TCP;
  bool ports = tcp || p->protocol == WEIR_PROTO_UDP || p->protocol == WEIR_PROTO_SCTP;
  bool icmp = p->protocol == WEIR_PROTO_ICMP || p->protocol == WEIR_PROTO_ICMPV6;
  p->slot = WEIR_SLOT_OTHER;
  if (!ports && !icmp) return true;
  if (room < (tcp ? 20 : 8) || !weir_pkt_l4(skb, p->l4_offset, usual, tcp, &l4)) return false;
  if (ports) {
    p->slot = tcp ? WEIR_SLOT_TCP : p->protocol == WEIR_PROTO_UDP ? WEIR_SLOT_UDP : WEIR_SLOT_SCTP;
    p->source_port = l4.source;
    p->destination_port = l4.destination;
    p->tcp_flags = tcp ? l4.flags : 0;
    return true;
  }
  p->slot = p->protocol == WEIR_PROTO_ICMP ? WEIR_SLOT_ICMP : WEIR_SLOT_ICMPV6;
  p->type = l4.type;
  p->code = l4.code;
  p->identifier = l4.identifier;
  return true;
}

/* 0, or why the packet is dropped. IPv4 options are stepped over. */
static __always_inline int weir_parse_ip4(struct __sk_buff *skb, struct weir_packet *p) {
  struct weir_ip4 ip;
  if (skb->len < WEIR_ETH_LEN + sizeof(ip) || !weir_pkt_ip4(skb, WEIR_ETH_LEN, &ip)) return WEIR_REASON_INVALID;
  uint32_t header = (ip.version_ihl & 15) * 4;
  uint32_t there = skb->len - WEIR_ETH_LEN;
  // 0: a segment of more than 64 KiB (BIG TCP)
  uint32_t total = ip.total ? weir_net16(ip.total) : there;
  if (ip.version_ihl >> 4 != 4 || header < sizeof(ip) || total < header || total > there) return WEIR_REASON_INVALID;
  p->family = 4;
  p->protocol = ip.protocol;
  p->source[0] = ip.source;
  p->destination[0] = ip.destination;
  p->hops = ip.ttl;
  p->l4_offset = WEIR_ETH_LEN + header;
  if (ip.fragment & weir_net16(0x1fff)) {
    p->fragment = 1;
    p->slot = WEIR_SLOT_NO_HEADER;
    return 0;
  }
  return weir_parse_l4(skb, p, WEIR_ETH_LEN + 20, total - header) ? 0 : WEIR_REASON_INVALID;
}

/* At most six extension headers, as in datapath README; a routing header with segments left hides the real destination. */
WEIR_GLOBAL int weir_parse_extensions(struct __sk_buff *skb, struct weir_packet *p) {
  if (!p) return WEIR_REASON_INVALID;
  struct {
    uint8_t next, length, type, left;
    uint32_t rest;
  } header = {};
  WEIR_UNROLL
  for (int i = 0; i < 6; i++) {
    if (p->protocol != WEIR_PROTO_HOPOPTS && p->protocol != WEIR_PROTO_ROUTING &&
        p->protocol != WEIR_PROTO_DSTOPTS && p->protocol != WEIR_PROTO_FRAGMENT)
      return 0;
    if (!weir_pkt_bytes(skb, p->l4_offset, &header, sizeof(header))) return WEIR_REASON_INVALID_EXTHDR;
    if (p->protocol == WEIR_PROTO_ROUTING && header.left) return WEIR_REASON_INVALID_EXTHDR;
    bool fragment = p->protocol == WEIR_PROTO_FRAGMENT;
    p->protocol = header.next;
    p->l4_offset += fragment ? 8 : (header.length + 1) * 8;
    // RFC 8200 4.5: 13 bits of offset in the third and fourth byte
    if (fragment && (header.type || header.left & 0xf8)) {
      p->fragment = 1;
      p->slot = WEIR_SLOT_NO_HEADER;
      return 0;
    }
  }
  return WEIR_REASON_INVALID_EXTHDR;
}

static __always_inline int weir_parse_ip6(struct __sk_buff *skb, struct weir_packet *p) {
  struct weir_ip6 ip;
  if (skb->len < WEIR_ETH_LEN + sizeof(ip) || !weir_pkt_ip6(skb, WEIR_ETH_LEN, &ip)) return WEIR_REASON_INVALID;
  uint32_t there = skb->len - WEIR_ETH_LEN - sizeof(ip);
  // 0: a jumbogram (BIG TCP)
  uint32_t payload = ip.payload ? weir_net16(ip.payload) : there;
  if ((ip.version_class_flow & 0xf0) != 0x60 || payload > there) return WEIR_REASON_INVALID;
  p->family = 6;
  p->protocol = ip.next;
  __builtin_memcpy(p->source, ip.source, 16);
  __builtin_memcpy(p->destination, ip.destination, 16);
  p->hops = ip.hops;
  p->l4_offset = WEIR_ETH_LEN + sizeof(ip);
  if (ip.next == WEIR_PROTO_HOPOPTS || ip.next == WEIR_PROTO_ROUTING || ip.next == WEIR_PROTO_DSTOPTS ||
      ip.next == WEIR_PROTO_FRAGMENT) {
    int reason = weir_parse_extensions(skb, p);
    if (reason || p->fragment) return reason;
  }
  uint32_t used = p->l4_offset - WEIR_ETH_LEN - sizeof(ip);
  if (used > payload) return WEIR_REASON_INVALID_EXTHDR;
  return weir_parse_l4(skb, p, WEIR_ETH_LEN + sizeof(ip), payload - used) ? 0 : WEIR_REASON_INVALID;
}
