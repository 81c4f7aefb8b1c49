/** Takes one value. A signal that cannot be told this time is not reported: that is a gap. */
export type Report = (signal: string, value: number) => void;
