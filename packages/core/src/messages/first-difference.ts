import { pathText } from './validate.js'

/** Where two values differ, as a path such as `lines[0].at`; `undefined` when they are equal. An undefined field equals a missing one. */
export function firstDifference(a: unknown, b: unknown): string | undefined {
  // What is compared is the fields: the prototype of a message is its class's, the other's is none.
  const path = differ(a, b, [], 'any prototype')
  return path === undefined ? undefined : pathText(path)
}

type Path = readonly (string | number)[]

function differ(a: unknown, b: unknown, path: Path, prototypes: 'any prototype' | 'same prototype'): Path | undefined {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return undefined
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return path
  if (prototypes === 'same prototype' && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return path
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime() ? undefined : path
  if (a instanceof Map && b instanceof Map) return differ([...a], [...b], path, 'same prototype')
  if (a instanceof Set && b instanceof Set) return differ([...a], [...b], path, 'same prototype')
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return path
    return firstOf(a.keys(), (index) => differ(a[index], b[index], [...path, index], 'same prototype'))
  }
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  if (names.size === 0 && opaque(a) && JSON.stringify(a) !== JSON.stringify(b)) return path
  return firstOf(names, (name) => differ(Reflect.get(a, name), Reflect.get(b, name), [...path, name], 'same prototype'))
}

/** An object without fields of its own, such as a URL, is compared by what it says in JSON. */
const opaque = (value: object): boolean => 'toJSON' in value

function firstOf<T>(items: Iterable<T>, find: (item: T) => Path | undefined): Path | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}
