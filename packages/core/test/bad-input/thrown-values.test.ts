import { describe, expect, it } from 'vitest'
import { handle, on, when, type Middleware } from '../../src/index.js'
import { diagnosis, nothingLeft, onlyDeadLetter } from '../support/native.js'
import { Note, Place, Placed, world } from '../support/service.js'

class Declined extends Error {}

function throwing(init: () => unknown): () => Promise<never> {
  return () => {
    throw init()
  }
}

interface Thrown {
  readonly what: string
  readonly make: () => unknown
  /** What the dead letter says. */
  readonly code: string | undefined
  readonly name: string
  readonly says: string
}

const values: readonly Thrown[] = [
  { what: 'a text', make: () => 'no stock', code: 'WAYBILL_THROWN_VALUE', name: 'ThrownValueError', says: 'threw "no stock". Throw an Error' },
  { what: 'undefined', make: () => undefined, code: 'WAYBILL_THROWN_VALUE', name: 'ThrownValueError', says: 'threw undefined. Throw an Error' },
  { what: 'null', make: () => null, code: 'WAYBILL_THROWN_VALUE', name: 'ThrownValueError', says: 'threw null. Throw an Error' },
  { what: 'a number', make: () => 0, code: 'WAYBILL_THROWN_VALUE', name: 'ThrownValueError', says: 'threw 0. Throw an Error' },
  { what: 'a symbol', make: () => Symbol('no'), code: 'WAYBILL_THROWN_VALUE', name: 'ThrownValueError', says: 'threw Symbol(no). Throw an Error' },
  { what: 'an object', make: () => ({ message: 'no stock' }), code: 'WAYBILL_THROWN_VALUE', name: 'ThrownValueError', says: 'threw an object. Throw an Error' },
  { what: 'a frozen error', make: () => Object.freeze(new Declined('frozen')), code: undefined, name: 'Error', says: 'frozen' },
  { what: 'an error that is its own cause', make: () => cyclic(), code: undefined, name: 'Error', says: 'cyclic' },
  { what: 'an error whose fields throw when they are read', make: () => hostile(), code: undefined, name: 'Error', says: 'cannot be read' },
  {
    what: 'an error whose fields are no texts',
    make: () => Object.assign(new Error('x'), { message: { a: 1 }, name: 7, stack: null, code: 500 }),
    code: undefined,
    name: 'Error',
    says: 'cannot be read',
  },
  { what: 'an error of a million characters', make: () => new Error('long'.repeat(250_000)), code: undefined, name: 'Error', says: 'longlong' },
  { what: 'a proxy that is revoked', make: () => revoked(), code: 'WAYBILL_THROWN_VALUE', name: 'ThrownValueError', says: 'Throw an Error' },
  {
    what: 'a promise that never settles',
    make: () => new Promise(() => undefined),
    code: 'WAYBILL_THROWN_VALUE',
    name: 'ThrownValueError',
    says: 'threw an object. Throw an Error',
  },
]

describe.each(values)('a handler that throws $what', ({ make, code, name, says }) => {
  it('is retried by its own policy, is one dead letter that says so, and the next message is handled', async () => {
    const { clock, broker, log, bus } = world()
    const calls: string[] = []
    const started = await bus({
      handlers: [
        on(Placed, { id: 'failing', retry: { immediate: 1, delayed: ['10s'] } }, ({ id }, { attempt }) => {
          calls.push(`failing ${id} ${attempt}`)
          return id === 'bad' ? throwing(make)() : undefined
        }),
        on(Placed, { id: 'sibling' }, ({ id }) => void calls.push(`sibling ${id}`)),
      ],
    })
    await started.publish(new Placed({ id: 'bad' }))
    await clock.advance(10_000)
    expect(calls).toEqual(['failing bad 1', 'failing bad 2', 'sibling bad', 'failing bad 3', 'failing bad 4'])
    const letter = onlyDeadLetter(broker)
    expect(diagnosis(letter)).toEqual({ reason: 'retries-exhausted', handler: 'failing', code, text: expect.stringContaining(says) as string })
    expect(letter.headers['waybill-dead-letter-error-name']).toBe(name)
    expect(letter.headers['waybill-dead-letter-attempts']).toBe('4')
    for (const value of Object.values(letter.headers)) expect(typeof value === 'string' && value.length <= 8_192).toBe(true)
    for (const { fields } of log) expect(() => JSON.stringify(fields)).not.toThrow()

    await started.publish(new Placed({ id: 'good' }))
    await clock.settle()
    expect(calls.slice(5)).toEqual(['failing good 1', 'sibling good'])
    expect(broker.depth('shop')).toEqual(nothingLeft)
  })

  it('sends a fault to who asked', async () => {
    const { clock, bus } = world()
    const started = await bus({ handlers: [handle(Place, throwing(make))] })
    const reply = started.request(new Place({ id: '1' }))
    reply.catch(() => undefined)
    await clock.settle()
    await expect(reply).rejects.toMatchObject({
      code: 'WAYBILL_REMOTE',
      remoteCode: code ?? 'Error',
      remoteName: name,
      handler: 'shop.place',
      remoteMessage: expect.stringContaining(says) as string,
    })
  })

  it('rejects as well', async () => {
    const { clock, broker, bus } = world()
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- what is tested is what users reject with
    const started = await bus({ retry: { immediate: 0, delayed: [] }, handlers: [handle(Note, () => Promise.reject(make()))] })
    await started.send(new Note({ id: '1' }))
    await clock.settle()
    expect(diagnosis(onlyDeadLetter(broker))).toMatchObject({ reason: 'retries-exhausted', code, handler: 'shop.note' })
  })
})

describe('what is thrown', () => {
  it('by a middleware is its handler’s failure', async () => {
    const { clock, broker, bus } = world()
    const wall: Middleware = { name: 'wall', incoming: { message: throwing(() => 'no entry') } }
    const started = await bus({ middleware: [wall], retry: { immediate: 0, delayed: [] }, handlers: [handle(Note, () => undefined)] })
    await started.send(new Note({ id: '1' }))
    await clock.settle()
    expect(diagnosis(onlyDeadLetter(broker))).toMatchObject({ reason: 'retries-exhausted', code: 'WAYBILL_THROWN_VALUE', handler: 'shop.note' })
  })

  it.each(values)('by a wire step follows the policy of the endpoint: $what', async ({ make, code, says }) => {
    const { clock, broker, bus } = world()
    const calls: string[] = []
    let fail = true
    const decode: Middleware = { name: 'decode', incoming: { wire: (context, next) => (fail ? throwing(make)() : next(context)) } }
    const started = await bus({ middleware: [decode], retry: { immediate: 1, delayed: [] }, handlers: [handle(Note, ({ id }) => void calls.push(id))] })
    await started.send(new Note({ id: 'bad' }))
    await clock.settle()
    expect(diagnosis(onlyDeadLetter(broker))).toEqual({ reason: 'retries-exhausted', handler: '*', code, text: expect.stringContaining(says) as string })
    fail = false
    await started.send(new Note({ id: 'good' }))
    await clock.settle()
    expect(calls).toEqual(['good'])
  })

  it('keeps its class for the policy, however hostile', async () => {
    const { clock, bus } = world()
    let calls = 0
    const started = await bus({ handlers: [handle(Note, { retry: when(Declined).retryNow(4) }, () => ((calls += 1), throwing(hostile)()))] })
    await started.send(new Note({ id: '1' }))
    await clock.settle()
    expect(calls).toBe(5)
  })

  it('by a predicate of the policy decides nothing', async () => {
    const { clock, broker, bus } = world()
    const policy = when(() => throwing(() => 'the predicate')() as never)
      .retryNow(5)
      .or(when(Error).retryNow(1))
    let calls = 0
    const started = await bus({ handlers: [handle(Note, { retry: policy }, () => ((calls += 1), throwing(() => new Error('the handler'))()))] })
    await started.send(new Note({ id: '1' }))
    await clock.settle()
    expect(calls).toBe(2)
    expect(diagnosis(onlyDeadLetter(broker)).text).toBe('the handler')
  })
})

function cyclic(): Error {
  const error = new Declined('cyclic')
  error.cause = error
  return error
}

/** An error that throws when it is looked at. */
function hostile(): Error {
  const error = new Declined('hidden')
  for (const field of ['name', 'message', 'stack', 'code', 'cause']) {
    Object.defineProperty(error, field, {
      get() {
        throw new Error(`${field} is mine`)
      },
    })
  }
  return error
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
