// A message without a class of its own is handled like any.
import { Command, handle } from '@waybill/core'
import { z } from 'zod'

const Ping = Command('net.ping', z.object({ n: z.number() }))
handle(Ping, async (ping) => {
  ping.n.toFixed()
})
