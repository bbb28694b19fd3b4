// A message may come from a generic function.
import { Event } from '@waybill/core'
import { z } from 'zod'
import { Line } from '../../orders.js'
import { same } from '../../same.js'

const Changed = <const Name extends string, S extends z.ZodObject>(name: Name, entity: S) => Event(`${name}.changed`, z.object({ before: entity, after: entity }))
class LineChanged extends Changed('line', Line) {}
same<typeof LineChanged.type, 'line.changed'>(true)
new LineChanged({ before: { sku: 'a', quantity: 1 }, after: { sku: 'a', quantity: 2 } }).after.sku
