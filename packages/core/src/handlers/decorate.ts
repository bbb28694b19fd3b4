import type { CallSite } from './call-site.js'
import { checkHandlerOptions } from './check-handler-options.js'
import { messagesOf, type DecoratorName } from './decorated-messages.js'
import { placeOf } from './decorated-place.js'
import { record } from './records.js'

/** The decorator that records a handler, for class and method, legacy and standard. It changes nothing that it stands on. */
export function decorate(decorator: DecoratorName, given: readonly unknown[], site: CallSite): (target: unknown, key?: unknown, descriptor?: unknown) => void {
  return (target, key, descriptor) => {
    const place = placeOf(decorator, { target, key, descriptor }, site)
    const { classes, contracts } = messagesOf(decorator, given, place)
    record(place.holder, place.method, { classes, contracts, options: checkHandlerOptions(place.name, given[1]), on: place.on, site })
  }
}
