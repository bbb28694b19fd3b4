import { Command, Event } from '@waybill/core'
import { z } from 'zod'

// #region defaults
export class Subscribe extends Command(
  'news.subscribe',
  z.object({ email: z.email().transform((text) => text.toLowerCase()), topics: z.array(z.string()).default(['all']) }),
) {}
// #endregion

// #region dates
/** Takes a Date or an ISO text, gives a Date; on the wire it is the ISO text. */
const Instant = z.union([z.iso.datetime(), z.date()]).pipe(z.coerce.date())

export class MeetingMoved extends Event('meetings.meeting-moved', z.object({ meetingId: z.uuid(), to: Instant })) {}
// #endregion

// #region codec
/** Takes a bigint or its digits, gives a bigint; what JSON cannot write, `encode` does. */
const Cents = z.union([z.bigint(), z.string().regex(/^-?\d+$/)]).pipe(z.coerce.bigint())

export class Pay extends Command('payments.pay', z.object({ account: z.string(), cents: Cents }), {
  encode: ({ account, cents }) => ({ account, cents: cents.toString() }),
}) {}
// #endregion

// #region tags
const Tags = z.union([z.array(z.string()), z.set(z.string())]).transform((tags) => new Set(tags))

export class Tag extends Command('catalog.tag', z.object({ sku: z.string(), tags: Tags }), {
  encode: ({ sku, tags }) => ({ sku, tags: [...tags] }),
}) {}
// #endregion

// #region wrapped
const Shape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('circle'), radius: z.number() }),
  z.object({ kind: z.literal('square'), side: z.number() }),
])

export class Draw extends Command('shapes.draw', z.object({ shape: Shape })) {}
// #endregion

// #region parse
export function subscribeFrom(requestBody: unknown): Subscribe {
  return Subscribe.parse(requestBody)
}
// #endregion
