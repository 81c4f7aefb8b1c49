import swagger from '@fastify/swagger';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
// biome-ignore lint/correctness/useImportExtensions: not a module of ours, a JSON file.
import packageJson from '../../package.json' with { type: 'json' };
import { PlanSchema } from '../compiler/plan-schema.js';
import { EventSchema, StatusSchema } from '../enforce/status.js';
import { AdmissionSchema } from './admission-schema.js';
import { ForecastSchema, HistorySchema, SignalInfoSchema } from './forecast-schema.js';
import { listenOnSocket } from './listening-socket.js';
import { answerWithProblems, ProblemSchema } from './problem.js';
import { admissionRoutes } from './routes/admission.js';
import { changeRoutes } from './routes/changes.js';
import { eventRoutes } from './routes/events.js';
import { forecastRoutes } from './routes/forecast.js';
import { probeRoutes } from './routes/probes.js';
import { seriesRoutes } from './routes/series.js';
import { stateRoutes } from './routes/state.js';
import { componentName } from './schema-reference.js';
import type { DaemonServices } from './services.js';

/** No request of the API needs more. */
const MOST_BODY_BYTES = 64 * 1024;

const SHARED_SCHEMAS = [
  AdmissionSchema,
  EventSchema,
  ForecastSchema,
  HistorySchema,
  PlanSchema,
  ProblemSchema,
  SignalInfoSchema,
  StatusSchema,
];

/** The HTTP interface of the daemon on `services`; listens on nothing yet. */
export async function createServer(
  services: DaemonServices,
  logger?: FastifyBaseLogger,
): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    ...(logger && {
      loggerInstance: logger,
      logController: new LogController({ disableRequestLogging: true }),
    }),
    bodyLimit: MOST_BODY_BYTES,
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
  });
  // What is answered is ours: the schemas describe it and the tests hold it against them.
  app.setSerializerCompiler(() => (body) => JSON.stringify(body));
  for (const schema of SHARED_SCHEMAS) app.addSchema({ ...schema, $id: componentName(schema) });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'vmcd',
        version: packageJson.version,
        description: 'The daemon of vmc, on its unix socket.',
      },
    },
    refResolver: { buildLocalReference: (json) => String(json['$id']) },
  });
  answerWithProblems(app);
  stateRoutes(app, services);
  eventRoutes(app, services);
  seriesRoutes(app, services);
  forecastRoutes(app, services);
  admissionRoutes(app, services);
  changeRoutes(app, services);
  probeRoutes(app, services);
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  await app.ready();
  return app;
}

/** Serves `app` on a unix socket, until `app.close()`. Throws a SocketInUseError when another daemon does. */
export async function serve(app: FastifyInstance, path: string): Promise<void> {
  await listenOnSocket(app.server, path);
}
