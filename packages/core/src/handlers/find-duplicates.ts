import { quote, type Problem } from '../errors/index.js'
import type { MessageKind } from '../messages/index.js'
import { described, type HandlerRecord } from './handler-record.js'

/** Two handlers for one command, query or document; two handlers with one id, former ones included; one type that two classes declare. */
export function findDuplicates(records: readonly HandlerRecord[], endpoint: string, problems: Problem[]): void {
  const reported: ReadonlySet<HandlerRecord>[] = [...sameMessage(records, endpoint, problems)]
  for (const [id, group] of grouped(records, (record) => [record.id, ...record.formerIds])) {
    if (group.size < 2 || reported.some((known) => [...group].every((record) => known.has(record)))) continue
    problems.push({
      what: `Two handlers of the endpoint ${quote(endpoint)} have the id ${quote(id)}: ${list(group)}.`,
      fix: 'Ids name rows and dead letters. Give each its own { id }; in formerIds list only names that nobody else has.',
    })
  }
  twoClasses(records, problems)
}

function sameMessage(records: readonly HandlerRecord[], endpoint: string, problems: Problem[]): ReadonlySet<HandlerRecord>[] {
  const found: ReadonlySet<HandlerRecord>[] = []
  const handled = records.filter(({ contracts }) => contracts[0]?.kind !== 'event')
  for (const [type, group] of grouped(handled, ({ contracts }) => contracts.map((contract) => contract.type))) {
    if (group.size < 2) continue
    const kind: MessageKind = [...group][0]?.contracts[0]?.kind ?? 'command'
    found.push(group)
    problems.push({
      what: `${group.size === 2 ? 'Two' : group.size} handlers for the ${kind} ${type} at the endpoint ${quote(endpoint)}: ${list(group)}.`,
      fix: `A ${kind} has one handler. Remove ${group.size === 2 ? 'one' : 'all but one'}${kind === 'command' ? ', or make it an event' : ''}.`,
    })
  }
  return found
}

function twoClasses(records: readonly HandlerRecord[], problems: Problem[]): void {
  const classes = new Map<string, Set<{ readonly name: string }>>()
  for (const record of records) {
    for (const [index, { type }] of record.contracts.entries()) {
      const cls = record.classes[index]
      if (cls !== undefined) classes.set(type, (classes.get(type) ?? new Set()).add(cls))
    }
  }
  for (const [type, declared] of classes) {
    if (declared.size < 2) continue
    const names = [...declared].map(({ name }) => name).join(' and ')
    problems.push({
      what: `The type ${quote(type)} is declared by ${declared.size} classes: ${names}.`,
      fix: 'A type has one class: import it where it is handled, or give the other a type of its own.',
    })
  }
}

function grouped(records: readonly HandlerRecord[], namesOf: (record: HandlerRecord) => readonly string[]): Map<string, ReadonlySet<HandlerRecord>> {
  const groups = new Map<string, Set<HandlerRecord>>()
  for (const record of records) {
    for (const name of namesOf(record)) groups.set(name, (groups.get(name) ?? new Set()).add(record))
  }
  return groups
}

function list(group: ReadonlySet<HandlerRecord>): string {
  const texts = [...group].map(described)
  return new Set(texts).size < texts.length ? `${[...new Set(texts)].join(' and ')}, listed twice` : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`
}
