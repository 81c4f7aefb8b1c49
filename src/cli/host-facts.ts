import type { HostFacts } from '../compiler/index.js';

/** The host facts of `--host FACTS.json`, else of this machine. */
export async function hostFacts(file: string | undefined): Promise<HostFacts> {
  if (file === undefined) {
    const { linuxHostFacts } = await import('../enforce/linux/host-facts.js');
    return linuxHostFacts();
  }
  const { readHostFacts } = await import('./read-host-facts.js');
  return readHostFacts(file);
}
