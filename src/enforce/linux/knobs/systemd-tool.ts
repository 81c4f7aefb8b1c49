import type { Guest } from '../../../qemu/guest.js';
import { invariant } from '../../../support/invariant.js';
import { IDLE_WEIGHT, type Quota } from '../../host.js';
import type { UndoRecord } from '../undo-record.js';
import type { GroupTool } from './group-tool.js';
import type { GroupState } from './own-group-files.js';
import { runTool } from './run-tool.js';

const MANAGER = 'org.freedesktop.systemd1';
const NOT_SET = '18446744073709551615';
/** cpu.shares of weight 100: systemd translates the one to the other where the hierarchy is v1. */
const SHARES_OF_USUAL_WEIGHT = 1024;
const USUAL_WEIGHT = 100;
const GREATEST_WEIGHT = 10_000;

/** Properties of a unit as `systemctl set-property` takes them: always these three. */
interface UnitProperties {
  readonly weight: string;
  readonly quota: string;
  readonly period: string;
}

/** Units of systemd's: by `systemctl set-property --runtime`, which lasts no longer than the unit or the boot. */
export class SystemdTool implements GroupTool {
  constructor(private readonly version: 1 | 2) {}

  async remember({ unit }: Guest): Promise<readonly UndoRecord[]> {
    invariant(unit, 'a guest that systemd manages is in a unit');
    const kind = unit.endsWith('.scope') ? 'Scope' : 'Service';
    const names = ['CPUWeight', 'CPUQuotaPerSecUSec', 'CPUQuotaPeriodUSec'];
    const query = ['get-property', MANAGER, busPath(unit), `${MANAGER}.${kind}`, ...names];
    const answers = (await runTool('busctl', query)).trim().split('\n');
    const [weight = '', quota = '', period = ''] = answers.map((answer) => answer.replace(/^t /, ''));
    const properties = [
      `CPUWeight=${weight === NOT_SET ? '' : weight === '0' ? 'idle' : weight}`,
      `CPUQuota=${quota === NOT_SET ? '' : `${Number(quota) / 10_000}%`}`,
      `CPUQuotaPeriodSec=${period === NOT_SET ? '' : `${period}us`}`,
    ];
    return [{ operation: 'unit', unit, properties }];
  }

  async apply({ unit }: Guest, wanted: GroupState, [before]: readonly UndoRecord[]): Promise<void> {
    invariant(unit !== null && before?.operation === 'unit', 'a unit is remembered before it is set');
    const [weight = '', quota = '', period = ''] = before.properties;
    const limit = wanted.quota && quotaProperties(wanted.quota);
    const properties: UnitProperties = {
      weight: wanted.weight === null ? weight : `CPUWeight=${this.#weight(wanted.weight)}`,
      quota: limit?.quota ?? quota,
      period: limit?.period ?? period,
    };
    await runTool('systemctl', ['set-property', '--runtime', unit, ...Object.values(properties)]);
  }

  #weight(weight: number): string {
    if (this.version === 2) return weight === IDLE_WEIGHT ? 'idle' : `${weight}`;
    const translated = Math.round((weight * USUAL_WEIGHT) / SHARES_OF_USUAL_WEIGHT);
    return `${Math.min(Math.max(translated, 1), GREATEST_WEIGHT)}`;
  }
}

/** systemd takes hundredths of a percent: rounded down. */
function quotaProperties({ quotaNs, periodNs }: Quota): Pick<UnitProperties, 'quota' | 'period'> {
  const hundredths = (quotaNs * 10_000n) / periodNs;
  return {
    quota: `CPUQuota=${Number(hundredths > 0n ? hundredths : 1n) / 100}%`,
    period: `CPUQuotaPeriodSec=${periodNs / 1000n}us`,
  };
}

/** sd_bus_path_encode(3): letters and digits as they are, other bytes as _xx. */
function busPath(unit: string): string {
  const bytes = [...new TextEncoder().encode(unit)];
  const label = bytes.map((byte, at) => {
    const character = String.fromCharCode(byte);
    const plain = at === 0 ? /[A-Za-z]/.test(character) : /[A-Za-z0-9]/.test(character);
    return plain ? character : `_${byte.toString(16).padStart(2, '0')}`;
  });
  return `/org/freedesktop/systemd1/unit/${label.join('')}`;
}
