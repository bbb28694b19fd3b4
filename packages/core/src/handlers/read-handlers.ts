import { quote, type Problem } from '../errors/index.js'
import { contractOf, contractOfClass } from '../messages/index.js'
import { constructorParameters } from './constructor-parameters.js'
import { idOf } from './default-id.js'
import { functionDeclaration, type FunctionHandler } from './function-handler.js'
import { handlerRecord, type HandlerClass, type HandlerRecord, type RecordEntry } from './handler-record.js'
import { recordsOf } from './records.js'

/** The handlers of a list of classes, instances and functions. What is none of these is a problem that says what to write. */
export function readHandlers(entries: readonly unknown[], problems: Problem[]): HandlerRecord[] {
  return entries.flatMap((entry, index) => {
    const wrong = misfit(entry)
    if (wrong !== undefined) {
      problems.push({ what: `handlers[${index}] is ${wrong.what}.`, fix: wrong.fix })
      return []
    }
    if (typeof entry === 'function') return ofClass(entry as HandlerClass, problems)
    const declared = functionDeclaration(entry as object)
    if (declared === undefined) return ofInstance(entry as object, problems)
    const { types: classes, options, run } = entry as FunctionHandler
    const { contracts, site } = declared
    const id = options.id ?? contracts[0]?.type ?? ''
    return handlerRecord({ id, name: id, contracts, classes, options, entry: { kind: 'function', run } }, site)
  })
}

const listed = 'List classes, instances of them, and functions made by on() and handle().'

function misfit(entry: unknown): Problem | undefined {
  if (entry === undefined) return { what: 'undefined', fix: 'Its file and this one import each other: move what both need into a third.' }
  const message = contractOfClass(entry) ?? contractOf(entry)
  if (message !== undefined)
    return { what: `the ${message.kind} ${quote(message.type)}, which is a message`, fix: 'List what handles it, and name what is only sent in `sends`.' }
  if (typeof entry === 'function') {
    // Arrow functions and methods have no prototype; a function that does could be a class of old.
    return typeof entry.prototype === 'object'
      ? undefined
      : { what: `the function ${quote(entry)}`, fix: 'Say what it handles: handle(PlaceOrder, …), or on(OrderPlaced, { id }, …).' }
  }
  if (Array.isArray(entry)) return { what: quote(entry), fix: 'Spread it: handlers: [...list].' }
  return typeof entry === 'object' && entry !== null ? undefined : { what: quote(entry), fix: listed }
}

function ofClass(type: HandlerClass, problems: Problem[]): HandlerRecord[] {
  const parameters = constructorParameters(type)
  return decorated(type, problems, (method) => ({ kind: 'class', type, method, parameters }))
}

function ofInstance(instance: object, problems: Problem[]): HandlerRecord[] {
  const { constructor: type } = (Object.getPrototypeOf(instance) ?? {}) as { readonly constructor?: unknown }
  const records = decorated(typeof type === 'function' ? type : Object, problems, (method) => ({ kind: 'instance', instance, method }))
  for (const { entry, name } of records) {
    if (entry.kind === 'instance' && typeof Reflect.get(instance, entry.method) !== 'function') {
      problems.push({ what: `${name} has no method ${quote(String(entry.method))}.`, fix: 'Add it, or remove its decorator.' })
    }
  }
  return records
}

function decorated(cls: { readonly name: string }, problems: Problem[], entryOf: (method: string | symbol) => RecordEntry): HandlerRecord[] {
  const className = cls.name
  const records: HandlerRecord[] = []
  for (const [method, declarations] of recordsOf(cls)) {
    for (const declaration of declarations) {
      const { classes, contracts, options, site, on } = declaration
      const name = on === 'class' ? className : `${className}.${String(method)}`
      const id = idOf({ className, method, declaration }, problems)
      records.push(handlerRecord({ id, name, contracts, classes, options, entry: entryOf(method) }, site))
    }
  }
  if (records.length === 0) {
    problems.push({
      what: `${className === '' || cls === Object ? 'An object' : className} in handlers has no handler.`,
      fix: 'Decorate the class, or a method of it: @CommandHandler(PlaceOrder).',
    })
  }
  return records
}
