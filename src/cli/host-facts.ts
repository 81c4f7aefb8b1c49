import type { HostFacts } from '../compiler/index.js';
import type { Context } from './command.js';
import { warningsOf } from './warning.js';

/** The host facts of `--host FACTS.json`, else of this machine, with a warning where what was measured of it cannot be used. */
export async function hostFacts(file: string | undefined, context: Context): Promise<HostFacts> {
  if (file === undefined) {
    const { linuxHostFacts } = await import('../enforce/linux/host-facts.js');
    return linuxHostFacts(warningsOf(context));
  }
  const { readHostFacts } = await import('./read-host-facts.js');
  return readHostFacts(file);
}
