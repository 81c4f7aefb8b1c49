import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** A token file that is none, or that others can read: the message says what to do. */
export class TokenFileError extends Error {
  override readonly name = 'TokenFileError';
}

const LEAST_CHARACTERS = 32;
const MOST_CHARACTERS = 512;
/** Reading for others, writing for group and others. */
const TOO_OPEN = 0o026;

/**
 * The bearer token in a file: one line of 32 to 512 visible ASCII characters. Throws a {@link TokenFileError} unless it is a
 * regular file of root's or the daemon's user that others cannot read and nobody but its owner can write.
 */
export function readToken(path: string): string {
  const descriptor = open(path);
  try {
    // Of what is open, not of the name: between two looks another file may be there.
    const { mode, uid } = fstatSync(descriptor);
    if ((mode & constants.S_IFMT) !== constants.S_IFREG)
      throw new TokenFileError(`${path} is no regular file`);
    if ((mode & TOO_OPEN) !== 0) {
      const now = (mode & 0o777).toString(8).padStart(4, '0');
      throw new TokenFileError(
        `others can read, or change, the token in ${path} (mode ${now}): chmod 0640 ${path}`,
      );
    }
    if (uid !== 0 && uid !== process.getuid?.())
      throw new TokenFileError(`${path} belongs to another user (uid ${uid}), who could change the token`);
    return tokenIn(path, read(descriptor));
  } finally {
    closeSync(descriptor);
  }
}

function open(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw new TokenFileError(`the token file cannot be read: ${(error as Error).message}`);
  }
}

function read(descriptor: number): string {
  const buffer = Buffer.alloc(MOST_CHARACTERS + 2);
  return buffer.toString('latin1', 0, readSync(descriptor, buffer, 0, buffer.length, 0));
}

function tokenIn(path: string, text: string): string {
  const token = text.replace(/\r?\n$/, '');
  if (token.length >= LEAST_CHARACTERS && token.length <= MOST_CHARACTERS && /^[\x21-\x7e]+$/.test(token))
    return token;
  throw new TokenFileError(
    `${path} holds no token: one line of ${LEAST_CHARACTERS} to ${MOST_CHARACTERS} visible characters, for example from 'openssl rand -hex 32'`,
  );
}
