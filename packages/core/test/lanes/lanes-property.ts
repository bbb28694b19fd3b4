import fc from 'fast-check'
import { Lanes } from '../../src/runtime/lanes.js'
import { virtualClock, type VirtualClock } from '../../src/runtime/index.js'
import { property as propertyOver } from '../support/property.js'

interface Task {
  readonly key: string | undefined
  readonly atMs: number
  readonly ms: number
  /** Then it gives its place away for so long. */
  readonly restMs: number | undefined
  readonly end: 'well' | 'throws' | 'rejects'
}

interface Schedule {
  readonly concurrency: number
  readonly tasks: readonly Task[]
  /** 0 is a pause. */
  readonly limits: readonly { readonly atMs: number; readonly concurrency: number }[]
}

const task = fc.record<Task>({
  key: fc.option(fc.constantFrom('A', 'B', 'C', 'D'), { nil: undefined, freq: 5 }),
  atMs: fc.constantFrom(0, 0, 0, 3, 8),
  ms: fc.constantFrom(0, 1, 2, 5, 9),
  restMs: fc.constantFrom(undefined, undefined, 1, 4, 10),
  end: fc.constantFrom('well', 'well', 'throws', 'rejects'),
})

const anything = fc.record<Schedule>({
  concurrency: fc.integer({ min: 1, max: 6 }),
  tasks: fc.array(task, { minLength: 1, maxLength: 25 }),
  limits: fc.array(fc.record({ atMs: fc.nat({ max: 25 }), concurrency: fc.integer({ min: 0, max: 6 }) }), { maxLength: 3 }),
})
/** Everything at once, and nobody gives its place away. */
const burst = anything.map(({ concurrency, tasks }): Schedule => {
  return { concurrency, tasks: tasks.map((each) => ({ ...each, atMs: 0, ms: Math.max(1, each.ms), restMs: undefined })), limits: [] }
})
const schedules = fc.oneof({ weight: 4, arbitrary: anything }, { weight: 1, arbitrary: burst })

/** What a task is doing, as it says itself. */
interface Doing {
  readonly task: Task
  readonly index: number
  state: 'submitted' | 'running' | 'resting' | 'awake' | 'ended'
  settled: 'no' | 'well' | 'failed'
}

/** A second, slow account of what runs: it knows the rules and nothing of how they are kept. */
class Account {
  readonly doing: Doing[] = []
  readonly wrong: string[] = []
  readonly #clock: VirtualClock
  #limit: number
  /** Runs on from when there were more places. */
  #over = 0
  most = 0

  constructor(clock: VirtualClock, limit: number) {
    this.#clock = clock
    this.#limit = limit
  }

  get running(): number {
    return this.doing.filter(({ state }) => state === 'running').length
  }

  limited(concurrency: number): void {
    this.#limit = concurrency
    this.#over = Math.max(0, this.running - concurrency)
  }

  begins(one: Doing): void {
    const { task } = one
    const others = this.doing.filter((other) => other !== one && other.task.key === task.key && task.key !== undefined)
    if (others.some(({ state }) => state === 'running' || state === 'resting' || state === 'awake')) this.#note(`overlap of the key ${task.key}`)
    if (others.some(({ state, index }) => index < one.index && state === 'submitted')) this.#note(`the key ${task.key} out of order`)
    this.#runs(one)
  }

  awakes(one: Doing): void {
    this.#runs(one)
  }

  stops(one: Doing, state: 'resting' | 'ended'): void {
    one.state = state
    this.#over = Math.max(0, Math.min(this.#over, this.running - this.#limit))
  }

  /** When nothing moves: no place is free that somebody could have. */
  settled(lanes: Lanes): void {
    const { running } = this
    const open = this.doing.filter(({ state }) => state !== 'ended' && state !== 'resting')
    const keys = new Set(open.map(({ task }) => task.key).filter((key) => key !== undefined && !this.#rests(key)))
    const could = keys.size + open.filter(({ task }) => task.key === undefined).length
    if (running < this.#limit && running < could) this.#note(`${running} run, ${could} could in ${this.#limit} places`)
    if (lanes.running !== running) this.#note(`the lanes count ${lanes.running} running, ${running} run`)
    const held = new Set(this.doing.filter(({ state, task }) => state !== 'ended' && task.key !== undefined).map(({ task }) => task.key))
    if (lanes.keys !== held.size) this.#note(`${lanes.keys} lanes for ${held.size} keys`)
  }

  #rests(key: string): boolean {
    return this.doing.some(({ state, task }) => state === 'resting' && task.key === key)
  }

  #runs(one: Doing): void {
    one.state = 'running'
    const { running } = this
    this.most = Math.max(this.most, running)
    if (running > this.#limit + this.#over) this.#note(`${running} run in ${this.#limit} places`)
  }

  #note(what: string): void {
    this.wrong.push(`at ${this.#clock.now()} ms: ${what}`)
  }
}

async function play({ concurrency, tasks, limits }: Schedule): Promise<{ readonly account: Account; readonly lanes: Lanes }> {
  const clock = virtualClock(0)
  const lanes = new Lanes(concurrency)
  const account = new Account(clock, concurrency)
  const pass = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve))
  const submit = (each: Task): void => {
    const one: Doing = { task: each, index: account.doing.length, state: 'submitted', settled: 'no' }
    account.doing.push(one)
    const run = lanes.run(each.key, () => {
      account.begins(one)
      if (each.ms === 0 && each.end === 'throws') {
        account.stops(one, 'ended')
        throw new Error('at once')
      }
      return work(one)
    })
    run.then(
      () => (one.settled = 'well'),
      () => (one.settled = 'failed'),
    )
  }
  const work = async (one: Doing): Promise<void> => {
    const { ms, restMs, end } = one.task
    if (ms > 0) await pass(ms)
    if (restMs !== undefined) {
      account.stops(one, 'resting')
      await lanes.rest(pass(restMs).then(() => void (one.state = 'awake')))
      account.awakes(one)
      if (ms > 0) await pass(ms)
    }
    account.stops(one, 'ended')
    if (end !== 'well') throw new Error('failed')
  }
  const limit = async (to: number): Promise<void> => {
    // The count of what runs on is taken before anything may start.
    account.limited(to)
    lanes.setConcurrency(to)
    await clock.settle()
  }
  for (const each of tasks.toSorted((a, b) => a.atMs - b.atMs)) if (each.atMs === 0) submit(each)
  const later = tasks.filter(({ atMs }) => atMs > 0)
  for (let now = 0; now <= 30; now += 1) {
    for (const each of later) if (each.atMs === now) submit(each)
    await clock.settle()
    for (const { atMs, concurrency: to } of limits) if (atMs === now) await limit(to)
    await clock.settle()
    account.settled(lanes)
    await clock.advance(1)
  }
  await limit(concurrency)
  await clock.advance(tasks.length * 40)
  account.settled(lanes)
  return { account, lanes }
}

/** No overlap per key, order per key, every place used, nothing left: whatever comes, throws, rests and is paused. */
export const property = propertyOver('lanes', schedules, async (schedule) => {
  const { account, lanes } = await play(schedule)
  const wrong = account.wrong.slice(0, 3)
  for (const { task: each, index, settled } of account.doing) {
    const ends = each.end === 'well' ? 'well' : 'failed'
    if (settled !== ends) wrong.push(`the task ${index} is to end ${ends}, and has ended: ${settled}`)
  }
  const left = [lanes.running, lanes.waiting, lanes.keys]
  if (left.some((count) => count > 0)) wrong.push(`left at the end: ${left.join(', ')} running, waiting, lanes`)
  // From the first moment on, where nothing is limited: all places, or one for each key.
  const { concurrency, tasks, limits } = schedule
  const first = tasks.filter(({ atMs, ms }) => atMs === 0 && ms > 0)
  const keys = new Set(first.flatMap(({ key }) => key ?? [])).size + first.filter(({ key }) => key === undefined).length
  const reached = Math.min(concurrency, keys)
  if (limits.length === 0 && first.length === tasks.length && account.most < reached) wrong.push(`at most ${account.most} ran at once, ${reached} could`)
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  return [
    ...(limits.some((each) => each.concurrency === 0) ? ['paused'] : []),
    ...(tasks.some(({ restMs }) => restMs !== undefined) ? ['rested'] : []),
    ...(tasks.some(({ end }) => end !== 'well') ? ['thrown'] : []),
    ...(account.most === concurrency ? ['all places used'] : []),
    ...(limits.length === 0 && first.length === tasks.length ? ['from the first moment'] : []),
  ]
})
