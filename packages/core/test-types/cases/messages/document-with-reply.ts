// A document has no reply.
import { Document } from '@waybill/core'
import { z } from 'zod'

class Upload extends Document('files.upload', { reply: z.string() }) {} // accepted: class Upload extends Document('files.upload', { contentType: 'text/csv' }) {}

// expect
// TS2353: Object literal may only specify known properties, and 'reply' does not exist in type 'DocumentOptions'.
