export { type AnalyseOptions, type Analysis, analyse } from './analyse.js';
export { type CatalogueHeading, catalogueHeadings } from './catalogue.js';
export {
  type CatalogueDiagnostic,
  type CatalogueEntry,
  type DiagnosticCode,
  type DiagnosticExtras,
  type DiagnosticPlace,
  defineDiagnostics,
  type EntryBody,
} from './catalogue-entry.js';
export type { Diagnostic, Fix, RelatedPlace, Severity, TextEdit } from './diagnostic.js';
export { type FormatOptions, type Formatted, format } from './format/format.js';
export { type ImportReader, MAX_IMPORTS } from './imports.js';
export type * from './model.js';
export { type ParseResult, parse } from './parse.js';
export { type RenderOptions, renderText } from './render-text.js';
export { inTextOrder } from './reporter.js';
export type { Position, Range, Source } from './source.js';
export { SourceMap } from './source-map.js';
