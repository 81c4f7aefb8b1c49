import { join } from 'node:path';
import { packageRoot } from '../../support/package-root.js';

/** The guardian's program, as a file: Perl runs it, so it lies beside the sources and is never bundled. */
export const guardianScript = (): string => join(packageRoot(), 'src', 'enforce', 'guardian', 'guardian.pl');
