import { expect, it } from 'vitest'
import { causeText } from './cause-text.js'

const unreadable = Object.defineProperty(new Error('secret'), 'message', {
  get: () => {
    throw new Error('no')
  },
})
const revoked = Proxy.revocable({}, {})
revoked.revoke()

it.each([
  ['an error', new Error('connection reset'), 'connection reset'],
  ['an object with a message, as some clients reject with', { code: 406, message: 'PRECONDITION_FAILED' }, 'PRECONDITION_FAILED'],
  ['a text', 'closed', 'closed'],
  ['a symbol', Symbol('gone'), 'Symbol(gone)'],
  ['undefined', undefined, 'undefined'],
  ['an object that has no text', Object.create(null), 'an object'],
  ['an error whose message is no text', Object.assign(new Error('x'), { message: 5 }), 'an object'],
  ['an error whose message throws', unreadable, 'an object'],
  ['a revoked proxy', revoked.proxy, 'a value that cannot be read'],
])('says in a text what %s says', (_, cause, text) => {
  expect(causeText(cause)).toBe(text)
})
