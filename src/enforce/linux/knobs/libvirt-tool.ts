import type { Guest } from '../../../qemu/guest.js';
import { invariant } from '../../../support/invariant.js';
import { IDLE_WEIGHT } from '../../host.js';
import type { UndoRecord } from '../undo-record.js';
import type { GroupTool } from './group-tool.js';
import type { GroupState } from './own-group-files.js';
import { runTool } from './run-tool.js';

const CONNECTION = ['--quiet', '--connect', 'qemu:///system'] as const;
const LEAST_WEIGHT = { 1: 2, 2: 1 } as const;

/** Domains of libvirt's: by `virsh schedinfo --live`, which lasts as long as the domain runs. */
export class LibvirtTool implements GroupTool {
  constructor(private readonly version: 1 | 2) {}

  async remember(guest: Guest): Promise<readonly UndoRecord[]> {
    const domain = domainOf(guest);
    const text = await runTool('virsh', [...CONNECTION, 'schedinfo', domain, '--live']);
    const value = (name: string): string =>
      new RegExp(`^${name}\\s*:\\s*(-?\\d+)$`, 'm').exec(text)?.[1] ?? '';
    const parameters = ['cpu_shares', 'global_period', 'global_quota'].map(
      (name) => `${name}=${value(name)}`,
    );
    if (parameters.some((parameter) => parameter.endsWith('=')))
      throw Object.assign(new Error(`libvirt does not say how domain ${domain} is scheduled`), {
        code: 'EIO',
      });
    const { pid, startTime } = guest;
    return [{ operation: 'domain', pid, startTime, domain, parameters }];
  }

  async apply(guest: Guest, { weight, quota }: GroupState, [before]: readonly UndoRecord[]): Promise<void> {
    invariant(before?.operation === 'domain', 'a domain is remembered before it is set');
    const [sharesBefore = '', periodBefore = '', quotaBefore = ''] = before.parameters;
    const shares = weight === IDLE_WEIGHT ? LEAST_WEIGHT[this.version] : weight;
    const limit = quota
      ? [`global_period=${quota.periodNs / 1000n}`, `global_quota=${quota.quotaNs / 1000n}`]
      : [periodBefore, quotaBefore];
    const parameters = [shares === null ? sharesBefore : `cpu_shares=${shares}`, ...limit];
    await runTool('virsh', [...CONNECTION, 'schedinfo', domainOf(guest), '--live', ...parameters]);
  }
}

/** @throws errno error for a process in libvirt's place that libvirt did not start as it starts domains. */
function domainOf({ uuid, pid }: Guest): string {
  if (uuid !== null && /^[0-9a-f-]{36}$/i.test(uuid)) return uuid;
  throw Object.assign(new Error(`process ${pid} has no uuid, by which libvirt knows its domains`), {
    code: 'ENOTSUP',
  });
}
