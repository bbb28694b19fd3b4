import { expect, test } from 'vitest'
import { CopyIds } from './copy-ids.js'

test('knows a copy for exactly the window, whenever it came in', () => {
  const ids = new CopyIds(100)
  for (const start of [0, 30, 99, 150, 260, 1_000]) {
    const id = `at ${start}`
    expect(ids.seen(id, start)).toBe(false)
  }
  const again = new CopyIds(100)
  expect(again.seen('early', 0)).toBe(false)
  expect(again.seen('late', 90)).toBe(false)
  expect(again.seen('early', 99)).toBe(true)
  expect(again.seen('other', 120)).toBe(false)
  expect(again.seen('late', 189)).toBe(true)
  expect(again.seen('late', 190)).toBe(false)
  expect(again.seen('early', 190)).toBe(false)
})
