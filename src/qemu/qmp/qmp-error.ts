/**
 * Why a monitor did not do what was asked.
 * - `unreachable`: no socket there, or no permission (`cause` has the errno).
 * - `occupied`: it takes connections but greets nobody: another client has it, or QEMU is stopped or hung.
 * - `timeout`: connected, but no answer in time.
 * - `protocol`: what came is not QMP, or more than anyone should send.
 * - `closed`: the connection ended before the answer.
 * - `refused`: QEMU answered with an error; `qemuClass` has its class.
 */
export type QmpErrorCode = 'unreachable' | 'occupied' | 'timeout' | 'protocol' | 'closed' | 'refused';

/** A failure at a guest's monitor; the other side may be anybody, so none of these is a defect of ours. */
export class QmpError extends Error {
  override readonly name = 'QmpError';
  readonly code: QmpErrorCode;
  /** QEMU's error class ("GenericError", "CommandNotFound", …) of a `refused`, else null. */
  readonly qemuClass: string | null;

  constructor(code: QmpErrorCode, message: string, options?: ErrorOptions & { readonly qemuClass?: string }) {
    super(message, options);
    this.code = code;
    this.qemuClass = options?.qemuClass ?? null;
  }
}
