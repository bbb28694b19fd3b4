// A query whose fields are all optional needs no argument.
import { Query, type ReplyOf } from '@waybill/core'
import { z } from 'zod'
import { same } from '../../same.js'

class Page extends Query('orders.page', z.object({ after: z.string().optional(), size: z.int().default(20) }), { reply: z.array(z.string()) }) {}
new Page()
same<ReplyOf<Page>, string[]>(true)
