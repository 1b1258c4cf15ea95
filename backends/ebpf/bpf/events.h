#pragma once
#include "backends/ebpf/bpf/metrics.h"
#include "backends/ebpf/bpf/parse.h"
/* The ring buffer. A full buffer never delays a packet: the loss is counted. */
#if WEIR_EVENTS
struct {
  WEIR_NUMBER(type, BPF_MAP_TYPE_RINGBUF);
  WEIR_NUMBER(max_entries, WEIR_EVENT_BYTES);
} events SEC(".maps");
#endif

/* What was decided about a packet. */
struct weir_outcome {
  struct weir_cell cell;
  uint32_t epoch;
  uint32_t peer_identity; /* number; 0: not looked up */
  uint8_t hook;           /* WEIR_EGRESS: the packet comes from the pod */
  uint8_t direction;      /* of the policy that decided */
  uint8_t ct_state;
  uint8_t type;           /* WEIR_EVENT_* */
  uint8_t tcp;            /* WEIR_CT_* bits of the entry */
  uint8_t nat;            /* 1: the peer is a backend of a listener */
  uint8_t reserved[2];
};

#if WEIR_EVENTS
WEIR_GLOBAL int weir_event(struct __sk_buff *skb, const struct weir_packet *p, const struct weir_outcome *o,
                           const struct weir_endpoint *endpoint) {
  if (!p || !o) return 0;
  struct weir_event *event = bpf_ringbuf_reserve(&events, sizeof(struct weir_event), 0);
  if (!event) {
    weir_count(WEIR_METRIC_EVENTS_LOST, 0);
    return 0;
  }
  bool from_pod = o->hook == WEIR_EGRESS;
  uint32_t own = 0, id = 0;
  if (endpoint) {
    own = endpoint->identity;
    id = endpoint->id;
  }
  event->time_ns = bpf_ktime_get_ns();
  event->epoch = o->epoch;
  event->rule = o->cell.rule;
  event->ifindex = skb->ifindex;
  event->endpoint = id;
  event->source_identity = from_pod ? own : o->peer_identity;
  event->destination_identity = from_pod ? o->peer_identity : own;
  event->bytes = skb->len;
  event->source_port = weir_net16(p->source_port);
  event->destination_port = weir_net16(p->destination_port);
  __builtin_memcpy(event->source, p->source, 16);
  __builtin_memcpy(event->destination, p->destination, 16);
  event->type = o->type;
  event->direction = o->direction;
  event->verdict = o->cell.verdict == WEIR_ALLOWED ? WEIR_ALLOWED : WEIR_AUDIT && o->cell.audit ? WEIR_AUDITED : WEIR_DENIED;
  event->reason = o->cell.reason;
  event->match = o->cell.match;
  event->family = p->family;
  event->protocol = p->protocol;
  event->icmp_type = p->type;
  event->icmp_code = p->code;
  event->tcp_flags = p->tcp_flags;
  event->ct_state = o->ct_state;
  event->flags = p->fragment ? WEIR_EVENT_FRAGMENT : 0;
  event->reserved = 0;
  bpf_ringbuf_submit(event, 0);
  return 0;
}
#else
#define weir_event(skb, p, o, endpoint) ((void)0)
#endif
