import 'reflect-metadata'
import { Command, CommandHandler } from '@waybill/core'
import { inversifyContainer, messageScope } from '@waybill/inversify'
import { Container, injectable } from 'inversify'
import { z } from 'zod'
import type { Candidate, Group } from '../candidate.js'
import { Counter } from '../counter.js'
import { deliveryOf } from '../delivery-of.js'
import { inwardBus, type InwardBus } from '../inward-bus.js'

class Note extends Command('bench.note', z.object({ text: z.string() })) {}
const delivery = deliveryOf({ type: 'bench.note', kind: 'command', contentType: 'application/json', body: Buffer.from(JSON.stringify({ text: 'hello' })) })

@injectable()
class Notes {
  constructor(readonly counter: Counter) {}
}

@injectable()
class UnitOfWork {
  constructor(readonly counter: Counter) {}
}

@injectable()
@CommandHandler(Note)
class NoteHandler {
  constructor(private readonly notes: Notes) {}
  async handle(_note: Note): Promise<void> {
    this.notes.counter.handled += 1
  }
}

@injectable()
@CommandHandler(Note)
class ScopedNoteHandler {
  constructor(private readonly unit: UnitOfWork) {}
  async handle(_note: Note): Promise<void> {
    this.unit.counter.handled += 1
  }
}

/** What it costs to let a container make the handler, for the process or for each message. */
export async function containerGroup(): Promise<Group> {
  const counter = new Counter()
  const byHand = await inwardBus({ handlers: [new NoteHandler(new Notes(counter))] })
  const singleton = await inwardBus({ handlers: [NoteHandler], container: inversifyContainer(singletons(counter)) })
  const scoped = await inwardBus({ handlers: [ScopedNoteHandler], container: inversifyContainer(scopes(counter)) })
  const made = 'a handler made by hand'
  const handled = (name: string, { onDelivery }: InwardBus): Pick<Candidate, 'name' | 'run'> => ({
    name,
    run: (iterations) =>
      counter.during(async () => {
        for (let index = 0; index < iterations; index += 1) await onDelivery(delivery)
      }),
  })
  return {
    candidates: [
      handled(made, byHand),
      { ...handled('a handler from the container', singleton), target: { kind: 'added', to: made, atMost: 1_000 } },
      { ...handled('… with a dependency in message scope', scoped), target: { kind: 'added', to: made, atMost: 40_000 } },
    ],
    close: async () => void (await Promise.all([byHand, singleton, scoped].map(({ stop }) => stop()))),
  }
}

function singletons(counter: Counter): Container {
  const container = new Container({ defaultScope: 'Singleton' })
  container.bind(Counter).toConstantValue(counter)
  container.bind(Notes).toSelf()
  return container
}

function scopes(counter: Counter): Container {
  const container = new Container()
  container.bind(Counter).toConstantValue(counter)
  messageScope(container).bind(UnitOfWork).toSelf()
  return container
}
