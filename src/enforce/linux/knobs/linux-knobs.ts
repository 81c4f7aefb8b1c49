import type { Clock } from '../../../support/clock.js';
import { CgroupV2 } from '../cgroup-v2.js';
import type { Cgroups } from '../cgroups.js';
import type { Journal } from '../journal.js';
import { findCgroupMounts } from '../mounts.js';
import { DiskKnob } from './disk-knob.js';
import type { GuestKnob } from './guest-knob.js';
import { type MemoryGroups, MemoryGroupsV1, MemoryGroupsV2 } from './memory-groups.js';
import { MemoryKnob } from './memory-knob.js';
import { MonitorReadings } from './monitor-readings.js';
import { NetworkKnob } from './network-knob.js';
import { NiceKnob } from './nice-knob.js';

/** What can be set on single guests of this machine, but for their cores. `cgroups` null: none that may be written. */
export function linuxKnobs(cgroups: Cgroups | null, journal: Journal, clock: Clock): readonly GuestKnob[] {
  const readings = new MonitorReadings(clock);
  return [
    new MemoryKnob(readings, memoryGroups(cgroups, journal), journal, clock),
    new DiskKnob(readings, journal),
    new NetworkKnob(journal, clock),
    new NiceKnob(journal),
  ];
}

function memoryGroups(cgroups: Cgroups | null, journal: Journal): MemoryGroups | null {
  if (cgroups instanceof CgroupV2) return new MemoryGroupsV2(cgroups);
  const mounts = findCgroupMounts();
  if (cgroups === null || mounts.version !== 1 || mounts.memory === null) return null;
  return new MemoryGroupsV1(mounts.memory, journal);
}
