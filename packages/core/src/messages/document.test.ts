import { expect, it } from 'vitest'
import { InvalidMessageError, MessageDeclarationError, UnknownTypeError } from '../errors/index.js'
import { contractOf, contractOfClass, Document } from './index.js'

class Scan extends Document('scans.scan', { contentType: 'text/csv; charset=utf-8', version: 2, key: (scan) => scan.text().slice(0, 1), ordered: true }) {
  get size(): number {
    return this.body.length
  }
}

it('carries bytes, and text as UTF-8, byte for byte', () => {
  expect([...new Scan('ä').body]).toEqual([0xc3, 0xa4])
  expect(new Scan('\ufeffä').text()).toBe('\ufeffä')
  const bytes = new Uint8Array([0xff, 0x00, 0xfe])
  expect([...new Scan(bytes).body]).toEqual([0xff, 0x00, 0xfe])
  expect(new Scan(Buffer.from('abc')).size).toBe(3)
})

it('copies the bytes that it is given', () => {
  const bytes = Buffer.from('abc')
  const scan = new Scan(bytes)
  bytes[0] = 0
  expect(scan.text()).toBe('abc')
})

it('puts on the wire what it is at that moment', () => {
  const scan = new Scan('abc')
  const wire = contractOf(scan)?.wireOf(scan)
  scan.body[0] = 0
  expect(wire).toEqual(new TextEncoder().encode('abc'))
})

it('refuses to be sent when its class has taken the body away', () => {
  class Emptied extends Scan {
    constructor(body: string) {
      super(body)
      Object.defineProperty(this, 'body', { value: undefined })
    }
  }
  const emptied = new Emptied('abc')
  expect(() => contractOf(emptied)?.wireOf(emptied)).toThrow(InvalidMessageError)
})

it('refuses what is neither bytes nor text', () => {
  expect(() => new Scan(5 as never)).toThrow(InvalidMessageError)
  expect(() => new Scan({} as never)).toThrow(/body: expected bytes or text, received an object/)
})

it('has a contract without schema and reply', () => {
  const scan = new Scan('abc')
  const contract = contractOf(scan)
  expect(contract).toMatchObject({
    kind: 'document',
    type: 'scans.scan',
    version: 2,
    contentType: 'text/csv; charset=utf-8',
    ordered: true,
    replies: false,
    key: 'function',
  })
  expect(contract?.keyOf(scan)).toBe('a')
  expect(contract?.keyOf(new Scan(''))).toBeUndefined()
  expect(contract?.wireOf(scan)).toEqual(scan.body)
  expect(contract?.writeReply(5)).toBeUndefined()
  expect(contract?.readReply(5)).toBeUndefined()
})

it('is read from the bytes, without a constructor', () => {
  const body = new Uint8Array([1, 2])
  const scan = contractOfClass(Scan)?.read(body, 1) as Scan
  expect(scan).toBeInstanceOf(Scan)
  expect(scan.body).toStrictEqual(body)
  expect(scan.body).not.toBe(body)
  expect(scan.size).toBe(2)
  expect(() => contractOfClass(Scan)?.read({}, 1)).toThrow(InvalidMessageError)
  expect(() => contractOfClass(Scan)?.read(body, 3)).toThrow(UnknownTypeError)
})

it('needs no options', () => {
  const Blob = Document('files.blob')
  expect(contractOfClass(Blob)).toMatchObject({ contentType: 'application/octet-stream', version: 1, ordered: false, key: undefined })
  expect(contractOfClass(Blob)?.keyOf(new Blob('x'))).toBeUndefined()
})

it.each([
  [{ contentType: 'nonsense' }, 'contentType must be a media type'],
  [{ contentType: 'text/csv\r\nx: y' }, 'contentType must be a media type'],
  [{ ordered: true }, 'is ordered and has no key'],
  [{ key: 'a' }, 'key must be a function'],
  [{ reply: {} }, 'reply is no option'],
])('refuses the options %j', (options, text) => {
  expect(() => Document('x.a', options as never)).toThrow(MessageDeclarationError)
  expect(() => Document('x.a', options as never)).toThrow(text)
})

it('refuses a key that is no text', () => {
  const Wrong = Document('x.a', { key: (() => 5) as never })
  expect(() => contractOfClass(Wrong)?.keyOf(new Wrong('x'))).toThrow(/key of "x\.a" is 5/)
})
