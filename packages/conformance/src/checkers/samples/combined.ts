import { began, came, ended, handled, historyOf, sent, settled } from './build-history.js'
import { samplesOf, type Sample } from './sample.js'

const key = 'k'

/** What breaks two promises at once, as real faults do. */
export const combinedSamples: readonly Sample[] = [
  ...samplesOf('I4', {
    violations: {
      'the next passes a released one, which never comes back': historyOf(
        sent('m1', { key }),
        sent('m2', { key, sequence: 2 }),
        came('m1', { key }),
        came('m2', { key }),
        began('m1', { key }),
        ended('r-d-m1', 'abandoned'),
        settled('d-m1', 'released'),
        began('m2', { key }),
        ended('r-d-m2'),
        settled('d-m2'),
      ),
    },
    legal: {},
  }),
  ...samplesOf('I12', {
    violations: {
      'a queue of two tenants gives each message to both': historyOf(
        sent('m1', { scope: 'a' }),
        came('m1', { scope: 'a' }),
        began('m1'),
        ended('r-d-m1'),
        settled('d-m1'),
        came('m1', { scope: 'b', delivery: 'd2', instance: 'b' }),
        began('m1', { delivery: 'd2', instance: 'b' }),
        ended('r-d2'),
        settled('d2'),
      ),
    },
    legal: {},
  }),
  ...samplesOf('I5', {
    violations: {
      'a key runs in two slots of one': historyOf(
        sent('m1'),
        sent('m2'),
        came('m1', { key }),
        came('m2', { key }),
        began('m1', { key, concurrency: 1 }),
        began('m2', { key, concurrency: 1 }),
        ended('r-d-m1'),
        ended('r-d-m2'),
        settled('d-m1'),
        settled('d-m2'),
      ),
    },
    legal: {},
  }),
  ...samplesOf('I2', {
    violations: { 'a refused message comes twice': historyOf(sent('m1', {}, 'refused'), handled('m1'), handled('m1', { delivery: 'd2' })) },
    legal: {},
  }),
]
