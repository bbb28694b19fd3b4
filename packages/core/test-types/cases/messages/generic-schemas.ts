// A schema may come from a generic function.
import { Query, type ReplyOf } from '@waybill/core'
import { z } from 'zod'
import { Line } from '../../orders.js'
import { same } from '../../same.js'

const PageOf = <S extends z.ZodType>(item: S) => z.object({ items: z.array(item), next: z.string().optional() })
class Orders extends Query('orders.list', z.object({}), { reply: PageOf(Line) }) {}
same<ReplyOf<Orders>['items'], { sku: string; quantity: number }[]>(true)
