import { accountId } from '../api/account-ids.js';
import type { Flow } from '../api/flows/flow.js';
import type { SocketAccounts } from '../api/listening-socket.js';
import { isLoopback, parseTcpAddress, type TcpAddress } from '../api/tcp-address.js';
import type { OptionSpec } from './command.js';
import { usageError } from './command-error.js';

export interface AccessArguments {
  readonly 'socket-owner': string | undefined;
  readonly 'socket-group': string | undefined;
  readonly listen: string | undefined;
  readonly 'token-file': string | undefined;
  readonly 'listen-anywhere': boolean;
  readonly flow: readonly string[];
  readonly 'flow-token-file': string | undefined;
}

/** Who may talk to the daemon: options of `vmc enforce`. */
export const ACCESS_OPTIONS: Readonly<Record<keyof AccessArguments, OptionSpec>> = {
  'socket-owner': {
    type: 'string',
    describe: 'user who may change something, beside root and the daemon’s own',
  },
  'socket-group': { type: 'string', describe: 'group that may read from the socket' },
  listen: { type: 'string', describe: 'also by TCP, for reading: ADDRESS:PORT, such as 127.0.0.1:7070' },
  'token-file': { type: 'string', describe: 'file with the bearer token that TCP asks for' },
  'listen-anywhere': { type: 'boolean', default: false, describe: 'let --listen be no loopback address' },
  flow: {
    type: 'string',
    repeatable: true,
    describe: 'NAME=ADDRESS:PORT of another daemon: how far it is, and how much gets through, are sensed',
  },
  'flow-token-file': {
    type: 'string',
    describe: 'file with the bearer token that daemons at the ends of flows ask for; default: --token-file',
  },
};

/** The options as the daemon has them. Throws where one of them is none, or they do not go together. */
export function daemonAccess(args: AccessArguments): {
  readonly socketAccounts: SocketAccounts;
  readonly tcp?: { readonly address: TcpAddress; readonly tokenFile: string };
  readonly flows?: { readonly flows: readonly Flow[]; readonly tokenFile: string };
} {
  const flows = flowsOf(args);
  const socketAccounts = {
    uid: idOf('passwd', args['socket-owner'], '--socket-owner'),
    gid: idOf('group', args['socket-group'], '--socket-group'),
  };
  const { listen, 'token-file': tokenFile } = args;
  if (listen === undefined) {
    if (tokenFile === undefined) return { socketAccounts, ...flows };
    throw usageError('--token-file is of no use without --listen', 'for example --listen 127.0.0.1:7070');
  }
  const address = addressOf(listen, args['listen-anywhere']);
  if (tokenFile !== undefined) return { socketAccounts, tcp: { address, tokenFile }, ...flows };
  const make = '(umask 077; openssl rand -hex 32 > FILE)';
  throw usageError('--listen needs --token-file FILE: nobody is let in without a token', make);
}

/** The flows, if there are any. */
function flowsOf(args: AccessArguments): {
  readonly flows?: { readonly flows: readonly Flow[]; readonly tokenFile: string };
} {
  const tokenFile = args['flow-token-file'] ?? args['token-file'];
  if (args.flow.length === 0) {
    if (args['flow-token-file'] === undefined) return {};
    throw usageError(
      '--flow-token-file is of no use without --flow',
      'for example --flow lab=192.0.2.7:7070',
    );
  }
  if (tokenFile === undefined) {
    throw usageError(
      '--flow needs --flow-token-file FILE: the daemon at its end lets nobody in without a token',
      'it is that of its --token-file',
    );
  }
  const flows = args.flow.map(flowOf);
  const twice = flows.find(({ name }, at) => flows.findIndex((one) => one.name === name) < at);
  if (twice) throw usageError(`--flow: there are two flows '${twice.name}'`, 'give each a name of its own');
  return { flows: { flows, tokenFile } };
}

function flowOf(text: string): Flow {
  const [, name = '', place = ''] = /^([A-Za-z][\w-]{0,63})=(.+)$/.exec(text) ?? [];
  const address = parseTcpAddress(place);
  if (address !== null && address.port > 0) return { name, address };
  throw usageError(`--flow ${text}: that is no NAME=ADDRESS:PORT`, 'for example lab=192.0.2.7:7070');
}

function idOf(kind: 'passwd' | 'group', name: string | undefined, option: string): number | null {
  if (name === undefined) return null;
  const id = accountId(kind, name);
  if (id !== null) return id;
  const [what, make] = kind === 'group' ? ['group', 'groupadd --system'] : ['user', 'useradd --system'];
  throw usageError(`${option}: there is no ${what} '${name}' on this machine`, `${make} ${name}`);
}

function addressOf(text: string, anywhere: boolean): TcpAddress {
  const address = parseTcpAddress(text);
  if (address === null)
    throw usageError(
      `--listen ${text}: that is no address and port`,
      'for example 127.0.0.1:7070, or [::1]:7070',
    );
  if (anywhere || isLoopback(address)) return address;
  throw usageError(
    `--listen ${text}: other machines could reach that, and what they send and are sent is not encrypted`,
    'use 127.0.0.1 with a proxy that does TLS in front of it, or say --listen-anywhere',
  );
}
