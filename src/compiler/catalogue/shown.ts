/** The mode that shows a mistake, and an instant of it where calendars play a part. */
export interface Shown {
  readonly mode: string;
  readonly example: string | null;
}

export const shown = ({ mode, example }: Shown): string =>
  mode === 'always' ? '' : ` (in mode "${mode}"${example === null ? '' : `, for example at ${example}`})`;
