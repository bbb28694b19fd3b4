import type { Fact, HistoryEvent } from '../../history/history.js'
import { Random } from '../../lab/random.js'

/** A history that breaks no promise, other for each seed: two endpoints, one of them in order by key, failures with retries and dead letters, releases, and slots that run at once. */
export function legalHistory(seed: number): readonly HistoryEvent[] {
  const random = new Random(seed)
  const facts: { readonly at: number; readonly fact: Fact }[] = []
  let at = 0
  let deliveries = 0
  const note = (...added: readonly Fact[]): void => void facts.push(...added.map((fact) => ({ at, fact })))
  const counts = new Map<string, number>()
  const publish = (message: string, to: string, key: string | undefined): void => {
    const place = `${to} ${key}`
    const sequence = (counts.get(place) ?? 0) + 1
    counts.set(place, sequence)
    note(
      { kind: 'publish-started', message, to, instance: 'p', sequence, ...(key !== undefined && { key }) },
      { kind: 'publish-ended', message, outcome: 'confirmed' },
    )
    note({ kind: 'seen', message, place: 'sent', digest: `digest of ${message}` })
  }

  /** The life of one message at one endpoint, each string a moment at which others may come between. */
  function* live(message: string, endpoint: string, key: string | undefined): Generator<void> {
    const keyed = key === undefined ? {} : { key }
    const failures = random.int(0, 3)
    const releases = random.int(0, 1)
    let delivery = ''
    const deliver = (): void => {
      delivery = `d${(deliveries += 1)}`
      note({ kind: 'delivered', delivery, message, endpoint, instance: 'a', ...keyed })
      note({ kind: 'seen', message, place: `delivered to ${endpoint}`, digest: `digest of ${message}` })
    }
    deliver()
    yield
    for (let count = 0; count < releases; count += 1) {
      note({ kind: 'settled', delivery, disposition: 'released' })
      yield
      deliver()
    }
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const run = `r${delivery}.${attempt}`
      note({ kind: 'started', run, delivery, message, endpoint, handler: 'h', instance: 'a', attempt, maxAttempts: 3, ...keyed })
      yield
      if (attempt > failures) {
        note({ kind: 'ended', run, outcome: 'succeeded' }, { kind: 'settled', delivery, disposition: 'accepted' })
        return
      }
      note({ kind: 'ended', run, outcome: 'failed' })
      // In order, the head runs again in its place; elsewhere a copy may come back.
      if (key === undefined && attempt < 3 && random.int(0, 1) === 1) {
        note({ kind: 'settled', delivery, disposition: 'accepted' })
        yield
        deliver()
      }
      yield
    }
    note({ kind: 'dead-lettered', message, endpoint, handler: 'h', reason: 'failed' }, { kind: 'settled', delivery, disposition: 'accepted' })
  }

  const lines = new Map<string, Generator<void>[]>()
  const messages = random.int(4, 16)
  for (let index = 1; index <= messages; index += 1) {
    const message = `m${index}`
    const key = random.int(0, 1) === 0 ? undefined : `k${random.int(1, 2)}`
    const endpoint = key === undefined ? 'loose' : 'ordered'
    publish(message, endpoint, key)
    const name = key ?? message
    lines.set(name, [...(lines.get(name) ?? []), live(message, endpoint, key)])
  }
  for (let open = [...lines.values()]; open.length > 0; open = open.filter((line) => line.length > 0)) {
    const line = random.pick(open)
    if (line[0]?.next().done === true) line.shift()
    at += random.int(0, 3)
  }
  return facts.map(({ at: when, fact }, index) => ({ ...fact, seq: index + 1, at: when }))
}
