import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

interface Counts {
  readonly read: number
  readonly accepted: number
  readonly rejected: number
  readonly retried: number
  readonly shipped: number
  readonly deadLettered: number
}
interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const none: Counts = { read: 0, accepted: 0, rejected: 0, retried: 0, shipped: 0, deadLettered: 0 }

const inPackage = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))
let folder = ''
beforeAll(async () => {
  // Blanks and umlauts are part of paths.
  folder = await mkdtemp(join(tmpdir(), 'order flow ü '))
})
afterAll(() => rm(folder, { recursive: true }))

function node(script: string, ...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [inPackage(script), ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr })))
}

const start = (...args: string[]): Promise<Ended> => node('dist/main.js', ...args)

async function orders(name: string, text: string): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, text)
  return file
}

async function generated(...args: string[]): Promise<string> {
  const { code, stdout } = await node('generate.mjs', ...args)
  expect(code).toBe(0)
  return orders(`${args.join('')}.jsonl`, stdout)
}

async function expected(file: string): Promise<Counts> {
  const { stdout } = await node('expected.mjs', file)
  return JSON.parse(stdout) as Counts
}

/** Runs a file and gives back what it counted, after a look at what every run has to be like. */
async function counted(file: string, ...args: string[]): Promise<Counts> {
  const json = join(folder, 'result.json')
  const { code, stdout, stderr } = await start('--orders', file, '--json', json, ...args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const { read, accepted, rejected, retried, shipped, deadLettered } = JSON.parse(await readFile(json, 'utf8')) as Counts
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(
    `orders: ${read} read, ${accepted} accepted, ${rejected} rejected, ${shipped} shipped, ${deadLettered} dead-lettered`,
  )
  return { read, accepted, rejected, retried, shipped, deadLettered }
}

describe('the application', () => {
  it('comes to what the second implementation expects of its own thousand orders', async () => {
    const file = inPackage('orders.jsonl')
    const counts = await counted(file)
    expect(counts).toEqual(await expected(file))
    expect(counts).toEqual({ read: 1000, accepted: 970, rejected: 30, retried: 60, shipped: 960, deadLettered: 10 })
  })

  it('has its orders from its generator', async () => {
    const { stdout } = await node('generate.mjs', '--count', '1000', '--seed', '20')
    expect(stdout).toBe(await readFile(inPackage('orders.jsonl'), 'utf8'))
  })

  it.each([
    ['37 orders', ['--count', '37', '--seed', '5']],
    ['37 orders with every kind of mistake', ['--count', '37', '--seed', '9', '--mixed']],
    ['5,000 orders with every kind of mistake', ['--count', '5000', '--seed', '3', '--mixed']],
  ])('comes to what is expected of %s', async (_, args) => {
    const file = await generated(...args)
    expect(await counted(file)).toEqual(await expected(file))
  })

  it('counts the same with another seed', async () => {
    const file = await generated('--count', '200', '--seed', '1', '--mixed')
    expect(await counted(file, '--seed', '1')).toEqual(await counted(file, '--seed', '99'))
  })

  it('takes a file without orders, and one of blank lines', async () => {
    expect(await counted(await orders('empty.jsonl', ''))).toEqual(none)
    expect(await counted(await orders('blank.jsonl', '\n\r\n  \n'))).toEqual(none)
  })

  it.each([
    ['a good order', { timeouts: 0, declined: false }, { accepted: 1, shipped: 1 }],
    ['an order that is charged at the third attempt', { timeouts: 2, declined: false }, { accepted: 1, retried: 1, shipped: 1 }],
    ['an order whose card is declined', { timeouts: 0, declined: true }, { accepted: 1, deadLettered: 1 }],
    ['an order whose gateway never answers', { timeouts: 3, declined: false }, { accepted: 1, deadLettered: 1 }],
  ])('takes a file of one line without an end: %s', async (name, payment, counts) => {
    const order = {
      orderId: '0a6936c0-5688-4a14-acf5-c2b12a42831c',
      customer: 'c-1',
      lines: [{ sku: 'cup', quantity: 1, cents: 690 }],
      payment: { card: '1881', ...payment },
    }
    const file = await orders(`${name}.jsonl`, `\uFEFF${JSON.stringify(order)}`)
    expect(await counted(file)).toEqual({ ...none, read: 1, ...counts })
    expect(await counted(file)).toEqual(await expected(file))
  })

  it('takes a file of one line that is no order', async () => {
    expect(await counted(await orders('text.jsonl', 'hello'))).toEqual({ ...none, read: 1, rejected: 1 })
  })

  it('tells what happened: why orders were rejected, what failed, how long it took, and one order from its command to the last effect', async () => {
    const { stdout, code } = await start()
    expect(code).toBe(0)
    expect(stdout).toContain('order-flow  three services on memory:order-flow\n  reading orders.jsonl  1000/1000')
    expect(stdout).toContain('rejected        30   18 × lines: expected at least 1 item · 12 × orderId: invalid UUID')
    expect(stdout).toContain('dead letters    10   10 × CardDeclined in payments/ChargeCard')
    expect(stdout).toMatch(/latency {7}command → shipped {3}p50 [\d.]+ m?s {3}p95 [\d.]+ m?s {3}p99 [\d.]+ m?s\n/)
    const tree = stdout.slice(stdout.indexOf('PlaceOrder'), stdout.indexOf('GetOrder'))
    for (const part of [
      'orders',
      'OrderPlaced',
      'payments/ChargeCard',
      'PaymentReceived',
      'orders/Fulfilment.ship',
      'ShipOrder → shipping',
      'OrderShipped → orders/OrderProjection.shipped',
    ])
      expect(tree).toContain(part)
    expect(tree).toMatch(/failed: GatewayTimeout · again after \d+ ms: failed: GatewayTimeout · again after \d+ ms: done/)
    expect(stdout).toMatch(/GetOrder answers: shipped, \d+\.\d\d\n/)
  })

  it('writes no escape codes where no terminal is', async () => {
    const { stdout, stderr } = await start('--report')
    // oxlint-disable-next-line no-control-regex -- escape codes are what is looked for
    expect(stdout + stderr).not.toMatch(/[\u001b\r\u0007]/)
  })

  it('prints what each service needs before it runs', async () => {
    const { stdout, code } = await start('--report', '--orders', await orders('none.jsonl', ''))
    expect(code).toBe(0)
    for (const service of ['orders', 'payments', 'shipping']) expect(stdout).toContain(`${service}: what it needs, and what memory provides`)
  })

  it('writes the whole result as JSON', async () => {
    const json = join(folder, 'whole.json')
    await start('--json', json)
    expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({
      file: inPackage('orders.jsonl'),
      seed: 1,
      transport: 'memory:order-flow',
      rejections: { 'lines: expected at least 1 item': 18, 'orderId: invalid UUID': 12 },
      deadLetters: { 'CardDeclined in payments/ChargeCard': 10 },
      latencyMs: { p50: expect.any(Number) as number, p95: expect.any(Number) as number, p99: expect.any(Number) as number },
      missing: [],
      conversation: { message: 'PlaceOrder', handlers: [{ name: 'orders' }] },
      order: { status: 'shipped' },
    })
  })
})

describe('a mistake on the command line', () => {
  it.each([
    [['--ordrs', 'x'], '--ordrs is no option. Did you mean --orders?'],
    [['--orders', '/nowhere/orders.jsonl'], 'The orders cannot be read: ENOENT'],
    [['--seed', 'two'], '--seed must be a whole number'],
  ])('%j exits with 2 and says what to write', async (args, message) => {
    const { code, stdout, stderr } = await start(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
  })

  it('exits with 2 when the result cannot be written', async () => {
    const { code, stderr } = await start('--orders', await orders('nothing.jsonl', ''), '--json', join(folder, 'no', 'result.json'))
    expect(code).toBe(2)
    expect(stderr).toContain('The result cannot be written: ENOENT')
  })

  it('exits with 1 and the install command when the transport has no package', async () => {
    const { code, stderr } = await start('--transport', 'carrier-pigeon://user:secret@loft')
    expect(code).toBe(1)
    expect(stderr).toContain('npm install @waybill/carrier-pigeon')
    expect(stderr).not.toContain('secret')
  })

  it('prints the options on --help', async () => {
    const { code, stdout } = await start('--help')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Usage: order-flow \[--orders FILE\]/)
  })
})

it('stops its services and exits with 130 on Ctrl-C', async () => {
  const file = await generated('--count', '4000', '--seed', '2')
  const child = spawn(process.execPath, [inPackage('dist/main.js'), '--orders', file], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  // The first line is written when the services are about to start.
  child.stdout.once('data', () => child.kill('SIGINT'))
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect({ code, stderr }).toEqual({ code: 130, stderr: 'order-flow: interrupted; the services are stopped\n' })
})
