import { fileURLToPath, pathToFileURL } from 'node:url';

/** The name by which the language knows a document: the path of a file; the uri of what is none (an unsaved buffer). */
export function fileOf(uri: string): string {
  if (!uri.startsWith('file:')) return uri;
  try {
    return fileURLToPath(uri);
  } catch {
    return uri;
  }
}

/** The other way round. Clients write the uris of files in several ways: one that they opened is known by theirs. */
export const uriOf = (file: string): string => (file.startsWith('/') ? pathToFileURL(file).href : file);
