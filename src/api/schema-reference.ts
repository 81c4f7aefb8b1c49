import { type TSchema, Type } from '@sinclair/typebox';
import { ProblemSchema } from './problem.js';

/** The name of a shared schema in the OpenAPI document: 'status.schema.json' is `Status`. */
export function componentName({ $id = '' }: { $id?: string }): string {
  const [name = ''] = $id.split('.');
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** `{ $ref }` to a schema that server.ts registers under its component's name. */
export const reference = (schema: TSchema): TSchema => Type.Unsafe({ $ref: `${componentName(schema)}#` });

/** The responses of a route: 200, and a problem for all else. */
export function answers(body: TSchema): Record<string, unknown> {
  return { 200: body, '4xx': problems, '5xx': problems };
}

const problems = {
  description: 'RFC 9457',
  content: { 'application/problem+json': { schema: reference(ProblemSchema) } },
};
