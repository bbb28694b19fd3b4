import type { Settlement } from '../context/index.js'
import type { Clock } from '../contract/index.js'
import type { HandlerContext } from './handler-context.js'
import type { HandlerInit } from './handler-step.js'
import { turnOf } from './limit-turn.js'
import { TokenBucket, type Rate } from './token-bucket.js'
import { Place, WaitingRoom } from './waiting-room.js'

/** How often it looks for keys that it may forget. */
const sweepMs = 1_000

class Bucket {
  readonly tokens: TokenBucket
  readonly line = new Set<Place>()
  /** One has its turn and has not started yet: the token is not taken before it does. */
  isCalled = false

  constructor(rate: Rate, now: number) {
    this.tokens = new TokenBucket(rate, now)
  }
}

/** One token bucket per key, and those who wait before each. One timer. */
export class RateLimiter {
  readonly #clock: Clock
  readonly #rate: Rate
  readonly #mostKeys: number
  readonly #room: WaitingRoom
  readonly #buckets = new Map<string, Bucket>()
  readonly #waitedFor = new Set<Bucket>()
  /** For all keys beyond the most: slower than they may be, never faster. */
  readonly #common: Bucket
  #nextSweepAt = 0
  #timer: { cancel(): void } | undefined
  #timerAtMs = Number.POSITIVE_INFINITY

  constructor(clock: Clock, { rate, mostKeys }: { readonly rate: Rate; readonly mostKeys: number }) {
    this.#clock = clock
    this.#rate = rate
    this.#mostKeys = mostKeys
    this.#room = new WaitingRoom(clock)
    this.#common = new Bucket(rate, clock.now())
  }

  /** How many keys it keeps. */
  get keys(): number {
    return this.#buckets.size
  }

  /** Starts now, or when its turn comes; a settlement where it does not start. */
  start(key: string, init: HandlerInit, context: HandlerContext): Promise<Settlement | undefined> | undefined {
    const bucket = this.#bucketOf(key)
    const isFirst = bucket.line.size === 0 && !bucket.isCalled
    return isFirst && bucket.tokens.take(this.#clock.now()) ? undefined : this.#wait(bucket, init, context)
  }

  async #wait(bucket: Bucket, init: HandlerInit, context: HandlerContext): Promise<Settlement | undefined> {
    const passOn = (): void => void (bucket.isCalled = false)
    const turn = turnOf(init, context, { room: this.#room, line: bucket.line, place: new Place(), passOn })
    this.#waitedFor.add(bucket)
    this.#call(bucket)
    const settlement = await turn
    if (settlement === undefined) {
      bucket.isCalled = false
      bucket.tokens.take(this.#clock.now())
    }
    this.#call(bucket)
    return settlement
  }

  /** The first of its line, now or when the next token is there. */
  #call(bucket: Bucket): void {
    if (bucket.isCalled) return
    const { value: first } = bucket.line.values().next()
    if (first === undefined) {
      this.#waitedFor.delete(bucket)
      if (this.#waitedFor.size === 0) this.#disarm()
      return
    }
    const now = this.#clock.now()
    const dueInMs = bucket.tokens.dueInMs(now)
    if (dueInMs > 0) return this.#arm(now + dueInMs)
    bucket.isCalled = true
    first.call()
  }

  #arm(atMs: number): void {
    if (atMs >= this.#timerAtMs) return
    this.#timer?.cancel()
    this.#timerAtMs = atMs
    this.#timer = this.#clock.after(atMs - this.#clock.now(), () => {
      this.#timerAtMs = Number.POSITIVE_INFINITY
      for (const bucket of this.#waitedFor) this.#call(bucket)
    })
  }

  #disarm(): void {
    this.#timer?.cancel()
    this.#timerAtMs = Number.POSITIVE_INFINITY
  }

  #bucketOf(key: string): Bucket {
    const known = this.#buckets.get(key)
    if (known !== undefined) return known
    const now = this.#clock.now()
    if (this.#buckets.size >= this.#mostKeys) this.#forgetIdle(now)
    if (this.#buckets.size >= this.#mostKeys) return this.#common
    const bucket = new Bucket(this.#rate, now)
    this.#buckets.set(key, bucket)
    return bucket
  }

  /** A full bucket that nobody waits for is as good as a new one. Once in a while: all keys are looked at. */
  #forgetIdle(now: number): void {
    if (now < this.#nextSweepAt && this.#nextSweepAt <= now + sweepMs) return
    this.#nextSweepAt = now + sweepMs
    for (const [key, { tokens, line, isCalled }] of this.#buckets) if (tokens.isFull(now) && line.size === 0 && !isCalled) this.#buckets.delete(key)
  }
}
