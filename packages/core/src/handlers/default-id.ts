import { quote, type Problem } from '../errors/index.js'
import { isName } from '../messages/name.js'
import type { HandlerDeclaration } from './records.js'

interface Named {
  readonly className: string
  readonly method: string | symbol
  readonly declaration: HandlerDeclaration
}

/** The id of a decorated handler; a problem where nobody could rely on it. */
export function idOf({ className, method, declaration }: Named, problems: Problem[]): string {
  const { options, contracts, on } = declaration
  if (options.id !== undefined) return options.id
  const [contract] = contracts
  // One handler exists for it, so the type is stable, also under minification.
  if (contract !== undefined && contract.kind !== 'event') return contract.type
  const id = on === 'class' ? className : `${className}.${String(method)}`
  const event = declaration.classes[0]?.name
  const fix = `Give it one: @EventHandler(${event}, { id: 'billing.invoice' }).`
  // The event's own name may be minified too; its type is not.
  const of = contract === undefined ? '' : ` for ${contract.type}`
  const at = declaration.site.where === undefined ? '' : ` (${declaration.site.where})`
  if (minified.test(className))
    problems.push({ what: `Handler id ${quote(id)}${of}${at} looks minified, and ids must be stable: they name rows and dead letters.`, fix })
  else if (!isName(id)) problems.push({ what: `Handler id ${quote(id)}${of}${at} cannot travel in a header.`, fix })
  return id
}

/** No name, one or two letters, or three of which the first is no capital: what minifiers give to classes. */
const minified = /^(?:[\w$]{0,2}|[a-z_$][\w$]{2})$/
