import type { Check } from '../doctor-schema.js';
import { present } from './check.js';

/** The part of `systeminformation` that is used. */
export interface PlatformLibrary {
  cpu(): Promise<{
    readonly manufacturer: string;
    readonly brand: string;
    readonly cores: number;
    readonly physicalCores: number;
  }>;
  osInfo(): Promise<{ readonly distro: string; readonly release: string; readonly kernel: string }>;
  /** Bytes. */
  mem(): Promise<{ readonly total: number }>;
  system(): Promise<{ readonly virtual: boolean; readonly virtualHost?: string }>;
}

const GIB = 2 ** 30;

/**
 * What machine this is: for whoever reads the doctor's words elsewhere. Starts processes to find out. A platform that
 * cannot be asked is one that is not known.
 */
export async function machine(
  load: () => Promise<PlatformLibrary> = async () => (await import('systeminformation')).default,
): Promise<Check> {
  const name = 'machine';
  try {
    const library = await load();
    const [cpu, os, memory, system] = await Promise.all([
      library.cpu(),
      library.osInfo(),
      library.mem(),
      library.system(),
    ]);
    const processor = `${cpu.manufacturer} ${cpu.brand}`.trim() || 'processor of no name';
    const isThreaded = cpu.physicalCores > 0 && cpu.physicalCores < cpu.cores;
    const threads = isThreaded ? `${cpu.cores} threads on ${cpu.physicalCores} cores` : cores(cpu.cores);
    const virtual = system.virtual ? [`virtual${system.virtualHost ? ` (${system.virtualHost})` : ''}`] : [];
    const parts = [
      `${os.distro} ${os.release}`.trim(),
      `Linux ${os.kernel}`,
      processor,
      threads,
      `${(memory.total / GIB).toFixed(1)} GiB`,
      ...virtual,
    ];
    return present('state', name, parts.join(', '));
  } catch (error) {
    return present('state', name, `not known: ${(error as Error).message}`);
  }
}

const cores = (count: number): string => `${count} ${count === 1 ? 'core' : 'cores'}`;
