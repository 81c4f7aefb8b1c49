import type { UndoRecord } from './undo-record.js';

const escapeField = (field: string): string =>
  field.replace(/%/g, '%25').replace(/\t/g, '%09').replace(/\n/g, '%0A');
const unescapeField = (field: string): string =>
  field.replace(/%0A/g, '\n').replace(/%09/g, '\t').replace(/%25/g, '%');

/** A record in the journal's form: its fields, escaped, with tabs between them. */
export const lineOf = (undo: UndoRecord): string => fieldsOf(undo).map(escapeField).join('\t');

/** The record of such a line's fields; null for an operation that this version does not know. */
export const parseRecord = (fields: readonly string[]): UndoRecord | null =>
  parseFields(fields.map(unescapeField));

function fieldsOf(undo: UndoRecord): string[] {
  switch (undo.operation) {
    case 'continue':
      return [undo.operation, `${undo.pid}`, `${undo.startTime}`];
    case 'thaw':
      return [undo.operation, `${undo.pid}`, `${undo.startTime}`, undo.file];
    case 'qmp':
      return [undo.operation, `${undo.pid}`, `${undo.startTime}`, undo.socket, undo.command];
    case 'sched':
      return [
        undo.operation,
        `${undo.pid}`,
        `${undo.tid}`,
        `${undo.startTime}`,
        `${undo.policy}`,
        `${undo.nice}`,
        `${undo.priority}`,
      ];
    case 'affinity':
      return [undo.operation, `${undo.tid}`, `${undo.startTime}`, undo.mask];
    case 'member':
      return [undo.operation, `${undo.id}`, `${undo.startTime}`, undo.file];
    case 'write':
      return [undo.operation, undo.file, undo.content];
    case 'qdisc':
      return [undo.operation, undo.namespace, undo.device, undo.parent, undo.target];
    case 'link':
      return [undo.operation, undo.namespace, undo.device];
    case 'rmdir':
      return [undo.operation, undo.directory];
    case 'placement':
      return [undo.operation, `${undo.pid}`, `${undo.startTime}`, undo.set, undo.mask];
    case 'unit':
      return [undo.operation, undo.unit, ...undo.properties];
    case 'domain':
      return [undo.operation, `${undo.pid}`, `${undo.startTime}`, undo.domain, ...undo.parameters];
    case 'autogroup':
      return [undo.operation, `${undo.pid}`, `${undo.startTime}`, `${undo.nice}`];
  }
}

function parseFields(fields: readonly string[]): UndoRecord | null {
  const [operation, ...rest] = fields;
  const text = (index: number): string => rest[index] ?? '';
  const number = (index: number): number => Number(text(index));
  const big = (index: number): bigint => BigInt(/^\d+$/.test(text(index)) ? text(index) : 0);
  switch (operation) {
    case 'continue':
      return { operation, pid: number(0), startTime: big(1) };
    case 'thaw':
      return { operation, pid: number(0), startTime: big(1), file: text(2) };
    case 'qmp':
      return { operation, pid: number(0), startTime: big(1), socket: text(2), command: text(3) };
    case 'sched':
      return {
        operation,
        pid: number(0),
        tid: number(1),
        startTime: big(2),
        policy: number(3),
        nice: number(4),
        priority: number(5),
      };
    case 'affinity':
      return { operation, tid: number(0), startTime: big(1), mask: text(2) };
    case 'member':
      return { operation, id: number(0), startTime: big(1), file: text(2) };
    case 'write':
      return { operation, file: text(0), content: text(1) };
    case 'qdisc': {
      const parent = text(2) === 'ingress' ? 'ingress' : 'root';
      return { operation, namespace: text(0), device: text(1), parent, target: text(3) };
    }
    case 'link':
      return { operation, namespace: text(0), device: text(1) };
    case 'rmdir':
      return { operation, directory: text(0) };
    case 'placement':
      return { operation, pid: number(0), startTime: big(1), set: text(2), mask: text(3) };
    case 'unit':
      return { operation, unit: text(0), properties: rest.slice(1) };
    case 'domain':
      return { operation, pid: number(0), startTime: big(1), domain: text(2), parameters: rest.slice(3) };
    case 'autogroup':
      return { operation, pid: number(0), startTime: big(1), nice: number(2) };
    default:
      return null;
  }
}
