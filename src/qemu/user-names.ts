import { readFileSync, statSync } from 'node:fs';

/** Login names from a passwd file, read again whenever the file changes. */
export class UserNames {
  readonly #path: string;
  #stamp = '';
  #names: ReadonlyMap<number, string> = new Map();

  constructor(path = '/etc/passwd') {
    this.#path = path;
  }

  /** The login name of a uid (the file's first), the uid as text without one. */
  nameOf(uid: number): string {
    return this.#names.get(uid) ?? `${uid}`;
  }

  /**
   * Looks for a change of the file; once before a row of `nameOf`. Without a readable file nobody has a name.
   */
  refresh(): void {
    const stat = statSync(this.#path, { throwIfNoEntry: false });
    const stamp = stat ? `${stat.ino} ${stat.mtimeMs} ${stat.size}` : '';
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    this.#names = stat ? parsePasswd(readFileSync(this.#path, 'utf8')) : new Map();
  }
}

/** Names by uid from lines `NAME:PASSWORD:UID:…` (passwd(5)); the first line of a uid counts. */
export function parsePasswd(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name, , uid] = line.split(':');
    if (name && uid !== undefined && /^\d+$/.test(uid) && !names.has(Number(uid)))
      names.set(Number(uid), name);
  }
  return names;
}
