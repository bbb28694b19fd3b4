import type { Problem } from '../errors/index.js'
import type { Stores } from '../contract/index.js'
import { checkOptions, oneOf, optional, type Check } from '../wire/index.js'

/** What each store has to have, so that the first message does not find out. */
const methods: Readonly<Record<keyof Stores, readonly string[]>> = {
  inbox: ['claim'],
  schedule: ['add', 'claim', 'sent', 'giveBack', 'cancel'],
}

/** What is wrong with `stores`. */
export function checkStores(path: string, stores: unknown): Problem[] {
  if (typeof stores !== 'object' || stores === null) return []
  const checks = Object.fromEntries(Object.entries(methods).map(([name, needed]) => [name, optional(store(name, needed))]))
  return checkOptions(path, stores, checks)
}

const durability = oneOf('process', 'disk')
const store =
  (name: string, needed: readonly string[]): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    durability(Reflect.get(value, 'durability')) === undefined &&
    needed.every((method) => typeof Reflect.get(value, method) === 'function')
      ? undefined
      : `${name === 'inbox' ? 'an' : 'a'} ${name} store, with its durability ('process' or 'disk') and ${needed.map((method) => `${method}()`).join(', ')}`
