// An instant is a Date on both sides.
import { Event } from '@waybill/core'
import { z } from 'zod'
import { Instant } from '../../orders.js'
import { same } from '../../same.js'

class Dated extends Event('x.dated', z.object({ at: Instant, all: z.array(z.object({ at: Instant })) })) {}
new Dated({ at: new Date(), all: [{ at: '2026-01-01T00:00:00Z' }] })
same<Dated['at'], Date>(true)
