import type { Checker } from './checker.js'
import { eventsOf } from './replay.js'

const id = 'I12'

/** A message is seen in its own scope alone, and at the endpoints that it is for and their dead letters. */
export const isolation: Checker = {
  id,
  title: 'no message crosses a tenant, a namespace or a topic',
  check(history) {
    const published = new Map(eventsOf(history, 'publish-started').map((event) => [event.message, event]))
    return eventsOf(history, 'delivered').flatMap(({ message, endpoint, scope, seq }) => {
      const origin = published.get(message)
      if (origin === undefined) return []
      const texts: string[] = []
      if (scope !== origin.scope && scope !== undefined) texts.push(`${message} of ${origin.scope ?? 'no scope'} was delivered in ${scope}`)
      if (origin.readers !== undefined && !origin.readers.some((reader) => endpoint === reader || endpoint === `${reader}.dead-letter`)) {
        texts.push(`${message} is for ${origin.readers.join(', ') || 'nobody'} and was delivered at ${endpoint}`)
      }
      return texts.map((text) => ({ checker: id, text, seq }))
    })
  },
}
