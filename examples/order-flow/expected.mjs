#!/usr/bin/env node
// What a run on a file of orders must come to, worked out a second time, without a bus and without the application's code:
// node expected.mjs orders.jsonl
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A payment is tried three times. */
const tries = 3
const uuid = /^([0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|0{8}-0{4}-0{4}-0{4}-0{12}|f{8}-f{4}-f{4}-f{4}-f{12})$/i

export function expected(text) {
  const counts = { read: 0, accepted: 0, rejected: 0, retried: 0, shipped: 0, deadLettered: 0 }
  const seen = new Set()
  for (const line of text.replace(/^\uFEFF/, '').split('\n')) {
    if (line.trim() === '') continue
    counts.read += 1
    const order = parse(line)
    if (!isOrder(order) || seen.has(order.orderId)) {
      counts.rejected += 1
      continue
    }
    seen.add(order.orderId)
    counts.accepted += 1
    const { declined, timeouts } = order.payment
    if (declined || timeouts >= tries) counts.deadLettered += 1
    else counts.shipped += 1
    if (!declined && timeouts > 0 && timeouts < tries) counts.retried += 1
  }
  return counts
}

function parse(line) {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function isOrder(order) {
  if (!isObject(order) || typeof order.orderId !== 'string' || !uuid.test(order.orderId)) return false
  if (!isText(order.customer) || !Array.isArray(order.lines) || order.lines.length === 0) return false
  if (!order.lines.every((line) => isObject(line) && isText(line.sku) && isWhole(line.quantity, 1) && isWhole(line.cents, 0))) return false
  const { payment } = order
  return isObject(payment) && isText(payment.card) && isWhole(payment.timeouts, 0) && typeof payment.declined === 'boolean'
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value) => typeof value === 'string' && value !== ''
const isWhole = (value, least) => Number.isSafeInteger(value) && value >= least

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = process.argv[2] ?? new URL('orders.jsonl', import.meta.url)
  process.stdout.write(`${JSON.stringify(expected(readFileSync(file, 'utf8')))}\n`)
}
