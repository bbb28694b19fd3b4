// A branded field keeps its brand.
import { Event } from '@waybill/core'
import { z } from 'zod'
import { same } from '../../same.js'

class Branded extends Event('x.branded', z.object({ id: z.uuid().brand<'OrderId'>() })) {}
same<Branded['id'], string & z.$brand<'OrderId'>>(true)
