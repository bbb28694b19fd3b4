import type { Fact } from '../../history/history.js'
import { began, came, ended, fault, handled, healed, historyOf, sent, settled, wait } from './build-history.js'
import { samplesOf, type Sample } from './sample.js'

const key = 'k'
const three: readonly (readonly Fact[])[] = [1, 2, 3].map((sequence) => sent(`m${sequence}`, { key, sequence }))
const lost = (delivery: string): Fact => ({ kind: 'lock-lost', delivery })

const keyOrder = samplesOf('I4', {
  violations: {
    'the second comes first': historyOf(three, handled('m2', { key }), handled('m1', { key }), handled('m3', { key })),
    'a gap is filled later': historyOf(three, handled('m1', { key }), handled('m3', { key }), handled('m2', { key })),
    'the next passes a released one': historyOf(
      three.slice(0, 2),
      came('m1', { key }),
      came('m2', { key }),
      settled('d-m1', 'released'),
      began('m2', { key }),
      ended('r-d-m2'),
      settled('d-m2'),
      handled('m1', { key, delivery: 'd3' }),
    ),
    'a re-read leaves one out': historyOf(
      three.slice(0, 2),
      came('m1', { key }),
      came('m2', { key }),
      fault(2),
      healed,
      lost('d-m1'),
      lost('d-m2'),
      handled('m2', { key, delivery: 'd3' }),
      handled('m1', { key, delivery: 'd4' }),
    ),
  },
  legal: {
    'in order': historyOf(three, handled('m1', { key }), handled('m2', { key }), handled('m3', { key })),
    'other keys pass a held head': historyOf(
      sent('m1', { key }),
      sent('m2', { key: 'other' }),
      came('m1', { key }),
      handled('m2', { key: 'other' }),
      began('m1', { key }),
      ended('r-d-m1'),
      settled('d-m1'),
    ),
    'all are read again in order': historyOf(
      three.slice(0, 2),
      handled('m1', { key }),
      handled('m2', { key }),
      fault(2),
      healed,
      handled('m1', { key, delivery: 'd3' }),
      handled('m2', { key, delivery: 'd4' }),
    ),
    'an unknown outcome comes late': historyOf(
      sent('m1', { key }, 'unknown'),
      sent('m2', { key, sequence: 2 }),
      handled('m2', { key }),
      handled('m1', { key }),
    ),
    'two senders have no order between them': historyOf(
      sent('m1', { key, sequence: 2 }),
      sent('m2', { key, instance: 'q' }),
      handled('m1', { key }),
      handled('m2', { key }),
    ),
    'no order where the endpoint keeps none': historyOf(three.slice(0, 2), handled('m2'), handled('m1')),
  },
})

const keyExclusion = samplesOf('I5', {
  violations: {
    'two of a key at once': historyOf(
      sent('m1'),
      sent('m2'),
      came('m1', { key }),
      came('m2', { key }),
      began('m1', { key }),
      wait(5),
      began('m2', { key }),
      ended('r-d-m1'),
      ended('r-d-m2'),
      settled('d-m1'),
      settled('d-m2'),
    ),
    'two instances run a key at once': historyOf(
      sent('m1'),
      sent('m2'),
      came('m1', { key }),
      came('m2', { key, instance: 'b' }),
      began('m1', { key }),
      began('m2', { key, instance: 'b' }),
      ended('r-d-m2'),
      ended('r-d-m1'),
      settled('d-m2'),
      settled('d-m1'),
    ),
    'a retry overlaps the run that it repeats': historyOf(
      sent('m1'),
      came('m1', { key }),
      began('m1', { key, run: 'r1' }),
      began('m1', { key, run: 'r2' }),
      ended('r1', 'abandoned'),
      ended('r2'),
      settled('d-m1'),
    ),
  },
  legal: {
    'the second begins when the first ends': historyOf(sent('m1'), sent('m2'), handled('m1', { key }), handled('m2', { key })),
    'a lost lock lies between': historyOf(
      sent('m1'),
      came('m1', { key }),
      began('m1', { key }),
      lost('d-m1'),
      handled('m1', { key, instance: 'b', delivery: 'd2' }),
      ended('r-d-m1', 'abandoned'),
    ),
    'one key at two endpoints': historyOf(
      sent('m1'),
      came('m1', { key }),
      began('m1', { key }),
      handled('m1', { key, endpoint: 'billing', delivery: 'd2' }),
      ended('r-d-m1'),
      settled('d-m1'),
    ),
  },
})

const two = [sent('m1'), sent('m2'), came('m1'), came('m2')]
const both = [ended('r-d-m1'), ended('r-d-m2'), settled('d-m1'), settled('d-m2')]
const saturated: Fact = { kind: 'saturated', endpoint: 'orders', instance: 'a' }

const concurrency = samplesOf('I6', {
  violations: {
    'two run and one is allowed': historyOf(two, began('m1', { concurrency: 1 }), began('m2', { concurrency: 1 }), both),
    'two are unsettled and one was asked for': historyOf(
      sent('m1'),
      sent('m2'),
      came('m1', { prefetch: 1 }),
      came('m2', { prefetch: 1 }),
      began('m1'),
      ended('r-d-m1'),
      began('m2'),
      ended('r-d-m2'),
      settled('d-m1'),
      settled('d-m2'),
    ),
    'the transport has handed over more than was asked for': historyOf({ kind: 'held', endpoint: 'orders', instance: 'a', unsettled: 11, prefetch: 10 }),
    'a slot stays idle under load': historyOf(
      two,
      saturated,
      began('m1', { concurrency: 2 }),
      ended('r-d-m1'),
      began('m2', { concurrency: 2 }),
      ended('r-d-m2'),
      settled('d-m1'),
      settled('d-m2'),
    ),
  },
  legal: {
    'the transport has handed over as many as were asked for': historyOf({ kind: 'held', endpoint: 'orders', instance: 'a', unsettled: 10, prefetch: 10 }),
    'as many as allowed': historyOf(two, saturated, began('m1', { concurrency: 2 }), began('m2', { concurrency: 2 }), both),
    'as many at two instances': historyOf(
      sent('m1'),
      sent('m2'),
      came('m1', { prefetch: 1 }),
      came('m2', { prefetch: 1, instance: 'b' }),
      began('m1', { concurrency: 1 }),
      began('m2', { concurrency: 1, instance: 'b' }),
      both,
    ),
    'the limit falls while more are held': historyOf(
      sent('m1'),
      sent('m2'),
      sent('m3'),
      came('m1', { prefetch: 2 }),
      came('m2', { prefetch: 2 }),
      began('m1'),
      began('m2'),
      both,
      handled('m3'),
    ),
    'a released one makes room': historyOf(
      sent('m1'),
      came('m1', { prefetch: 1 }),
      settled('d-m1', 'released'),
      came('m1', { prefetch: 1, delivery: 'd2' }),
      began('m1', { delivery: 'd2' }),
      ended('r-d2'),
      settled('d2'),
    ),
  },
})

export const orderSamples: readonly Sample[] = [...keyOrder, ...keyExclusion, ...concurrency]
