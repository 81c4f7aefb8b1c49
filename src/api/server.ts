import swagger from '@fastify/swagger';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
// biome-ignore lint/correctness/useImportExtensions: not a module of ours, a JSON file.
import packageJson from '../../package.json' with { type: 'json' };
import { PlanSchema } from '../compiler/plan-schema.js';
import { ConformanceSchema, LedgerSchema } from '../enforce/ledger/ledger-schema.js';
import { EventSchema, StatusSchema } from '../enforce/status.js';
import { AdmissionSchema } from './admission-schema.js';
import { answerBrokenRequest } from './answer-broken-request.js';
import { dropUnreadBodies } from './drop-unread-bodies.js';
import {
  ForecastSchema,
  ForecastsSchema,
  ForecastUpdateSchema,
  HistorySchema,
  SignalInfoSchema,
} from './forecast-schema.js';
import { guardConnections } from './guard-connections.js';
import { guardAccess, type HttpAccess } from './http-access.js';
import { HTTP_LIMITS } from './http-limits.js';
import { HttpTraffic } from './http-traffic.js';
import { OpenStreams } from './open-streams.js';
import { ownersOf } from './owner.js';
import { answerWithProblems, ProblemSchema } from './problem.js';
import { admissionRoutes } from './routes/admission.js';
import { changeRoutes } from './routes/changes.js';
import { eventRoutes } from './routes/events.js';
import { flowRoute } from './routes/flow.js';
import { forecastRoutes } from './routes/forecast.js';
import { ledgerRoutes } from './routes/ledger.js';
import { metricsRoute } from './routes/metrics.js';
import { policyRoutes } from './routes/policy.js';
import { probeRoutes } from './routes/probes.js';
import { readOnlyRoutes } from './routes/read-only.js';
import { runningTimeOutcomeRoute, runningTimeRoutes } from './routes/running-time.js';
import { seriesRoutes } from './routes/series.js';
import { stateRoutes } from './routes/state.js';
import { RunningTimeSchema } from './running-time-schema.js';
import { componentName } from './schema-reference.js';
import type { DaemonServices } from './services.js';

const SHARED_SCHEMAS = [
  AdmissionSchema,
  ConformanceSchema,
  EventSchema,
  ForecastSchema,
  ForecastsSchema,
  ForecastUpdateSchema,
  HistorySchema,
  LedgerSchema,
  PlanSchema,
  ProblemSchema,
  RunningTimeSchema,
  SignalInfoSchema,
  StatusSchema,
];

export interface ServerOptions {
  readonly logger?: FastifyBaseLogger;
  /** Default: the unix socket, changes for root and the daemon's own user. */
  readonly access?: HttpAccess;
  /** Counted here; default: for this server alone. */
  readonly traffic?: HttpTraffic;
}

/** The HTTP interface of the daemon on `services`; listens on nothing yet. */
export async function createServer(
  services: DaemonServices,
  {
    logger,
    access = { kind: 'socket', owners: ownersOf(null) },
    traffic = new HttpTraffic(),
  }: ServerOptions = {},
): Promise<FastifyInstance> {
  const owners = access.kind === 'socket' ? access.owners : new Set<number>();
  const app: FastifyInstance = fastify({
    ...(logger && {
      loggerInstance: logger,
      logController: new LogController({ disableRequestLogging: true }),
    }),
    ...limits,
    routerOptions: { maxParamLength: 300 },
    ajv: {
      customOptions: {
        removeAdditional: false,
        coerceTypes: 'array',
        allErrors: true,
        allowUnionTypes: true,
      },
    },
    forceCloseConnections: 'idle',
    clientErrorHandler: answerBrokenRequest,
  });
  guardConnections(app.server, owners, traffic);
  // What is answered is ours: the schemas describe it and the tests hold it against them.
  app.setSerializerCompiler(() => (body) => JSON.stringify(body));
  for (const schema of SHARED_SCHEMAS) app.addSchema({ ...schema, $id: componentName(schema) });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'vmcd',
        version: packageJson.version,
        description: `The daemon of vmc, ${access.kind === 'socket' ? 'on its unix socket' : 'over TCP: reading only'}.`,
      },
    },
    refResolver: { buildLocalReference: (json) => String(json['$id']) },
  });
  answerWithProblems(app);
  const spend = guardAccess(app, access, traffic);
  const streams = new OpenStreams(app, traffic);
  dropUnreadBodies(app);
  stateRoutes(app, services);
  eventRoutes(app, services, streams);
  seriesRoutes(app, services);
  flowRoute(app);
  forecastRoutes(app, services, { spend, streams });
  runningTimeRoutes(app, services);
  admissionRoutes(app, services);
  ledgerRoutes(app, services);
  if (access.kind === 'socket') {
    changeRoutes(app, services, owners);
    policyRoutes(app, services, owners);
    runningTimeOutcomeRoute(app, services, owners);
  } else readOnlyRoutes(app);
  probeRoutes(app, services);
  metricsRoute(app, services, { traffic, spend });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  await app.ready();
  return app;
}

const limits = {
  bodyLimit: HTTP_LIMITS.bodyBytes,
  connectionTimeout: HTTP_LIMITS.stalledMs,
  keepAliveTimeout: HTTP_LIMITS.keepAliveMs,
  requestTimeout: HTTP_LIMITS.requestMs,
  maxRequestsPerSocket: HTTP_LIMITS.requestsOnOneConnection,
  http: {
    headersTimeout: HTTP_LIMITS.headersMs,
    connectionsCheckingInterval: HTTP_LIMITS.checkEveryMs,
    maxHeaderSize: HTTP_LIMITS.headerBytes,
  },
} as const;
