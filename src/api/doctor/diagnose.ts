import { accessSync, constants } from 'node:fs';
import { userInfo } from 'node:os';
import { hasCapability } from '../../enforce/linux/capability.js';
import { linuxHostFacts } from '../../enforce/linux/host-facts.js';
import { makeTrustedDirectory } from '../../enforce/linux/trusted-directory.js';
import { hiddenGuests, scanGuests } from '../../qemu/index.js';
import type { Check } from '../doctor-schema.js';
import { capabilities, grant } from './capabilities.js';
import { missing, type Patient, present } from './check.js';
import { machine } from './machine.js';
import { mechanisms } from './mechanisms.js';
import { programs } from './programs.js';
import { sensors } from './sensors.js';

/** What this host and user can do. Looks and changes nothing but, at most, making the runtime directory. */
export async function diagnose(runtimeDirectory: string): Promise<readonly Check[]> {
  const facts = linuxHostFacts();
  const uid = process.getuid?.() ?? 0;
  const patient: Patient = { uid, user: loginName(uid), hasCapability };
  return [
    await machine(),
    ...capabilities(patient),
    ...mechanisms(facts, patient),
    ...sensors(facts, patient),
    ...programs(),
    writableDirectory(runtimeDirectory),
    await guests(patient),
  ];
}

/** A user that no passwd file names goes by its number. */
function loginName(uid: number): string {
  try {
    return userInfo().username;
  } catch {
    return `${uid}`;
  }
}

function writableDirectory(path: string): Check {
  const name = 'runtime directory';
  try {
    makeTrustedDirectory(path);
    accessSync(path, constants.W_OK);
    return present('state', name, path);
  } catch (error) {
    const detail = `socket, lock and journal: ${(error as Error).message}`;
    return missing('state', name, detail, 'export VMC_RUNTIME_DIR="$HOME/.vmc"');
  }
}

async function guests(patient: Patient): Promise<Check> {
  const name = 'guests';
  const { length } = await scanGuests();
  const hidden = hiddenGuests();
  if (hidden.length === 0) return present('state', name, `${length} running`);
  const detail = `${length} running; ${hidden.length} processes of others call themselves QEMU and cannot be recognised`;
  return missing('state', name, detail, grant(patient, 'CAP_SYS_PTRACE'));
}
