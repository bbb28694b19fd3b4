import { handle } from '@waybill/core'
import { describe, expect, it } from 'vitest'
import { checkers } from '../checkers/index.js'
import type { Harness, Place } from '../harness/harness.js'
import type { Lab } from '../lab/lab.js'
import { memoryHarness } from '../memory/memory-harness.js'
import { CancelOrder } from '../scenarios/messages.js'
import type { Scenario } from '../scenarios/scenario.js'
import { runScenario } from './run-scenario.js'

const scenario = (run: (lab: Lab) => Promise<void>, given: Partial<Scenario> = {}): Scenario => ({
  ...{ id: 'XX-01', title: 'a scenario of a test', group: 'DS', tier: 'T1', deliveries: 0 },
  ...given,
  run,
})
const run = async (of: Scenario, harness: Harness = memoryHarness, watchdogMs = 10_000) =>
  (await runScenario(of, { harness, seed: 1, run: 1, checkers, watchdogMs })).result
const failed = async (of: Scenario, harness?: Harness, watchdogMs?: number): Promise<readonly string[]> =>
  (await run(of, harness, watchdogMs)).failures.map(({ check }) => check)

/** The place in memory, changed. */
const altered = (alter: (place: Place) => Place): Harness => ({ name: 'altered', create: async (options) => alter(await memoryHarness.create(options)) })

describe('a run of a scenario', () => {
  it('passes with a check that holds, and tells what was done', async () => {
    const result = await run(
      scenario(
        async (lab) => {
          const handled: string[] = []
          await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
          await lab.send(await lab.bus(), new CancelOrder({ id: 'o1' }))
          await lab.quiet()
          lab.check('it is handled').equal(handled, ['o1'])
        },
        { deliveries: 1 },
      ),
    )
    expect(result).toMatchObject({ id: 'XX-01', tier: 'T1', status: 'passed', published: 1, delivered: 1, faults: [], failures: [] })
    expect(result.checks).toBeGreaterThan(1)
  })

  it('fails without a check', async () => {
    expect(await failed(scenario(async () => undefined))).toEqual(['at least one check'])
  })

  it('fails by the name, the expected and the actual value of each check that does not hold, and goes on after it', async () => {
    const result = await run(
      scenario(async (lab) => {
        lab.check('one is two').equal(1, 2)
        lab.check('there is nothing').empty(['something'])
      }),
    )
    expect(result).toMatchObject({
      status: 'failed',
      checks: 2,
      failures: [
        { check: 'one is two', kind: 'check', expected: '2', actual: '1' },
        { check: 'there is nothing', kind: 'check', actual: "[ 'something' ]" },
      ],
    })
  })

  it('fails with fewer deliveries than it declares', async () => {
    expect(await failed(scenario(async (lab) => void lab.check('yes').isTrue(true), { deliveries: 1 }))).toEqual(['as many deliveries as declared'])
  })

  it('fails when a fault was armed and has not struck', async () => {
    const faulty = scenario(async (lab) => {
      lab.check('yes').isTrue(true)
      await lab.faults.refuseSends()
    })
    expect(await failed(faulty)).toEqual(['the fault refuseSends happened'])
  })

  it('fails when a declared fault was never made, and when a door lies about nothing', async () => {
    const lazy = scenario(async (lab) => void lab.check('yes').isTrue(true), { faults: ['cut'] })
    expect(await failed(lazy)).toEqual(['the fault cut was made'])
    const nobody = scenario(async (lab) => {
      lab.check('yes').isTrue(true)
      await lab.faults.cut()
    })
    expect(await failed(nobody)).toEqual(['the fault cut happened'])
  })

  it('fails, and does not take it for 0, when a depth is unknown', async () => {
    const depthless = altered((place) => ({ ...place, doors: { ...place.doors, depth: () => Promise.reject(new Error('the broker does not say')) } }))
    const strange = altered((place) => ({ ...place, doors: { ...place.doors, depth: async () => ({ ready: Number.NaN, unsettled: 0, delayed: 0 }) } }))
    const quiet = scenario(async (lab) => {
      await lab.bus({ handlers: [handle(CancelOrder, () => undefined)] })
      await lab.quiet()
    })
    for (const [harness, text] of [[depthless, 'the broker does not say'] as const, [strange, 'The depth of orders is unknown'] as const]) {
      const { status, failures } = await run(quiet, harness)
      expect(status).toBe('failed')
      expect(failures.map(({ actual }) => actual).join()).toContain(text)
    }
  })

  it('fails by a bound when what it waits for does not come, in virtual time and not by the machine’s', async () => {
    const { failures } = await run(scenario((lab) => lab.until('the cows come home', () => false, 3_600_000)))
    expect(failures).toEqual([{ check: 'the cows come home', kind: 'bound', expected: 'within 3600000 ms', actual: 'not in time' }])
  })

  it('fails, not as an assertion, when the scenario breaks', async () => {
    const { failures } = await run(
      scenario(async (lab) => {
        lab.check('yes').isTrue(true)
        throw new TypeError('undefined is no function')
      }),
    )
    expect(failures).toMatchObject([{ kind: 'error', check: 'the scenario runs to its end' }])
  })

  it('ends a scenario that waits for what no call of the lab drives', async () => {
    const [first] = (
      await run(
        scenario(() => new Promise<void>(() => undefined)),
        memoryHarness,
        50,
      )
    ).failures
    expect(first).toMatchObject({ kind: 'error', check: 'the scenario runs to its end' })
    expect(first?.actual).toContain('no call of the lab drives')
  })

  it('fails on a warning that was not expected, and lets one pass that was', async () => {
    const warning = (expect: boolean): Scenario =>
      scenario(
        async (lab) => {
          if (expect) lab.expectLog('failed, again at once')
          let runs = 0
          await lab.bus({
            handlers: [
              handle(CancelOrder, () => {
                runs += 1
                if (runs === 1) throw new Error('once')
              }),
            ],
          })
          await lab.send(await lab.bus(), new CancelOrder({ id: 'o1' }))
          await lab.quiet()
        },
        { deliveries: 1 },
      )
    expect(await failed(warning(true))).toEqual([])
    expect(await failed(warning(false))).toEqual(['the log is silent', 'I15'])
  })

  it('fails on a rejection that nobody handles', async () => {
    const result = await failed(
      scenario(async (lab) => {
        lab.check('yes').isTrue(true)
        void Promise.reject(new Error('nobody listens'))
        await lab.turns(3)
      }),
    )
    expect(result).toEqual(['nothing is unhandled', 'I15'])
  })

  it('fails by the invariants over its history, but for those that it is exempt from', async () => {
    const lossy = (exempt: Readonly<Record<string, string>>): Scenario =>
      scenario(
        async (lab) => {
          lab.check('yes').isTrue(true)
          lab.note({ kind: 'publish-started', message: 'm1', to: 'orders', instance: 'i1', sequence: 1 })
          lab.note({ kind: 'publish-ended', message: 'm1', outcome: 'confirmed' })
        },
        { exempt },
      )
    expect(await failed(lossy({}))).toEqual(['I1'])
    expect(await failed(lossy({ I1: 'it is lost on purpose' }))).toEqual([])
  })

  it('is skipped by the first flag that the place lacks', async () => {
    const doorless = altered((place) => ({ ...place, faults: {} }))
    const needy = scenario(async (lab) => void lab.check('yes').isTrue(true), { needs: ['replies', 'door:cut', 'door:holdSends'] })
    expect(await run(needy, doorless)).toMatchObject({ status: 'skipped', flag: 'door:cut', checks: 0 })
    expect(await run(needy)).toMatchObject({ status: 'passed' })
  })

  it('closes its place also after a failure', async () => {
    let closed = 0
    const counting = altered((place) => ({
      ...place,
      close: async () => {
        closed += 1
        await place.close()
      },
    }))
    await run(
      scenario(() => Promise.reject(new Error('no'))),
      counting,
    )
    await run(
      scenario(async (lab) => void lab.check('yes').isTrue(true), { needs: ['broker-durability'] }),
      counting,
    )
    expect(closed).toBe(2)
  })
})
