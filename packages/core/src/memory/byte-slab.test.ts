import { expect, test } from 'vitest'
import { ByteSlab } from './byte-slab.js'

test('gives each body bytes of its own', () => {
  const slab = new ByteSlab()
  const source = Uint8Array.of(1, 2, 3)
  const first = slab.copy(source)
  const second = slab.copy(source)
  source.fill(9)
  first.fill(7)
  expect([...second]).toEqual([1, 2, 3])
  expect(first.buffer).toBe(second.buffer)
})

test('copies bodies of every size byte for byte, over the end of a slab', () => {
  const slab = new ByteSlab()
  const sizes = [0, 1, 4_095, 4_096, 4_097, 100_000, ...Array.from({ length: 40 }, (_, index) => 4_000 + index)]
  const copies = sizes.map((size) => slab.copy(new Uint8Array(size).fill(size % 251)))
  expect(copies.map((copy) => copy.length)).toEqual(sizes)
  expect(copies.every((copy, index) => copy.every((byte) => byte === (sizes[index] ?? 0) % 251))).toBe(true)
})

test('does not share the allocation of a large body', () => {
  expect(new ByteSlab().copy(new Uint8Array(5_000)).buffer.byteLength).toBe(5_000)
})
