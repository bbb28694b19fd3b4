import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { TransportSource } from '../contract/index.js'
import { ConfigurationError, TransportMissingError, quote } from '../errors/index.js'
import { redactUrl } from '../wire/index.js'
import type { TransportBlock } from './bus-options.js'

/** The only table of transports in core: aliases of our own. Everything else is a package's name. */
const aliases: Readonly<Record<string, string>> = { amqp: 'rabbitmq', amqps: 'rabbitmq', sqs: 'sns-sqs', http: 'http', https: 'http', postgresql: 'postgres' }

type FromConfig = (config: URL | object) => TransportSource

/** Finds the transport: an object as it is; a URL or a block through the package `@waybill/<kind>`, then `waybill-<kind>`. Rejects with `TransportMissingError` or `ConfigurationError`. */
export async function transportSource(transport: string | TransportSource | TransportBlock): Promise<TransportSource> {
  if (typeof transport === 'string') {
    const url = parseUrl(transport)
    return fromPackage(url.protocol.slice(0, -1), url)
  }
  if (isSource(transport)) return transport
  if (typeof transport === 'object' && transport !== null && typeof transport.kind === 'string') return fromPackage(transport.kind, transport)
  throw wrong(`transport is ${quote(transport)}`, 'Pass a URL ("amqp://localhost"), an object from a factory, or a block { kind: "rabbitmq", … }.')
}

const isSource = (transport: TransportSource | TransportBlock): transport is TransportSource =>
  typeof transport === 'object' && transport !== null && 'create' in transport && typeof transport.create === 'function'

const wrong = (what: string, fix: string): ConfigurationError => new ConfigurationError('the transport cannot be chosen', [{ what, fix }])

function parseUrl(text: string): URL {
  if (URL.canParse(text)) return new URL(text)
  throw wrong(`transport is ${quote(redactUrl(text))}, which is no URL`, 'Write scheme and address: "memory:", "amqp://localhost", "kafka://localhost:9092".')
}

async function fromPackage(kind: string, config: URL | object): Promise<TransportSource> {
  const fromConfig = await load(Object.hasOwn(aliases, kind) ? (aliases[kind] ?? kind) : kind)
  return fromConfig(config)
}

async function load(kind: string): Promise<FromConfig> {
  if (kind === 'memory') return (await import('../memory/index.js')).fromConfig
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(kind)) throw wrong(`the transport's kind is ${quote(kind)}`, 'Use the name of a package: "rabbitmq" is @waybill/rabbitmq.')
  const tried = [`@waybill/${kind}`, `waybill-${kind}`]
  for (const name of tried) {
    const found = await importPackage(name)
    if (found === undefined) continue
    const fromConfig: unknown = Reflect.get(found, 'fromConfig')
    if (typeof fromConfig === 'function') return fromConfig as FromConfig
    throw wrong(`${name} exports no fromConfig`, 'Use a version of the package that does, or pass an object from its factory.')
  }
  throw new TransportMissingError(kind, tried)
}

/** Looked for where this file is, then where the application runs: with isolated dependencies core does not see the application's packages. */
async function importPackage(name: string): Promise<object | undefined> {
  const places = [undefined, process.argv[1], join(process.cwd(), 'package.json')]
  for (const place of places) {
    const specifier = place === undefined ? name : resolveFrom(place, name)
    if (specifier === undefined) continue
    try {
      return (await import(specifier)) as object
    } catch (error) {
      if (!isMissing(error, name)) throw error
    }
  }
  return undefined
}

function resolveFrom(place: string, name: string): string | undefined {
  try {
    return pathToFileURL(createRequire(place).resolve(name)).href
  } catch (error) {
    if (codeOf(error) !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') return undefined
    // From another place than this file's only `require` can resolve.
    throw wrong(
      `${name} is installed, and its exports have no condition "default" or "require"`,
      'Use a version of the package that has one, or pass an object from its factory.',
    )
  }
}

/** The package itself is missing; one of its own dependencies would be another error. */
function isMissing(error: unknown, name: string): boolean {
  const code = codeOf(error)
  return (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && (error as Error).message.includes(`'${name}'`)
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)
