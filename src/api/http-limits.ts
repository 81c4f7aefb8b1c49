/*
 * What one client may ask of the daemon at once. A limit is large enough that no honest client meets it, and small
 * enough that all of them together leave the daemon its time and memory (docs/http.md).
 */

export const HTTP_LIMITS = {
  /** Connections of all clients but the owner, who has so many more for himself. */
  mostConnections: 256,
  ownersConnections: 64,
  /** Of one client (a user; over TCP an address). */
  connectionsOfOne: 32,
  /** Streams of events, which stay open: of all clients, and of one. */
  mostStreams: 64,
  streamsOfOne: 8,
  /** Bytes of a body, unless the route has a limit of its own; of a policy or plan. */
  bodyBytes: 64 * 1024,
  policyBytes: 16 * 1024 * 1024,
  /** Of request line and headers together. */
  headerBytes: 16 * 1024,
  /** Until the headers, and the whole request, have come. */
  headersMs: 5_000,
  requestMs: 10_000,
  /** A connection without a request; one on which nothing moves in mid-answer. */
  keepAliveMs: 30_000,
  stalledMs: 30_000,
  /** Between two looks at those times. */
  checkEveryMs: 1_000,
  requestsOnOneConnection: 10_000,
} as const;

/** Requests of one client: so many at once, and so many a second for ever. Costly routes count as several. */
export const REQUEST_RATES = {
  socket: { burst: 400, perSecond: 200 },
  tcp: { burst: 60, perSecond: 20 },
} as const;
