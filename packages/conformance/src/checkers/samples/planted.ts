import { execFile } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { promisify } from 'node:util'
import type { Fact, HistoryEvent } from '../../history/history.js'
import { HistoryRecorder } from '../../recorder/history-recorder.js'
import { RecordingLog, type LogPattern } from '../../recorder/recording-logger.js'
import { readResources, type Watched } from '../read-resources.js'
import { historyOf } from './build-history.js'
import { samplesOf, type Sample } from './sample.js'

/** Real leaks and real noise, read by what a run reads: a timer, a listener, a rejection of another process, a line of a log. Nothing of it is left behind. */
export const plantedSamples = async (): Promise<readonly Sample[]> => [
  ...samplesOf('I13', {
    violations: {
      'a real timer is left': whileHolding(timer),
      'a real listener is left': whileHolding(listener),
      'a real listener of a signal is left': whileHolding(signal),
    },
    legal: {
      'a real timer is cleared': afterReleasing(timer),
      'a real listener is removed': afterReleasing(listener),
      'a real listener of a signal is removed': afterReleasing(signal),
    },
  }),
  ...samplesOf('I15', {
    violations: { 'a real rejection is not caught': await ofProcess(''), 'a real warning is logged': log() },
    legal: { 'a real rejection is caught': await ofProcess('.catch(() => {})'), 'a real warning is logged and was expected': log('paused') },
  }),
]

interface Leak {
  readonly watched: Readonly<Record<string, Watched>>
  take(): () => void
}
function timer(): Leak {
  return {
    watched: {},
    take() {
      const held = setTimeout(() => {}, 3_600_000)
      return () => clearTimeout(held)
    },
  }
}
function listener(): Leak {
  const emitter = new EventEmitter()
  return { watched: { 'listeners of the connection': emitter }, take: () => (emitter.on('close', nothing), () => void emitter.off('close', nothing)) }
}
function signal(): Leak {
  const { signal: lock } = new AbortController()
  return {
    watched: { 'listeners of the lock': lock },
    take() {
      lock.addEventListener('abort', nothing)
      return () => lock.removeEventListener('abort', nothing)
    },
  }
}
const nothing = (): void => {}

function whileHolding(make: () => Leak): readonly HistoryEvent[] {
  const { watched, take } = make()
  const baseline = readResources(watched)
  const release = take()
  const end = readResources(watched)
  release()
  return historyOf({ kind: 'resources', moment: 'baseline', counts: baseline }, { kind: 'resources', moment: 'end', counts: end })
}

function afterReleasing(make: () => Leak): readonly HistoryEvent[] {
  const { watched, take } = make()
  const baseline = readResources(watched)
  take()()
  return historyOf({ kind: 'resources', moment: 'baseline', counts: baseline }, { kind: 'resources', moment: 'end', counts: readResources(watched) })
}

const run = promisify(execFile)

async function ofProcess(handling: string): Promise<readonly HistoryEvent[]> {
  const file = new URL(import.meta.url.endsWith('.ts') ? '../watch-unhandled.ts' : '../watch-unhandled.js', import.meta.url).href
  const program = `const { watchUnhandled } = await import(${JSON.stringify(file)})
    watchUnhandled((fact) => console.log(JSON.stringify(fact)))
    Promise.reject(new Error('nobody caught me'))${handling}`
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program])
  const facts = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Fact)
  return historyOf(facts)
}

function log(...expected: readonly LogPattern[]): readonly HistoryEvent[] {
  const recorder = new HistoryRecorder(() => 0)
  const records = new RecordingLog(recorder)
  for (const pattern of expected) records.expect(pattern)
  records.logger().warn({ endpoint: 'orders' }, 'orders is paused')
  recorder.end()
  return recorder.history
}
