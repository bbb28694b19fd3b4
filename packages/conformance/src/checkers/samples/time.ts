import type { Fact } from '../../history/history.js'
import { came, failed, fault, handled, healed, historyOf, sent, settled, wait } from './build-history.js'
import { samplesOf, type Sample } from './sample.js'

const deferred = (due: number): Fact => ({ kind: 'deferred', message: 'm1', endpoint: 'orders', handler: 'h', due })

const notBefore = samplesOf('I7', {
  violations: {
    'a delayed message runs at once': historyOf(sent('m1', { notBefore: 1_000 }), handled('m1')),
    'a delayed message runs two milliseconds early': historyOf(sent('m1', { notBefore: 1_000 }), wait(998), handled('m1')),
    'a delayed retry runs early': historyOf(sent('m1'), failed('m1'), deferred(10_000), wait(5_000), handled('m1', { delivery: 'd2', attempt: 2 })),
    'later than the resolution': historyOf(sent('m1', { notBefore: 1_000, resolutionMs: 100 }), wait(1_101), handled('m1')),
  },
  legal: {
    'in time': historyOf(sent('m1', { notBefore: 1_000, resolutionMs: 100 }), wait(1_000), handled('m1')),
    'as late as the resolution': historyOf(sent('m1', { notBefore: 1_000, resolutionMs: 100 }), wait(1_100), handled('m1')),
    'it comes early, hops, and runs in time': historyOf(
      sent('m1', { notBefore: 1_000 }),
      wait(500),
      came('m1'),
      settled('d-m1'),
      wait(500),
      handled('m1', { delivery: 'd2' }),
    ),
    'late after a fault': historyOf(sent('m1', { notBefore: 1_000, resolutionMs: 100 }), fault(0), wait(9_000), healed, handled('m1')),
    'a retry in time': historyOf(sent('m1'), failed('m1'), deferred(10_000), wait(10_000), handled('m1', { delivery: 'd2', attempt: 2 })),
  },
})

const promise = (boundMs: number): Fact => ({ kind: 'promise-started', promise: 'p1', what: 'stop', boundMs })
const settledPromise: Fact = { kind: 'promise-ended', promise: 'p1', outcome: 'resolved' }

const boundedPromises = samplesOf('I10', {
  violations: {
    'later than its bound': historyOf(promise(1_000), wait(1_001), settledPromise),
    never: historyOf(promise(1_000), wait(500)),
    twice: historyOf(promise(1_000), settledPromise, settledPromise),
    'a publish with two outcomes': historyOf(sent('m1'), handled('m1'), { kind: 'publish-ended', message: 'm1', outcome: 'unknown' }),
  },
  legal: {
    'at its bound': historyOf(promise(1_000), wait(1_000), settledPromise),
    'a rejection in time': historyOf(promise(1_000), { kind: 'promise-ended', promise: 'p1', outcome: 'rejected' }),
    'one id published twice': historyOf(sent('m1'), handled('m1'), sent('m1', { sequence: 2 }), handled('m1', { delivery: 'd2' })),
  },
})

const marker = (outcome: 'succeeded' | 'missing', role: 'consumer' | 'publisher' = 'consumer'): Fact => ({ kind: 'marker', instance: 'a', role, outcome })

const convergence = samplesOf('I14', {
  violations: {
    'a consumer does not come back': historyOf(fault(0), healed, wait(1_000), marker('missing')),
    'a publisher does not come back': historyOf(fault(0), healed, wait(1_000), marker('missing', 'publisher')),
    'a consumer comes back too late': historyOf(fault(0), healed, wait(30_001), marker('succeeded')),
    'a message lies idle after healing': historyOf(fault(0), healed, sent('m1'), wait(30_001), handled('m1')),
  },
  legal: {
    'both are back at the bound': historyOf(fault(0), healed, wait(30_000), marker('succeeded'), marker('succeeded', 'publisher')),
    'a message waits as long as the fault lasts': historyOf(fault(0), sent('m1'), wait(90_000), healed, wait(30_000), handled('m1')),
    'a delayed message waits': historyOf(fault(0), healed, sent('m1', { notBefore: 60_000 }), wait(60_000), handled('m1')),
    'a quiet hour': historyOf(fault(0), healed, sent('m1'), handled('m1'), wait(3_600_000), sent('m2'), handled('m2')),
  },
})

export const timeSamples: readonly Sample[] = [...notBefore, ...boundedPromises, ...convergence]
