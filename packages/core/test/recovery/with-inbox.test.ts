import { expect, it } from 'vitest'
import { withInbox } from './property.js'
import { checkPart, storeTroubles, troubles } from './part.js'

it('acknowledges no message whose work and whose copy both failed, whatever goes wrong, the store of what is done included', { timeout: 300_000 }, async () => {
  const { report, isWhole, often } = await checkPart(withInbox)
  expect(report.failure).toBeUndefined()
  expect(often).toEqual(isWhole ? [...troubles, ...storeTroubles].toSorted() : often)
})
