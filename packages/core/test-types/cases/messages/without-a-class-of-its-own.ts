// The base works as it is, also where declarations are isolated.
import { Command, Event, type MessageClass } from '@waybill/core'
import { z } from 'zod'

const Ping = Command('net.ping', z.object({ n: z.number() }))
new Ping({ n: 1 }).n.toFixed()
const base: MessageClass<'event', 'x.isolated', { id: string }, { id: string }, void, void> = Event('x.isolated', z.object({ id: z.string() }))
class Isolated extends base {}
new Isolated({ id: 'x' }).id
