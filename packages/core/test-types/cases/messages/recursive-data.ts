// Data may be recursive.
import { Event } from '@waybill/core'
import { z } from 'zod'
import { same } from '../../same.js'

interface Node {
  name: string
  children: Node[]
}
const Node: z.ZodType<Node, Node> = z.lazy(() => z.object({ name: z.string(), children: z.array(Node) }))
class Grown extends Event('x.grown', z.object({ root: Node })) {}
same<Grown['root'], Node>(true)
