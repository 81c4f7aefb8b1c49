/*
 * Stands in for lodash-es in the bundles: the functions that Chevrotain uses, on the language's own. lodash's generality
 * costs 10 to 15 ms of every start of vmc (its cold code is what Chevrotain's set-up mostly runs); Chevrotain itself
 * has since dropped lodash for the same reason, in versions that need a newer Node. test/build/native-lodash.test.ts
 * compares the two, for the kinds of arguments that Chevrotain passes.
 */

const isList = (value) => Array.isArray(value) || typeof value === 'string';

/** [value, key] of an array, a string or an object's own properties; none of null and undefined. */
function entriesOf(collection) {
  if (collection === null || collection === undefined) return [];
  if (isList(collection)) return Array.from(collection, (value, index) => [value, index]);
  return Object.keys(collection).map((key) => [collection[key], key]);
}

/** A function, or lodash's shorthand for one: a property's name. */
function iteratee(shorthand) {
  if (typeof shorthand === 'function') return shorthand;
  return shorthand === undefined ? identity : (value) => value?.[shorthand];
}

export const identity = (value) => value;
export const noop = () => {};
export const isArray = Array.isArray;
export const isUndefined = (value) => value === undefined;
export const isString = (value) => typeof value === 'string';
export const isFunction = (value) => typeof value === 'function';
export const isRegExp = (value) => value instanceof RegExp;
export const isObject = (value) =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';
export const has = (object, key) => object !== null && object !== undefined && Object.hasOwn(object, key);
export const keys = (object) => Object.keys(object ?? {});
export const values = (object) => (Array.isArray(object) ? object : Object.values(object ?? {}));

export function isEmpty(value) {
  if (isList(value)) return value.length === 0;
  if (value instanceof Map || value instanceof Set) return value.size === 0;
  return !isObject(value) || Object.keys(value).length === 0;
}

// Arrays come first everywhere below: they are most of what Chevrotain passes, and need no pairs made for them.

export function forEach(collection, visit) {
  if (Array.isArray(collection)) {
    for (let i = 0; i < collection.length; i++) if (visit(collection[i], i, collection) === false) break;
    return collection;
  }
  for (const [value, key] of entriesOf(collection)) if (visit(value, key, collection) === false) break;
  return collection;
}

export function map(collection, shorthand) {
  const visit = iteratee(shorthand);
  if (Array.isArray(collection)) return collection.map(visit);
  return entriesOf(collection).map(([value, key]) => visit(value, key, collection));
}

export function filter(collection, shorthand) {
  const holds = iteratee(shorthand);
  if (Array.isArray(collection)) return collection.filter(holds);
  return entriesOf(collection).flatMap(([value, key]) => (holds(value, key, collection) ? [value] : []));
}

export function reject(collection, shorthand) {
  const holds = iteratee(shorthand);
  return filter(collection, (value, key) => !holds(value, key, collection));
}

export function find(collection, shorthand) {
  const holds = iteratee(shorthand);
  if (Array.isArray(collection)) return collection.find(holds);
  return entriesOf(collection).find(([value, key]) => holds(value, key, collection))?.[0];
}

export function every(collection, shorthand) {
  const holds = iteratee(shorthand);
  if (Array.isArray(collection)) return collection.every(holds);
  return entriesOf(collection).every(([value, key]) => holds(value, key, collection));
}

export function some(collection, shorthand) {
  const holds = iteratee(shorthand);
  if (Array.isArray(collection)) return collection.some(holds);
  return entriesOf(collection).some(([value, key]) => holds(value, key, collection));
}

export function reduce(collection, combine, ...start) {
  if (Array.isArray(collection) && start.length > 0) return collection.reduce(combine, start[0]);
  const entries = entriesOf(collection);
  let result = start.length > 0 ? start[0] : entries.shift()?.[0];
  for (const [value, key] of entries) result = combine(result, value, key, collection);
  return result;
}

export function groupBy(collection, shorthand) {
  const keyOf = iteratee(shorthand);
  const groups = {};
  for (const [value] of entriesOf(collection)) {
    const key = keyOf(value);
    groups[key] ??= [];
    groups[key].push(value);
  }
  return groups;
}

export const includes = (collection, value) =>
  typeof collection === 'string' ? collection.includes(value) : values(collection).includes(value);
export const indexOf = (array, value) => (array ?? []).indexOf(value);
export const first = (array) => array?.[0];
export const last = (array) => array?.[array.length - 1];
export const flatten = (array) => (array ?? []).flat();
export const flatMap = (collection, shorthand) => map(collection, shorthand).flat();
export const compact = (array) => (array ?? []).filter(Boolean);
export const uniq = (array) => [...new Set(array)];
export const drop = (array, count = 1) => (array ?? []).slice(count);
export const dropRight = (array, count = 1) =>
  (array ?? []).slice(0, Math.max(0, (array ?? []).length - count));
export const difference = (array, ...others) => {
  const excluded = new Set(others.flat());
  return (array ?? []).filter((value) => !excluded.has(value));
};

export const assign = Object.assign;

/** The one level that Chevrotain copies: arrays, and objects with their prototype. */
export function clone(value) {
  if (Array.isArray(value)) return [...value];
  if (!isObject(value) || isFunction(value)) return value;
  return Object.assign(Object.create(Object.getPrototypeOf(value)), value);
}

export function defaults(object, ...sources) {
  for (const source of sources) {
    for (const key of Object.keys(source ?? {})) if (object[key] === undefined) object[key] = source[key];
  }
  return object;
}

/** Inherited properties too, as in lodash. */
export function pickBy(object, holds) {
  const picked = {};
  for (const key in object) if (holds(object[key], key)) picked[key] = object[key];
  return picked;
}

export const upperFirst = (text) => text.charAt(0).toUpperCase() + text.slice(1);
