// The constructor takes the input: a field with a default is optional there and set here.
import { Event } from '@waybill/core'
import { z } from 'zod'
import { same } from '../../same.js'

class Noted extends Event('x.noted', z.object({ note: z.string().default(''), tags: z.array(z.string()).optional(), slug: z.string().trim() })) {}
const noted = new Noted({ slug: 'A' })
same<typeof noted.note, string>(true)
same<typeof noted.tags, string[] | undefined>(true)
