import type { Fact } from '../../history/history.js'
import { historyOf } from './build-history.js'
import { samplesOf, type Sample } from './sample.js'

const read = (moment: 'baseline' | 'end', counts: Readonly<Record<string, number>>): Fact => ({ kind: 'resources', moment, counts })

const resources = samplesOf('I13', {
  violations: {
    'a timer more': historyOf(read('baseline', { Timeout: 1 }), read('end', { Timeout: 2 })),
    'a resource that was not there': historyOf(read('baseline', {}), read('end', { TCPSocketWrap: 1 })),
    'no baseline': historyOf(read('end', {})),
    'the baseline read at the end': historyOf(read('end', { Timeout: 1 }), read('baseline', { Timeout: 1 })),
  },
  legal: {
    'as many as before': historyOf(read('baseline', { Timeout: 1 }), read('end', { Timeout: 1 })),
    'fewer than before': historyOf(read('baseline', { Timeout: 2, PipeWrap: 1 }), read('end', { Timeout: 1 })),
  },
})

const logged = (level: 'info' | 'warn' | 'error', expected: boolean): Fact => ({ kind: 'logged', level, text: 'orders is paused', expected })

const silence = samplesOf('I15', {
  violations: {
    'an unhandled rejection': historyOf({ kind: 'unhandled', text: 'Error: nobody caught me' }),
    'an unexpected warning': historyOf(logged('warn', false)),
    'an unexpected error': historyOf(logged('error', false)),
  },
  legal: {
    'an expected warning': historyOf(logged('warn', true)),
    'a word about what goes well': historyOf(logged('info', false)),
  },
})

export const surroundingsSamples: readonly Sample[] = [...resources, ...silence]
