import { expect } from 'chai';
import { type Serving, startServing } from './serving.js';

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

/** Every `$ref` in a document. */
function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : references(inner),
  );
}

describe('the OpenAPI document', () => {
  let serving: Serving;
  let document: Document;
  before(async () => {
    serving = await startServing();
    document = (await serving.app.inject('/openapi.json')).json();
  });
  after(() => serving.stop());

  it('is of version 3.1 and names every route', () => {
    expect(document.openapi).to.equal('3.1.0');
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes).to.have.members([
      'GET /v1/status',
      'GET /v1/guests',
      'GET /v1/guests/{id}',
      'GET /v1/plan',
      'GET /v1/events',
      'GET /v1/flow',
      'GET /v1/series',
      'GET /v1/series/{signal}',
      'GET /v1/forecast/{signal}',
      'GET /v1/forecast/{signal}/stream',
      'POST /v1/forecasts',
      'POST /v1/admit',
      'POST /v1/running-time',
      'POST /v1/running-time/{id}/outcome',
      'GET /v1/ledger',
      'GET /v1/ledger/conformance',
      'PUT /v1/signals/{name}',
      'POST /v1/release',
      'PUT /v1/policy',
      'POST /v1/reload',
      'GET /metrics',
      'GET /healthz',
      'GET /readyz',
    ]);
  });

  it('is valid by the schema of the OpenAPI initiative', async () => {
    const { Validator } = await import('@seriousme/openapi-schema-validator');
    const { valid, errors } = await new Validator().validate({ ...structuredClone(document) });
    expect(valid, JSON.stringify(errors)).to.equal(true);
  });

  it('describes every answer, and refers to nothing that it does not hold', () => {
    for (const methods of Object.values(document.paths)) {
      for (const operation of Object.values(methods)) {
        expect(operation).to.have.nested.property('responses.200.content');
      }
    }
    const names = Object.keys(document.components.schemas);
    for (const reference of references(document)) {
      const [, name] = /^#\/components\/schemas\/([^/]+)/.exec(reference) ?? [];
      expect(names, reference).to.include(name);
    }
  });
});
