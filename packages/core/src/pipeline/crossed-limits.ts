import type { Middleware } from '../context/index.js'
import { quote, type Problem } from '../errors/index.js'
import { HandlerStep } from '../invocation/index.js'

/** What surrounds one handler, outermost first. */
export interface Surrounded {
  readonly handler: string
  readonly endpoint: string
  readonly steps: readonly Middleware[]
}

/** Where a handler stands inside of `outer`, and `inner` farther in. */
interface Nesting {
  readonly outer: object
  readonly inner: object
  readonly innerName: string
  readonly handler: string
}

/** Who has passed one of these may keep others out until he has ended. */
const holding: ReadonlySet<string> = new Set(['circuit-breaker', 'slow-down', 'concurrency-limit'])

/** Limits that handlers share and pass in another order: each of two may have one of them and wait for the other. One problem for each ring of them. */
export function checkCrossed(all: readonly Surrounded[]): Problem[] {
  const inside = new Map<object, Map<object, Nesting>>()
  const slow = new Map<string, object>()
  for (const each of all) {
    for (const nesting of nestingsOf(each, slow)) {
      const inner = inside.get(nesting.outer) ?? new Map<object, Nesting>()
      if (!inner.has(nesting.inner)) inner.set(nesting.inner, nesting)
      inside.set(nesting.outer, inner)
    }
  }
  const told = new Set<object>()
  return [...inside.keys()].flatMap((from): Problem[] => {
    const ring = told.has(from) ? undefined : ringFrom(from, inside)
    if (ring === undefined) return []
    for (const { outer } of ring) told.add(outer)
    const names = [...new Set(ring.map(({ innerName }) => quote(innerName)))].join(' and ')
    return [
      {
        what: `${[...new Set(ring.map(({ handler }) => handler))].join(' and ')} share ${names} in another order: each would have what the other waits for`,
        fix: 'Put what they share around all of them in the same order, or make each by a call of its own.',
      },
    ]
  })
}

function nestingsOf({ handler, endpoint, steps }: Surrounded, slow: Map<string, object>): Nesting[] {
  const limits = steps
    .filter((step) => step instanceof HandlerStep && holding.has(step.name))
    .map((step) => ({ name: step.name, limit: step.name === 'slow-down' ? slowDownAt(endpoint, slow) : step }))
  return limits.flatMap(({ limit: outer }, index) =>
    limits.slice(index + 1).flatMap(({ limit: inner, name }) => (inner === outer ? [] : [{ outer, inner, innerName: name, handler }])),
  )
}

/** Each endpoint is slowed down for itself. */
function slowDownAt(endpoint: string, slow: Map<string, object>): object {
  const known = slow.get(endpoint) ?? {}
  slow.set(endpoint, known)
  return known
}

/** The shortest way back to where it began. */
function ringFrom(from: object, inside: ReadonlyMap<object, ReadonlyMap<object, Nesting>>): readonly Nesting[] | undefined {
  const seen = new Set<object>()
  let ways: (readonly Nesting[])[] = [[]]
  while (ways.length > 0) {
    const longer: (readonly Nesting[])[] = []
    for (const way of ways) {
      for (const nesting of inside.get(way.at(-1)?.inner ?? from)?.values() ?? []) {
        if (nesting.inner === from) return [...way, nesting]
        if (seen.has(nesting.inner)) continue
        seen.add(nesting.inner)
        longer.push([...way, nesting])
      }
    }
    ways = longer
  }
  return undefined
}
