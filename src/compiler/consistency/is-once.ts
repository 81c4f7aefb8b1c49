export const isOnce = (all: readonly string[]): boolean => new Set(all).size === all.length;
