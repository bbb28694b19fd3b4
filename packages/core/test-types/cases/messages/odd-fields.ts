// Everything that JSON carries may be a field.
import { Event } from '@waybill/core'
import { z } from 'zod'
import { same } from '../../same.js'

class Odds extends Event('x.odds', z.object({ detail: z.unknown(), rec: z.record(z.string(), z.number()), point: z.tuple([z.number(), z.number()]), json: z.json(), maybe: z.number().nullish() })) {}
class Loose extends Event('x.loose', z.looseObject({ a: z.string() })) {}
class Joined extends Event('x.joined', z.object({ a: z.string() }).and(z.object({ b: z.number() }))) {}
same<Odds['point'], [number, number]>(true)
same<Loose['a'], string>(true)
same<Joined['b'], number>(true)
