// A message may have no data.
import { Command } from '@waybill/core'
import { z } from 'zod'

class RunJob extends Command('jobs.run') {}
class RunEmpty extends Command('jobs.run', z.object({})) {}
new RunJob()
new RunJob({})
new RunEmpty()
