import { workspace } from 'vscode';

/** The vmc binary. */
export const vmcPath = (): string => workspace.getConfiguration('vmc').get('path', 'vmc');

/** Facts of the host to compile for; empty: this machine. */
export const hostFacts = (): string => workspace.getConfiguration('vmc').get('hostFacts', '');
