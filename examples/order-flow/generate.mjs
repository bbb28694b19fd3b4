#!/usr/bin/env node
// Writes orders as lines of JSON: node generate.mjs --count 1000 --seed 20 > orders.jsonl
// Everything comes from the seed; what will fail stands in the file, so every run on it ends the same.
import { parseArgs } from 'node:util'

// How many of 1,000 orders.
const plain = { emptyLines: 18, wrongId: 12, timeoutOnce: 30, timeoutTwice: 30, declined: 10 }
const mixed = { ...plain, notJson: 5, notAnObject: 3, noPayment: 4, wrongQuantity: 6, sameId: 5, neverAnswers: 7 }

const products = [
  ['kettle', 2490],
  ['teapot', 3150],
  ['cup', 690],
  ['saucer', 450],
  ['tea-strainer', 790],
  ['green-tea-100g', 1190],
]

const { values } = parseArgs({
  options: { count: { type: 'string', default: '1000' }, seed: { type: 'string', default: '20' }, mixed: { type: 'boolean', default: false } },
})
const count = wholeNumber('count', values.count)
const random = randomFrom(wholeNumber('seed', values.seed))

const kinds = Array.from({ length: count }, () => 'good')
const shares = Object.entries(values.mixed ? mixed : plain).flatMap(([kind, perMille]) =>
  Array.from({ length: Math.round((perMille * count) / 1000) }, () => kind),
)
kinds.splice(0, shares.length, ...shares.slice(0, count))
shuffle(kinds)
// The first order has nobody whose id it could repeat.
if (kinds[0] === 'sameId') kinds[0] = 'good'

const ids = []
process.stdout.write(kinds.map((kind) => `${line(kind)}\n`).join(''))

function line(kind) {
  const order = goodOrder()
  switch (kind) {
    case 'emptyLines':
      return JSON.stringify({ ...order, lines: [] })
    case 'wrongId':
      return JSON.stringify({ ...order, orderId: order.orderId.slice(0, 23) })
    case 'timeoutOnce':
      return JSON.stringify({ ...order, payment: { ...order.payment, timeouts: 1 } })
    case 'timeoutTwice':
      return JSON.stringify({ ...order, payment: { ...order.payment, timeouts: 2 } })
    case 'neverAnswers':
      return JSON.stringify({ ...order, payment: { ...order.payment, timeouts: 9 } })
    case 'declined':
      return JSON.stringify({ ...order, payment: { ...order.payment, declined: true } })
    case 'notJson':
      return JSON.stringify(order).slice(0, -7)
    case 'notAnObject':
      return JSON.stringify(order.orderId)
    case 'noPayment':
      return JSON.stringify({ ...order, payment: undefined })
    case 'wrongQuantity':
      return JSON.stringify({ ...order, lines: order.lines.map((each) => ({ ...each, quantity: 0 })) })
    case 'sameId':
      return JSON.stringify({ ...order, orderId: pick(ids) ?? order.orderId })
    default:
      ids.push(order.orderId)
      return JSON.stringify(order)
  }
}

function goodOrder() {
  const lines = Array.from({ length: 1 + whole(3) }, () => {
    const [sku, cents] = pick(products)
    return { sku, quantity: 1 + whole(4), cents }
  })
  return {
    orderId: uuid(),
    customer: `c-${String(whole(10_000)).padStart(4, '0')}`,
    lines,
    payment: { card: String(1000 + whole(9000)), timeouts: 0, declined: false },
  }
}

/** Version 4, from the seed. */
function uuid() {
  const hex = Array.from({ length: 32 }, () => whole(16).toString(16))
  hex[12] = '4'
  hex[16] = (8 + whole(4)).toString(16)
  return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

function pick(list) {
  return list[whole(list.length)]
}

function whole(below) {
  return Math.floor(random() * below)
}

function shuffle(list) {
  for (let i = list.length - 1; i > 0; i -= 1) {
    const j = whole(i + 1)
    ;[list[i], list[j]] = [list[j], list[i]]
  }
}

/** mulberry32. */
function randomFrom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixedBits = Math.imul(state ^ (state >>> 15), state | 1)
    mixedBits = (mixedBits + Math.imul(mixedBits ^ (mixedBits >>> 7), mixedBits | 61)) ^ mixedBits
    return ((mixedBits ^ (mixedBits >>> 14)) >>> 0) / 2 ** 32
  }
}

function wholeNumber(name, text) {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  process.stderr.write(`generate: --${name} must be a whole number, got ${JSON.stringify(text)}\n`)
  process.exit(2)
}
