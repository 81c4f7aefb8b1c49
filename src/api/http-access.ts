import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { clientOf } from './http-client-identity.js';
import { REQUEST_RATES } from './http-limits.js';
import type { HttpTraffic } from './http-traffic.js';
import { isOwner } from './owner.js';
import { ProblemError } from './problem.js';
import { TokenBuckets } from './token-buckets.js';

/** How the daemon is reached, and what that allows. */
export type HttpAccess =
  /** The unix socket: whoever may connect may read, the owners (uids) may change something. */
  | { readonly kind: 'socket'; readonly owners: ReadonlySet<number> }
  /** TCP: reading only, with the token that the function answers now. */
  | { readonly kind: 'tcp'; readonly token: () => string };

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a request costs of its client's rate; default 1. */
    readonly cost?: number;
  }
}

/**
 * Takes from a client's rate what a request costs beyond that of its route, which is known only now. Throws a ProblemError where the
 * client has asked too much.
 */
export type Spend = (request: FastifyRequest, cost: number) => void;

/** Refuses, before anything of a body is read, what a client may not ask here, or not so often. */
export function guardAccess(app: FastifyInstance, access: HttpAccess, traffic: HttpTraffic): Spend {
  const buckets = new TokenBuckets(REQUEST_RATES[access.kind]);
  const spend = (request: FastifyRequest, cost = request.routeOptions.config.cost) => {
    if (access.kind === 'socket' && isOwner(request.raw.socket, access.owners)) return;
    takeTokens(buckets, request, cost, traffic);
  };
  app.addHook('onRequest', async (request) => {
    if (access.kind === 'tcp') {
      refuseForeignHost(request, traffic);
      spend(request);
      refuseWithoutToken(request, access.token(), traffic);
    } else spend(request);
  });
  app.addHook('onResponse', async (request, { statusCode }) => {
    traffic.answered(request.method, request.routeOptions.url ?? 'none', statusCode);
  });
  return spend;
}

function takeTokens(
  buckets: TokenBuckets,
  { raw }: FastifyRequest,
  cost: number | undefined,
  traffic: HttpTraffic,
): void {
  const waitS = buckets.take(clientOf(raw.socket).key, cost);
  if (waitS === 0) return;
  traffic.refused('rate');
  const headers = { 'retry-after': String(Math.ceil(waitS)) };
  throw new ProblemError('too-many-requests', `ask again in ${Math.ceil(waitS)} s`, { headers });
}

/**
 * A page that a browser shows can be served under a name that then stands for 127.0.0.1 (DNS rebinding): only addresses and
 * names of this very machine are taken for it.
 */
function refuseForeignHost({ headers: { host = '' } }: FastifyRequest, traffic: HttpTraffic): void {
  const name = host
    .replace(/:\d{1,5}$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  if (isIP(name) !== 0 || name === 'localhost' || name === hostname().toLowerCase()) return;
  traffic.refused('host');
  throw new ProblemError(
    'misdirected',
    'the Host header names another machine; use an address, or localhost',
  );
}

function refuseWithoutToken({ headers }: FastifyRequest, token: string, traffic: HttpTraffic): void {
  const [, given = ''] = /^Bearer +(\S{1,512})$/i.exec(headers.authorization ?? '') ?? [];
  if (timingSafeEqual(digestOf(given), digestOf(token))) return;
  traffic.refused('token');
  const detail =
    given === '' ? 'send "Authorization: Bearer TOKEN", the token of --token-file' : 'that is not the token';
  throw new ProblemError('unauthorized', detail, { headers: { 'www-authenticate': 'Bearer realm="vmcd"' } });
}

/** Of equal length, whatever is compared. */
const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
