import { expect, it } from 'vitest'
import { withoutInbox } from './property.js'
import { checkPart, troubles } from './part.js'

it('acknowledges no message whose work and whose copy both failed, whatever goes wrong', { timeout: 300_000 }, async () => {
  const { report, isWhole, often } = await checkPart(withoutInbox)
  expect(report.failure).toBeUndefined()
  expect(often).toEqual(isWhole ? troubles : often)
})
