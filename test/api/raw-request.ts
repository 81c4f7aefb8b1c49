import { request } from 'node:http';

export interface Raw {
  readonly status: number;
  readonly type: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** The unix socket, or the port on 127.0.0.1, of a server. */
export type Where = string | number;

export interface RawOptions {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request and its whole answer, on a connection of its own. */
export function raw(
  where: Where,
  method: string,
  path: string,
  { body, headers = {} }: RawOptions = {},
): Promise<Raw> {
  const target = typeof where === 'string' ? { socketPath: where } : { host: '127.0.0.1', port: where };
  return new Promise((resolve, reject) => {
    const sent = request({ ...target, method, path, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece) => {
        text += piece;
      });
      response.on('end', () => {
        const { statusCode = 0, headers: answered } = response;
        resolve({ status: statusCode, type: answered['content-type'] ?? '', headers: answered, body: text });
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
