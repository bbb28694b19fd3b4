import type { Import, ImportGraph } from './import-graph.ts'
import { violates, type Violation } from './violation.ts'

/** Circles of imports, one violation each; `no-type-cycle` where the circle closes through types alone. */
export function checkCycles({ imports }: ImportGraph): readonly Violation[] {
  const between = imports.filter(({ target }) => target.kind === 'file')
  const running = circles(between.filter(({ typeOnly }) => !typeOnly))
  const known = new Set(running.flatMap((circle) => circle.map(({ from }) => from.path)))
  const typed = circles(between).filter((circle) => !circle.some(({ from }) => known.has(from.path)))
  return [...running.map((circle) => report('no-cycle', circle)), ...typed.map((circle) => report('no-type-cycle', circle))]
}

function report(rule: string, circle: readonly Import[]): Violation {
  const [first] = circle
  if (first === undefined) throw new Error('A circle has no import')
  const path = [...circle.map(({ from }) => from.path), first.from.path].join(' → ')
  return violates(rule, first, `${path}. Move what they share into a file that imports none of them`)
}

/** The shortest circle through the first file of each group of files that reach each other. */
function circles(imports: readonly Import[]): readonly (readonly Import[])[] {
  const outward = Map.groupBy(imports, ({ from }) => from.path)
  const told = new Set<string>()
  const found: (readonly Import[])[] = []
  for (const start of outward.keys()) {
    if (told.has(start)) continue
    const circle = shortestCircle(start, outward)
    if (circle === undefined) continue
    for (const { from } of circle) told.add(from.path)
    found.push(circle)
  }
  return found
}

function shortestCircle(start: string, outward: ReadonlyMap<string, readonly Import[]>): readonly Import[] | undefined {
  const reachedBy = new Map<string, Import>()
  const queue = [start]
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    for (const step of outward.get(file) ?? []) {
      const next = targetPath(step)
      if (next === start) return trace(step, start, reachedBy)
      if (reachedBy.has(next)) continue
      reachedBy.set(next, step)
      queue.push(next)
    }
  }
  return undefined
}

function trace(last: Import, start: string, reachedBy: ReadonlyMap<string, Import>): readonly Import[] {
  const path = [last]
  for (let step: Import | undefined = last; step !== undefined && step.from.path !== start;) {
    step = reachedBy.get(step.from.path)
    if (step !== undefined) path.unshift(step)
  }
  return path
}

const targetPath = ({ target }: Import): string => (target.kind === 'file' ? target.file.path : '')
