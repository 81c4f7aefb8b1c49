// biome-ignore lint/correctness/useImportExtensions: not a module of ours, a JSON file.
import packageJson from '../../package.json' with { type: 'json' };

export const packageVersion = packageJson.version;
