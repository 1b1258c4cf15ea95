#pragma once
#include "backends/ebpf/bpf/verdict.h"
/* The programs. Names and contract: weir_abi.h. */

char weir_license[] SEC("license") = "GPL";

#define WEIR_PARSED 0
#define WEIR_UNCHECKED (-1)

/* WEIR_PARSED, WEIR_UNCHECKED (ARP, neighbour discovery: no policy traffic), or the reason of a drop. */
WEIR_GLOBAL int weir_parse(struct __sk_buff *skb, struct weir_packet *p) {
  if (!p) return WEIR_REASON_INVALID;
  int reason = WEIR_REASON_UNKNOWN_L3;
  switch (skb->protocol) {
    case weir_net16(WEIR_ETH_ARP):
      return WEIR_UNCHECKED;
#if WEIR_IPV4
    case weir_net16(WEIR_ETH_IP4):
      return weir_parse_ip4(skb, p);
#endif
    case weir_net16(WEIR_ETH_IP6):
      reason = weir_parse_ip6(skb, p);
      if (reason) return reason;
      // RFC 4861 6.1, 7.1: valid only with hop limit 255, so never from behind a router
      if (p->slot == WEIR_SLOT_ICMPV6 && p->type >= 133 && p->type <= 137 && p->hops == 255) return WEIR_UNCHECKED;
      return WEIR_IPV6 ? WEIR_PARSED : WEIR_REASON_UNKNOWN_L3;
  }
  return reason;
}

static __always_inline int weir_packet_at(struct __sk_buff *skb, uint8_t hook) {
  struct weir_packet p = {};
  struct weir_outcome o = {.hook = hook, .direction = hook};
  uint32_t zero = 0, ifindex = skb->ifindex;
  const struct weir_control *word = bpf_map_lookup_elem(&control, &zero);
  if (!word) return WEIR_DROP;
  // the only read of this packet (datapath.md 3 "One word")
  o.epoch = *(const volatile uint32_t *)&word->epoch;
  int parsed = weir_parse(skb, &p);
  if (parsed == WEIR_UNCHECKED) {
    weir_count_at(hook, WEIR_METRIC_UNCHECKED, skb->len);
    return WEIR_PASS;
  }
  const struct weir_endpoint *endpoint = bpf_map_lookup_elem(&endpoints, &ifindex);
  if (!endpoint || !(endpoint->flags & WEIR_ENDPOINT_READY))
    return weir_refuse(skb, &p, &o, NULL, WEIR_REASON_ENDPOINT_NOT_READY);
  if (parsed) return weir_refuse(skb, &p, &o, endpoint, parsed);
  return weir_decide(skb, &p, &o, endpoint);
}

SEC("tc") int weir_from_pod(struct __sk_buff *skb) { return weir_packet_at(skb, WEIR_EGRESS); }

SEC("tc") int weir_to_pod(struct __sk_buff *skb) { return weir_packet_at(skb, WEIR_INGRESS); }

SEC("tc") int weir_check(struct __sk_buff *skb) {
  struct weir_packet p = {};
  uint32_t ifindex = skb->cb[0];
  uint8_t direction = skb->cb[1] & 1;
  struct weir_outcome o = {.epoch = skb->cb[2] & 1, .hook = direction, .direction = direction};
  skb->cb[0] = 0;
  int parsed = weir_parse(skb, &p);
  if (parsed == WEIR_UNCHECKED) return WEIR_PASS;
  const struct weir_endpoint *endpoint = bpf_map_lookup_elem(&endpoints, &ifindex);
  if (parsed || !endpoint || !(endpoint->flags & WEIR_ENDPOINT_READY)) return WEIR_DROP;
  weir_ask(&p, direction, endpoint, &o);
  skb->cb[0] = 1;
  skb->cb[1] = o.cell.rule;
  skb->cb[2] = o.cell.verdict | o.cell.reason << 8 | o.cell.match << 16;
  skb->cb[3] = o.peer_identity;
  return weir_passes(&o.cell) ? WEIR_PASS : WEIR_DROP;
}
